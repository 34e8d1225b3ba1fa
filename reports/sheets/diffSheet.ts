// The table of a diff: a row per layer or group whose cost changed, and the totals.

import { allSides } from '../../src/inputSize.js';
import {
  areBounds,
  costOf,
  COSTS,
  SHOWN_COSTS,
  type Cost,
  type Costs,
  type Diff,
  type DiffRow,
  type Matched,
  type CostChange,
} from '../../src/diff/diff.js';
import { movedBy, type MovedGroup } from '../../src/diff/groups.js';
import { type CountName, countOf, flatKey } from '../../src/metrics/countNames.js';
import { counted } from '../../src/plural.js';
import type { Layer, Profile } from '../../src/profile.js';
import type { DiffView } from './diffView.js';
import { kindOf } from '../text/layerKind.js';
import { lowerBoundColumn, lowerBoundNote } from './lowerBound.js';
import { by, grouped, shape, short, times } from '../text/number.js';
import { sheet, type AnySheet, type Column } from './sheet.js';
import { abbreviate } from '../../src/visible.js';
import { groupName } from '../../src/groupName.js';

/**
 * The sentence in place of a table if nothing changed; undefined otherwise.
 */
export function sameSentence({ before, after, counts }: Diff): string | undefined {
  if (counts.changed + counts.added + counts.removed > 0) return undefined;
  const [a, b] = [abbreviate(before.model), abbreviate(after.model)];
  const layers = `all ${counts.unchanged + counts.renamed} layers${areBounds(before, after) ? ' that are counted' : ''} agree`;
  const same =
    counts.renamed === 0
      ? `${a} and ${b} are the same network: ${layers}.`
      : `${a} and ${b} are the same network under other names: ${layers}, ${counts.renamed} are renamed.`;
  return [same, ...new Set(boundNotes(before, after))].join('\n');
}

/** What each side leaves out of its counts. */
const boundNotes = (...sides: readonly Diff['before'][]): readonly string[] =>
  sides.flatMap(({ model, lowerBound }) => (lowerBound ? [lowerBoundNote(lowerBound, model)] : []));

/** Beside every row, where a side leaves something out. */
const boundColumns = <Row>({ before, after }: Diff): readonly Column<Row>[] =>
  before.lowerBound || after.lowerBound
    ? [
        lowerBoundColumn<Row>(() => before.lowerBound, 'lowerBoundBefore'),
        lowerBoundColumn<Row>(() => after.lowerBound, 'lowerBoundAfter'),
      ]
    : [];

export const diffSheet = (matched: Matched, view: DiffView): AnySheet =>
  view.by === 'layer' ? layerSheet(matched, view) : groupSheet(matched, view, view.by);

function layerSheet({ diff }: Matched, view: DiffView): AnySheet {
  const all = view.renamed === true ? diff.layers : diff.layers.filter(({ change }) => change !== 'renamed');
  const rows = chosen(all, view, diff.totals, ({ moved }) => moved);
  const ordered = view.sort === undefined && view.top === undefined;
  return sheet<DiffRow>({
    title: titleOf(diff),
    columns: [...LAYER_COLUMNS, ...boundColumns<DiffRow>(diff)],
    rows,
    total: { change: 'changed', before: null, after: null, moved: diff.totals.moved },
    ...(ordered ? { part: (row: DiffRow) => groupName(stageOf(row), 'stage') } : {}),
    notes: [
      ...boundNotes(diff.before, diff.after),
      ...shownOf(rows, all),
      ...foldedNotes(diff, view.renamed === true),
      ...totalNotes(diff),
      '+ added, - removed, ~ changed; each figure is after minus before; memory access in elements.',
    ],
  });
}

function groupSheet({ diff, rows: matched }: Matched, view: DiffView, grouping: 'stage' | 'block' | 'op'): AnySheet {
  const groups = movedBy(matched, grouping, areBounds(diff.before, diff.after));
  const all = groups.filter(
    // A peak moves with what is alive around a group.
    ({ moved, layers }) => SUMS.some((cost) => moved[cost] !== 0) || layers.before !== layers.after,
  );
  const rows = chosen(all, view, diff.totals, ({ moved }) => moved);
  const { unchanged, renamed, changed, added, removed } = diff.counts;
  const pairs = unchanged + renamed + changed;
  return sheet<MovedGroup>({
    title: titleOf(diff),
    columns: [...groupColumns(grouping), ...boundColumns<MovedGroup>(diff)],
    rows,
    total: {
      name: { before: 'total', after: 'total' },
      layers: { before: pairs + removed, after: pairs + added },
      ...diff.totals,
    },
    notes: [
      ...boundNotes(diff.before, diff.after),
      ...shownOf(rows, all),
      ...(groups.length > all.length ? [`${groups.length - all.length} more of ${groups.length} did not change.`] : []),
      ...foldedNotes(diff, false),
      ...totalNotes(diff),
      'each figure is after minus before; ratio is after divided by before; memory access in elements.',
    ],
  });
}

