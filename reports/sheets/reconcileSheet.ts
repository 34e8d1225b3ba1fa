// The table of counters: a row for each total, and what it counts more or less than multiply-adds.

import { allSides } from '../../src/inputSize.js';
import type { CountedItem } from '../../src/counters/count.js';
import type { Counted, Reconciliation } from '../../src/counters/reconcile.js';
import { lowerBoundColumn, lowerBoundNote } from './lowerBound.js';
import { grouped, shape } from '../text/number.js';
import { sheet, type AnySheet, type Column } from './sheet.js';
import { listed } from '../../src/plural.js';
import { evidenceNotes, unfoldedHeading } from '../text/unfoldedText.js';
import { abbreviate } from '../../src/visible.js';

/** A counter's total, or one item of its difference. */
interface Row {
  /** Which network it is of: as it is, or with norms back that were folded away. */
  readonly network: string;
  readonly counted: Counted;
  readonly item?: CountedItem;
}

export function reconcileSheet(result: Reconciliation): AnySheet {
  const { model, input, multAdds, counters, unfolded, lowerBound } = result;
  const shown = unfolded?.evidence === 'named' ? unfolded : undefined;
  return sheet<Row>({
    title: `${abbreviate(model)}, input ${shape(allSides(input))}: ${lowerBound ? 'at least ' : ''}${grouped(multAdds)} multiply-adds, and what each counter makes of them`,
    columns: [
      ...(shown ? [NETWORK] : []),
      ...COLUMNS,
      ...(lowerBound ? [lowerBoundColumn<Row>(() => lowerBound)] : []),
    ],
    rows: shown
      ? [...rowsOf(AS_IT_IS, counters), ...rowsOf(unfoldedHeading(shown), shown.counters)]
      : rowsOf(AS_IT_IS, counters),
    ...(shown ? { part: ({ network }: Row) => network } : {}),
    notes: [
      ...(lowerBound ? [lowerBoundNote(lowerBound)] : []),
      ...evidenceNotes(result),
      implementationNote(result),
      ...hiddenNotes(counters),
      ...warningNotes(counters),
      ...batchNotes(result),
      `--counter itemises one of ${counters.map(({ counter }) => counter).join(', ')}.`,
    ],
  });
}

const AS_IT_IS = 'as it is in the file';

const rowsOf = (network: string, counters: readonly Counted[]): readonly Row[] =>
  counters.flatMap((counted) => [
    { network, counted },
    ...counted.items.filter(({ difference }) => difference !== 0).map((item) => ({ network, counted, item })),
  ]);

const NETWORK: Column<Row> = {
  key: 'network',
  title: 'network',
  align: 'left',
  hidden: true,
  value: ({ network }) => network,
};

const COLUMNS: readonly Column<Row>[] = [
  {
    key: 'counter',
    title: 'counter',
    align: 'left',
    value: ({ counted }) => counted.counter,
    show: ({ counted, item }) => (item ? '' : counted.title),
  },
  {
    key: 'row',
    title: 'row',
    align: 'left',
    value: ({ item }) => (item ? 'item' : 'total'),
    hidden: true,
  },
  {
    key: 'operations',
    title: 'count',
    align: 'right',
    value: ({ counted, item }) => (item ? item.operations : counted.total),
    show: ({ counted, item }) => (item ? signed(item.difference) : grouped(counted.total)),
  },
  {
    key: 'difference',
    title: 'difference',
    align: 'right',
    value: ({ counted, item }) => (item ? item.difference : counted.difference),
    hidden: true,
  },
  {
    key: 'printed',
    title: 'printed as',
    align: 'left',
    rank: 1,
    value: ({ counted, item }) => (item ? null : counted.printed),
  },
  {
    key: 'what',
    title: 'what it counts',
    align: 'left',
    value: ({ counted, item }) => (item ? itemText(item) : counted.brief),
  },
  {
    key: 'rule',
    title: 'rule',
    align: 'left',
    value: ({ counted, item }) => (item ? null : counted.rule),
    hidden: true,
  },
  { key: 'source', title: 'source', align: 'left', value: ({ counted }) => counted.source, hidden: true },
];

/** + 31,334,912 */
export const signed = (value: number): string => `${value < 0 ? '-' : '+'} ${grouped(Math.abs(value))}`;

/** "2 per batch-norm element"; what stands for the multiply-adds themselves says so. */
export const itemText = ({ times, per, operations, difference }: CountedItem): string =>
  difference !== operations && times !== 1 ? `${times} per ${per} instead of 1` : `${times} per ${per}`;

export const implementationNote = ({ implementation: { name, about } }: Reconciliation): string =>
  name === 'plain modules' ? `The network is ${about}` : `Implemented as ${name}'s: ${about}`;

/** One sentence for each call that a counter counts differently from the module of that op. */
export function hiddenNotes(counters: readonly Counted[]): readonly string[] {
  const notes = new Map<string, string[]>();
  for (const { title, hidden } of counters)
    for (const { call, plain, nodes, operations } of hidden) {
      const key = `${call} in place of ${plain} (${nodes} node${nodes === 1 ? '' : 's'}) changes`;
      notes.set(key, [...(notes.get(key) ?? []), `${title} by ${signed(operations)}`]);
    }
  return [...notes].map(([text, whom]) => `${text} ${whom.join(', ')}.`);
}

/**
 * What is printed beside the total without being asked for; counters that say the same share a
 * sentence.
 */
function warningNotes(counters: readonly Counted[]): readonly string[] {
  const notes = new Map<string, string[]>();
  for (const { title, leftOut, warnsWith } of counters) {
    if (warnsWith !== null) continue;
    const what = leftOut
      .filter(({ warning }) => warning !== null)
      .map(({ what, nodes }) => `${what} (${nodes})`)
      .join(', ');
    if (what !== '') notes.set(what, [...(notes.get(what) ?? []), title]);
  }
  return [...notes].map(
    ([what, titles]) =>
      `${listed(titles)} warn${titles.length === 1 ? 's' : ''} and leave${titles.length === 1 ? 's' : ''} out: ${what}.`,
  );
}

function batchNotes({ input: { n }, counters }: Reconciliation): readonly string[] {
  if (n === 1) return [];
  const titles = counters.filter(({ oneImage }) => oneImage).map(({ title }) => title);
  if (titles.length === 0) return [];
  return [`Counts of one image whatever the batch: ${titles.join(', ')}; all others are of ${n} images.`];
}
