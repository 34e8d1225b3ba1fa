// What goes into a pull request? The findings, the totals as a table, and the charts as pictures, in Markdown.

import { compare, type Counted } from '../../src/compare.js';
import { compareSheet } from '../compareSheet.js';
import { escapeMarkdown, markdown } from '../markdown.js';
import { runSheet } from '../runSheet.js';
import { factsOf, runsOf } from './facts.js';
import type { ReportData } from './reportData.js';
import { warningsOf } from './warnings.js';

/** A chart that was written into a file. */
export interface ChartPicture {
  readonly title: string;
  /** Relative to the summary, for links. */
  readonly path: string;
}

export function summary(data: ReportData, pictures: readonly ChartPicture[]): string {
  const view = data.views[0]!;
  const counted = [view.entries[view.baseline]!, ...view.entries.filter((_, i) => i !== view.baseline)].map(
    ({ network }): Counted => ({ ...data.networks[network]!, model: data.networks[network]!.label }),
  );
  const [first, ...rest] = runsOf(data, view);
  const lines = [
    `## ${escapeMarkdown(data.title)}`,
    '',
    `**${escapeMarkdown(view.headline)}** ${escapeMarkdown(view.explanation)}`,
    '',
    ...(view.ranking === null ? [] : [escapeMarkdown(view.ranking), '']),
    ...factsOf(data, view).map(({ term, text }) => `- ${term}: ${escapeMarkdown(text)}`),
    ...[...warningsOf(data, view), ...data.notes].map((text) => `- ${escapeMarkdown(text)}`),
    '',
    markdown(compareSheet(compare(counted as [Counted, ...Counted[]], data.bytesPerElement))),
    ...(first ? [markdown(runSheet([first, ...rest]))] : []),
    ...pictures.flatMap(({ title, path }) => [`![${escapeMarkdown(title)}](${encodeURI(path)})`, '']),
  ];
  return lines.join('\n');
}
