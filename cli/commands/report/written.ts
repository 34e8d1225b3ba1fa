// Writes a report: a page, a Markdown summary, charts. The code of each is loaded when needed.

import { dirname, relative } from 'node:path';
import type { ReportData } from '../../../reports/report/reportData.js';
import type { Renderer } from '../../charts/renderer.js';
import type { WrittenChart } from '../../charts/writeCharts.js';
import { pageParts } from '../../output/pageParts.js';
import type { Screen } from '../../screen.js';

export async function chartsOf(
  data: ReportData,
  folder: string,
  renderer: Renderer,
  screen: Screen,
): Promise<readonly WrittenChart[]> {
  const { writeCharts } = await import('../../charts/writeCharts.js');
  const written = await writeCharts(data, folder, renderer);
  screen.err(`${written.length} charts as PNG and SVG in ${folder} (drawn by ${renderer.name})\n`);
  return written;
}

export async function pageOf(data: ReportData): Promise<string> {
  const { html } = await import('../../../reports/report/html.js');
  return html(data, await pageParts('page'));
}

/** Pictures are linked relative to the summary, or to the working directory where it is printed. */
export async function summaryOf(
  data: ReportData,
  pictures: readonly WrittenChart[],
  output: string | undefined,
): Promise<string> {
  const { summary } = await import('../../../reports/report/summary.js');
  const from = output === undefined ? '.' : dirname(output);
  return summary(
    data,
    pictures.map(({ view, title, png }) => ({ view, title, path: relative(from, png).replaceAll('\\', '/') })),
  );
}
