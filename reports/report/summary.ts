// The Markdown summary for a pull request: the finding, then a table and a chart a measurement.

import { counted } from '../../src/plural.js';
import { escapeMarkdown, markdownTable } from '../text/markdown.js';
import { visible } from '../../src/visible.js';
import { earlierSheet } from './earlierRuns.js';
import { factsOf } from './facts.js';
import type { ReportData, View } from './reportData.js';
import { summarySheet } from './summarySheet.js';
import { trainingParts, type TrainedPart } from './trainingText.js';
import { warningsOf } from './warnings.js';

/** A chart that was written into a file. */
export interface ChartPicture {
  /** Index into the views of the report. */
  readonly view: number;
  readonly title: string;
  /** Relative to the summary, for links. */
  readonly path: string;
}

/** The number of sentences shown at first; the others are folded. */
const FEW = 6;

export const summary = (data: ReportData, pictures: readonly ChartPicture[]): string =>
  [
    `## ${escapeMarkdown(visible(data.title))}`,
    ...data.views.flatMap((view, i) => [
      ...(data.views.length > 1 ? [`### ${escapeMarkdown(view.label)}`] : []),
      ...viewParts(
        data,
        view,
        pictures.filter((picture) => picture.view === i),
      ),
    ]),
    ...(data.notes.length > 0 ? [list(data.notes)] : []),
  ].join('\n\n') + '\n';

function viewParts(data: ReportData, view: View, [first, ...others]: readonly ChartPicture[]): readonly string[] {
  const { headline, explanation, findings, ranking } = view;
  const doubts = warningsOf(data, view);
  const trained = trainingParts(data, view);
  return [
    `**${escapeMarkdown(headline)}** ${escapeMarkdown(explanation)}`,
    ...(findings.length > 0 && findings.length <= FEW ? [list(findings)] : []),
    ...(ranking === null ? [] : [escapeMarkdown(ranking)]),
    markdownTable(summarySheet(data, view)),
    ...(view.earlier ? [`**Before and after**\n\n${markdownTable(earlierSheet(view.earlier))}`] : []),
    ...(doubts.length > 0 ? [quote(`**To be known about these times:**\n\n${list(doubts)}`)] : []),
    ...(first ? [image(first)] : []),
    ...(trained.length > 0
      ? [folded('What a training step takes and keeps', trained.map(trainedText).join('\n\n'))]
      : []),
    ...(findings.length > FEW
      ? [
          folded(
            view.answer
              ? counted(view.answer.findings.length, 'finding')
              : `A sentence for each of the other ${findings.length} networks`,
            list(findings),
          ),
        ]
      : []),
    ...(others.length > 0 ? [folded(counted(others.length, 'more chart'), others.map(image).join('\n\n'))] : []),
    folded(
      view.setting === null ? 'How this was counted' : 'How this was counted and measured',
      list(factsOf(data, view).map(({ term, text }) => `${term}: ${text}`)),
    ),
  ];
}

const trainedText = ({ label, sentences }: TrainedPart): string => `**${escapeMarkdown(label)}**\n\n${list(sentences)}`;

const list = (texts: readonly string[]): string => texts.map((text) => `- ${escapeMarkdown(visible(text))}`).join('\n');
const quote = (text: string): string => text.replaceAll(/^/gm, '> ').replaceAll(/ +$/gm, '');
const image = ({ title, path }: ChartPicture): string => `![${escapeMarkdown(title)}](${link(path)})`;
const link = (path: string): string =>
  path.split('/').map(encodeURIComponent).join('/').replaceAll('(', '%28').replaceAll(')', '%29');
/** Markdown inside HTML is read as such after an empty line. */
const folded = (title: string, content: string): string =>
  `<details><summary>${escapeMarkdown(title)}</summary>\n\n${content}\n\n</details>`;