const shownOf = (rows: readonly unknown[], all: readonly unknown[]): readonly string[] =>
  rows.length < all.length ? [`${rows.length} of ${all.length} rows shown; totals are of all.`] : [];

/**
 * The rows that moved most: by the cost that is asked for, else by the largest part of any total.
 */
function chosen<Row>(
  rows: readonly Row[],
  { sort, top }: DiffView,
  { before, after }: CostChange,
  moved: (row: Row) => Costs,
): readonly Row[] {
  if (sort === undefined && top === undefined) return rows;
  const share = (row: Row, cost: Cost): number => Math.abs(moved(row)[cost]) / Math.max(1, before[cost], after[cost]);
  const weight = (row: Row): number =>
    sort === undefined ? Math.max(...SHOWN.map((cost) => share(row, cost))) : share(row, sort);
  return [...rows].sort((a, b) => weight(b) - weight(a)).slice(0, top);
}

const SHOWN = SHOWN_COSTS.map(flatKey);
const SUMS = COSTS.filter((name) => countOf(name).combine === 'sum').map(flatKey);

/**
 * Counts that are not shown are in CSV alone; the fused reading goes first where there is no room.
 */
const placeOf = (name: CountName, rank: number): Pick<Column<never>, 'rank' | 'hidden'> =>
  !(SHOWN_COSTS as readonly CountName[]).includes(name)
    ? { hidden: true }
    : { rank: name === 'memoryAccess.fused' ? 3 : rank };

const inputText = (input: Profile['input']): string => shape(allSides(input));

/**
 * "memory access +46.4 k elements unfused (1.01x) and +9.22 k fused (1.01x)": a change may help one
 * alone.
 */
function accessOf(moved: Costs, ratio: CostChange['ratio']): string {
  const [unfused, fused] = [moved.memoryAccessUnfused, moved.memoryAccessFused];
  if (unfused === 0 && fused === 0) return 'the same memory access';
  const part = (cost: 'memoryAccessUnfused' | 'memoryAccessFused', reading: string, noun: string): string =>
    moved[cost] === 0
      ? `the same ${reading}`
      : `${moved[cost] > 0 ? '+' : ''}${short(moved[cost])}${noun} ${reading}${over(ratio[cost])}`;
  const first = part('memoryAccessUnfused', 'unfused', ' elements');
  return `memory access ${first} and ${part('memoryAccessFused', 'fused', unfused === 0 ? ' elements' : '')}`;
}

function titleOf({ before, after, totals: { moved, ratio } }: Diff): string {
  const what = (cost: Cost, noun: string): string =>
    moved[cost] === 0
      ? `the same ${noun}`
      : `${moved[cost] > 0 ? '+' : ''}${short(moved[cost])} ${noun}${over(ratio[cost])}`;
  const input =
    inputText(before.input) === inputText(after.input)
      ? inputText(after.input)
      : `${inputText(before.input)} -> ${inputText(after.input)}`;
  const part = areBounds(before, after) ? 'in what is counted, ' : '';
  return `${abbreviate(before.model)} -> ${abbreviate(after.model)}, input ${input}: ${part}${what('multAdds', 'multiply-adds')}, ${what('params', 'parameters')}, ${accessOf(moved, ratio)}`;
}

const over = (ratio: number | null): string => (ratio === null ? '' : ` (${times(ratio)})`);

const MOST_EXAMPLES = 3;

function foldedNotes({ counts, layers, before, after }: Diff, renamedShown: boolean): readonly string[] {
  const renamed = layers.filter(({ change }) => change === 'renamed');
  const examples = renamed.slice(0, MOST_EXAMPLES).map((row) => nameOf(row));
  const more = renamed.length > MOST_EXAMPLES ? ', ...' : '';
  return [
    `${counts.changed} changed, ${counts.added} added, ${counts.removed} removed; ${counted(counts.unchanged, 'layer')} the same in both.`,
    ...(renamed.length === 0 || renamedShown ? [] : [`${renamed.length} renamed only: ${examples.join(', ')}${more}`]),
    ...(inputText(before.input) === inputText(after.input)
      ? []
      : ['the inputs differ, and costs moved with them: --input gives both the same.']),
  ];
}

function totalNotes({ before, after, totals }: Diff): readonly string[] {
  const amount = (side: Diff['before'], value: number): string =>
    `${side.lowerBound ? 'at least ' : ''}${grouped(value)}`;
  const costs = SHOWN_COSTS.map((name) => [flatKey(name), countOf(name).title] as const).map(
    ([cost, title]) =>
      `${title} ${amount(before, totals.before[cost])} -> ${amount(after, totals.after[cost])}${over(totals.ratio[cost])}`,
  );
  return [
    `in all: ${costs.join('; ')}.`,
    ...(areBounds(before, after) ? ['no ratios: they would be of lower bounds.'] : []),
  ];
}

const stageOf = ({ before, after }: DiffRow): string => (after ?? before)?.stage ?? '';

/** "a", or "a -> b" where the two differ. */
const turned = (before: string | undefined, after: string | undefined): string =>
  before === undefined || after === undefined || before === after ? (after ?? before ?? '') : `${before} -> ${after}`;

