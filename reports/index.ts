// The library's entry for reports: the page, the summary, and the tables that commands print.

import { html } from './report/html.js';
import { pageParts } from './report/pageParts.js';
import type { ReportData } from './report/reportData.js';

/** The HTML page of a report: one file, which fetches nothing. */
export const reportPage = async (data: ReportData): Promise<string> => html(data, await pageParts('page'));

export { reportOf, type Report, type ReportSettings } from './report/reportOf.js';
export { reportData, type ReportData, type ReportInput } from './report/reportData.js';
export { summary } from './report/summary.js';
export { checkSheet } from './sheets/checkSheet.js';
export { compareSheet } from './sheets/compareSheet.js';
export { deviceSheet } from './sheets/deviceSheet.js';
export { diffSheet } from './sheets/diffSheet.js';
export { doctorSheet } from './sheets/doctorSheet.js';
export { explainSheets } from './sheets/explainSheets.js';
export { formulaSheet } from './sheets/formulaSheet.js';
export { layerTimeSheet } from './sheets/layerTimeSheet.js';
export { listSheet } from './sheets/listSheet.js';
export { predictSheets } from './sheets/predictSheets.js';
export { profileSheet } from './sheets/profileSheet.js';
export { reconcileSheet } from './sheets/reconcileSheet.js';
export { redesignSheets } from './sheets/redesignSheets.js';
export { runSheet } from './sheets/runSheet.js';
export { trainingSheet } from './sheets/trainingSheet.js';
export type { AnySheet } from './sheets/sheet.js';
export { csv } from './text/csv.js';
export { latex } from './text/latex.js';
export { markdown } from './text/markdown.js';
export { terminal, type Look } from './text/terminal.js';
