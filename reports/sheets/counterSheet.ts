// The table of one counter: every rule that counted with its elements, then what was not counted.

import { allSides, imageSides } from '../../src/inputSize.js';
import type { CountedItem, UncountedOp } from '../../src/counters/count.js';
import type { Counted, Reconciliation } from '../../src/counters/reconcile.js';
import { lowerBoundColumn, lowerBoundNote } from './lowerBound.js';
import { grouped, shape } from '../text/number.js';
import { hiddenNotes, implementationNote, itemText, signed } from './reconcileSheet.js';
import { sheet, type AnySheet, type Column } from './sheet.js';
import { unfoldedCounterNotes } from '../text/unfoldedText.js';
import { abbreviate } from '../../src/visible.js';

interface Row {
  readonly what: string;
  readonly nodes: number | null;
  readonly elements: number | null;
  readonly times: number | null;
  readonly operations: number | null;
  readonly difference: number | null;
  readonly says: string | null;
  readonly part: string;
}

export function counterSheet(result: Reconciliation, counted: Counted): AnySheet {
  const { model, input, lowerBound } = result;
  const { title, total, printed, rule, source, items, leftOut, hidden, oneImage, measures, warnsWith } = counted;
  const own = OWN[measures];
  return sheet<Row>({
    title: `${title} of ${abbreviate(model)}, input ${shape(oneImage ? sidesOfOne(input) : allSides(input))}: ${grouped(total)}, printed as "${printed}"`,
    columns: lowerBound ? [...columnsFor(own), lowerBoundColumn<Row>(() => lowerBound)] : columnsFor(own),
    rows: [...items.map(counting), ...leftOut.map(leaving)],
    total: { ...BLANK, what: 'total', operations: total, difference: counted.difference },
    part: ({ part }) => part,
    notes: [
      ...(lowerBound ? [lowerBoundNote(lowerBound)] : []),
      `${rule} (${source})`,
      implementationNote(result),
      ...unfoldedCounterNotes(result, counted),
      ...hiddenNotes([{ ...counted, hidden }]),
      ...(warnsWith !== null && leftOut.some(({ warning }) => warning)
        ? [`It says what it leaves out only with ${warnsWith}.`]
        : []),
      ...(oneImage && input.n > 1 ? [`It counts one image whatever the batch, which is ${input.n} here.`] : []),
    ],
  });
}

/** What a counter is compared with. */
const OWN: Readonly<Record<Counted['measures'], string>> = {
  multAdds: 'multiply-adds',
  operations: 'multiply-adds',
  activations: 'activations',
  params: 'parameters',
};

const BLANK: Row = {
  what: '',
  nodes: null,
  elements: null,
  times: null,
  operations: null,
  difference: null,
  says: null,
  part: 'counted',
};

const counting = (item: CountedItem): Row => ({ ...BLANK, ...item, what: itemText(item) });

const leaving = ({ what, nodes, elements, how, warning }: UncountedOp): Row => ({
  ...BLANK,
  what,
  nodes,
  elements,
  says: warning ?? (how === 'free' ? 'known, taken as free' : 'silently'),
  part: 'left out',
});

type NumberKey = 'nodes' | 'elements' | 'times' | 'operations' | 'difference';

const number = (key: NumberKey, title: string, rank = 0, show = grouped): Column<Row> => ({
  key,
  title,
  align: 'right',
  rank,
  value: (row) => row[key],
  show: (row) => (row[key] === null ? '' : show(row[key])),
});

const columnsFor = (own: string): readonly Column<Row>[] => [
  { key: 'part', title: 'part', align: 'left', value: ({ part }) => part, hidden: true },
  { key: 'what', title: 'what', align: 'left', value: ({ what }) => what },
  number('nodes', 'nodes', 2),
  number('elements', 'elements', 1),
  number('times', 'times', 1),
  number('operations', 'count'),
  number('difference', `beyond ${own}`, 0, (value) => (value === 0 ? '' : signed(value))),
  { key: 'says', title: 'what it says', align: 'left', rank: 3, value: ({ says }) => says },
];

/** The same input with a batch of one, where it has a side for the batch. */
function sidesOfOne(input: Reconciliation['input']): readonly number[] {
  const image = imageSides(input);
  return image.length < allSides(input).length ? [1, ...image] : image;
}
