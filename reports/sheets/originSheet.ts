// The table of likely origins of a figure, the likeliest first, each in a sentence.

import { imageSides } from '../../src/inputSize.js';
import { unfoldedText, type Candidate, type FigureOrigin } from '../../src/counters/likely.js';
import type { Reconciliation } from '../../src/counters/reconcile.js';
import { lowerBoundColumn, lowerBoundNote } from './lowerBound.js';
import { by, grouped, percent } from '../text/number.js';
import { sheet, type AnySheet, type Column } from './sheet.js';
import { abbreviate } from '../../src/visible.js';

interface Row extends Candidate {
  readonly rank: number;
}

export function originSheet(origin: FigureOrigin, { model, input, lowerBound }: Reconciliation): AnySheet {
  const { text, intervals, candidates } = origin;
  return sheet<Row>({
    title: `${abbreviate(text)} for ${abbreviate(model)} at ${by(imageSides(input))}: ${intervals.map(between).join(', or ')}`,
    columns: lowerBound ? [...COLUMNS, lowerBoundColumn<Row>(() => lowerBound)] : COLUMNS,
    rows: candidates.map((candidate, i) => ({ ...candidate, rank: i + 1 })),
    notes: [...(lowerBound ? [lowerBoundNote(lowerBound)] : []), ...tieNotes(origin), ...missNotes(origin)],
  });
}

const between = ({ low, high }: FigureOrigin['intervals'][number]): string =>
  high - low <= 1 ? 'that very count' : `${grouped(Math.ceil(low))} to ${grouped(Math.floor(high))}`;

const COLUMNS: readonly Column<Row>[] = [
  { key: 'rank', title: '', align: 'right', value: ({ rank }) => rank },
  { key: 'count', title: 'count', align: 'right', value: ({ count }) => count, show: ({ count }) => grouped(count) },
  { key: 'origin', title: 'most likely', align: 'left', value: ({ sentence }) => sentence },
  {
    key: 'unfolded',
    title: 'norms back',
    align: 'left',
    hidden: true,
    value: ({ unfolded }) => unfolded && unfolded.evidence,
  },
  { key: 'tied', title: 'tied', align: 'left', value: ({ tied }) => String(tied), hidden: true },
];

function tieNotes({ text, candidates, others }: FigureOrigin): readonly string[] {
  const tied = candidates.filter(({ tied }) => tied).length;
  return [
    ...(tied > 1
      ? [`The first ${tied} fit equally well: ${abbreviate(text)} has too few digits to tell them apart.`]
      : []),
    ...(others > 0 ? [`${others} more fit${others === 1 ? 's' : ''}, with more to assume or no less.`] : []),
  ];
}

function missNotes({ text, nearest }: FigureOrigin): readonly string[] {
  if (nearest === null) return [];
  const { who, count, input, unfolded, ratio } = nearest;
  const when = unfolded ? `, ${unfoldedText(unfolded)}` : '';
  const off =
    ratio >= 2
      ? `${grouped(ratio)} times as many`
      : ratio <= 0.5
        ? `${grouped(1 / ratio)} times fewer`
        : `${percent(Math.abs(ratio - 1), 1)} ${ratio < 1 ? 'less' : 'more'}`;
  return [
    `No counter comes to ${abbreviate(text)} for this network, nor at other usual inputs, doubled, or for a batch.`,
    `The nearest is ${who}, ${grouped(count)} at ${input.join('x')}${when}: ${off}.`,
  ];
}
