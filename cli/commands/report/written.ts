// Writes a report: a page, a Markdown summary, charts. The code of each is loaded when needed.

import { dirname, relative } from 'node:path';
import type { ReportData } from '../../../reports/report/reportData.js';
import { InputError } from '../../../src/inputError.js';
import { visible } from '../../../src/visible.js';
import type { Figures } from '../../charts/figures.js';
import type { WrittenChart } from '../../charts/writeCharts.js';
import { pageParts } from '../../../reports/report/pageParts.js';
import type { Screen } from '../../screen.js';

/** @param named as --only gives them: labels of the networks to draw; all where absent */
export async function chartsOf(
  data: ReportData,
  folder: string,
  figures: Figures,
  screen: Screen,
  named?: readonly string[],
): Promise<readonly WrittenChart[]> {
  const only = named && labelsOf(data, named);
  const { writeCharts } = await import('../../charts/writeCharts.js');
  const written = await writeCharts(data, folder, figures, only);
  screen.err(`${written.length} charts as PNG, SVG and PDF in ${folder} (PNG drawn by ${figures.drawnBy})\n`);
  return written;
}

/** "a,b" is two labels, unless a network is called that. */
export function labelsOf({ networks }: ReportData, named: readonly string[]): readonly string[] {
  const isLabel = (name: string): boolean => networks.some(({ label }) => label === name);
  const labels = named.flatMap((text) =>
    isLabel(text)
      ? [text]
      : text
          .split(',')
          .map((part) => part.trim())
          .filter((part) => part !== ''),
  );
  const strange = labels.filter((name) => !isLabel(name));
  if (strange.length > 0 || labels.length === 0)
    throw new InputError(
      `--only ${visible((strange.length > 0 ? strange : named).join(', '))}: the report has no network of this name; it has ${networks.map(({ label }) => label).join(', ')}`,
    );
  return [...new Set(labels)];
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