const nameOf = ({ before, after }: DiffRow): string =>
  turned(before ? abbreviate(before.name, 40) : undefined, after ? abbreviate(after.name, 40) : undefined);

const SIGNS: Readonly<Record<DiffRow['change'], string>> = {
  added: '+',
  removed: '-',
  changed: '~',
  renamed: '=',
  unchanged: '',
};

const signed = (value: number): string => (value === 0 ? '' : `${value > 0 ? '+' : ''}${grouped(value)}`);

const isTotal = ({ before, after }: DiffRow): boolean => before === null && after === null;

const layerText = (
  key: string,
  title: string,
  pick: (layer: Layer) => string,
  more: Partial<Column<DiffRow>> = {},
): Column<DiffRow> => ({
  key,
  title,
  align: 'left',
  value: ({ before, after }) => turned(before ? pick(before) : undefined, after ? pick(after) : undefined),
  ...more,
});

const side = (which: 'before' | 'after', key: string, pick: (layer: Layer) => string | number): Column<DiffRow> => ({
  key: `${key}${which === 'before' ? 'Before' : 'After'}`,
  title: key,
  align: 'left',
  hidden: true,
  value: (row) => {
    const layer = row[which];
    return layer && pick(layer);
  },
});

const outputOf = ({ before, after }: DiffRow): string =>
  turned(before ? by(before.outShape) : undefined, after ? by(after.outShape) : undefined);

/** The input of a layer is shown only if nothing else of its shapes changed. */
function inputTurned({ before, after }: DiffRow): string {
  if (before === null || after === null || by(before.outShape) !== by(after.outShape)) return '';
  const [a, b] = [before, after].map(({ inShape, inShapes }) => (inShapes ?? [inShape]).map(by).join('+'));
  return a === b ? '' : `, of ${turned(a, b)}`;
}

const LAYER_COLUMNS: readonly Column<DiffRow>[] = [
  {
    key: 'change',
    title: '',
    align: 'left',
    value: ({ change }) => change,
    show: (row) => (isTotal(row) ? '' : SIGNS[row.change]),
  },
  side('before', 'name', ({ name }) => name),
  side('after', 'name', ({ name }) => name),
  side('before', 'stage', ({ stage }) => stage),
  side('after', 'stage', ({ stage }) => stage),
  {
    key: 'layer',
    title: 'layer',
    align: 'left',
    value: nameOf,
    show: (row) => (isTotal(row) ? 'total' : nameOf(row)),
  },
  layerText('op', 'op', kindOf, { rank: 1 }),
  layerText('outShape', 'output', ({ outShape }) => by(outShape), {
    rank: 2,
    show: (row) => `${outputOf(row)}${inputTurned(row)}`,
  }),
  ...COSTS.flatMap((name): readonly Column<DiffRow>[] => {
    const cost = flatKey(name);
    return [
      side('before', cost, (layer) => costOf(layer, name)),
      side('after', cost, (layer) => costOf(layer, name)),
      {
        key: cost,
        title: countOf(name).short,
        align: 'right',
        ...placeOf(name, 0),
        value: ({ moved }) => moved[cost],
        show: ({ moved }) => signed(moved[cost]),
      },
    ];
  }),
];

const groupColumns = (grouping: string): readonly Column<MovedGroup>[] => [
  {
    key: grouping,
    title: grouping,
    align: 'left',
    value: ({ name: { before, after } }) => turned(named(before, grouping), named(after, grouping)),
  },
  {
    key: 'layers',
    title: 'layers',
    align: 'right',
    rank: 4,
    value: ({ layers: { before, after } }) => turned(String(before), String(after)),
  },
  ...COSTS.flatMap((name): readonly Column<MovedGroup>[] => {
    const cost = flatKey(name);
    return [
      { key: `${cost}Before`, title: '', align: 'right', hidden: true, value: ({ before }) => before[cost] },
      { key: `${cost}After`, title: '', align: 'right', hidden: true, value: ({ after }) => after[cost] },
      {
        key: cost,
        title: countOf(name).short,
        align: 'right',
        ...placeOf(name, 0),
        value: ({ moved }) => moved[cost],
        show: ({ moved }) => signed(moved[cost]),
      },
      {
        key: `${cost}Ratio`,
        title: 'ratio',
        align: 'right',
        ...placeOf(name, 1),
        value: ({ ratio }) => ratio[cost],
        show: ({ ratio, before, after, moved }) => ratioText(ratio[cost], before[cost], after[cost], moved[cost]),
      },
    ];
  }),
];

function ratioText(ratio: number | null, before: number, after: number, moved: number): string {
  if (before === 0) return after === 0 ? '' : 'new';
  if (ratio === null) return '';
  if (after === 0) return 'gone';
  return moved === 0 ? '' : times(ratio);
}

const named = (name: string | null, grouping: string): string | undefined =>
  name === null ? undefined : abbreviate(groupName(name, grouping), 40);
