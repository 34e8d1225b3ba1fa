// The table of a profile: a row per layer, stage, block or op with counts and shares.

import { allSides } from '../../src/inputSize.js';
import { atCount, COUNT_NAMES, countsAfter, flatKey } from '../../src/metrics/countNames.js';
import type { ColumnKey, CountName } from '../../src/metrics/countNames.js';
import type { Layer, Profile } from '../../src/profile.js';
import { counted } from '../../src/plural.js';
import { kindOf } from '../text/layerKind.js';
import { foldedNormsNote, lowerBoundColumn, lowerBoundNote, unreadNote } from './lowerBound.js';
import { by, bytes, grouped, percent, shape, short } from '../text/number.js';
import { rowsOf, totalRow, type ProfileRow } from './profileRows.js';
import { SORT_TITLES, type ProfileView } from './profileView.js';
import { sheet, type AnySheet, type Column } from './sheet.js';
import { abbreviate } from '../../src/visible.js';
import { groupName } from '../../src/groupName.js';

export function profileSheet(profile: Profile, view: ProfileView): AnySheet {
  const { totals, bytesPerElement } = profile;
  const { rows, all } = rowsOf(profile, view);
  const worst = worstBalance(all);
  return sheet<ProfileRow>({
    title: titleOf(profile),
    columns: [
      ...columnsOf(profile, view.by),
      ...(profile.lowerBound ? [lowerBoundColumn<ProfileRow>(() => profile.lowerBound)] : []),
    ],
    rows,
    total: totalRow(totals, bytesPerElement),
    ...(view.by === 'layer' && view.sort === undefined && view.top === undefined
      ? { part: (row: ProfileRow) => groupName(row.layer!.stage, 'stage') }
      : {}),
    mark: (row) => (row === worst ? 'worst balance' : undefined),
    notes: [
      ...(profile.lowerBound ? [lowerBoundNote(profile.lowerBound)] : []),
      ...(profile.unread ? [unreadNote(profile.unread, undefined, profile.lowerBound)] : []),
      ...(profile.beforeFolding ? [foldedNormsNote(profile.beforeFolding)] : []),
      ...(totals.frozenParams === undefined
        ? []
        : [
            `${full(totals.frozenParams, 'parameter')} of ${grouped(totals.params)} are frozen: the file says that they are not trained`,
          ]),
      ...(profile.deadEnds ? [deadEndsNote(profile.deadEnds)] : []),
      ...notesOf(profile, rows.length, all.length),
    ],
  });
}

const MOST_NAMED = 5;

function deadEndsNote({ layers, multAdds, params }: NonNullable<Profile['deadEnds']>): string {
  const named = layers.slice(0, MOST_NAMED).map((name) => `"${abbreviate(name)}"`);
  const more = layers.length > MOST_NAMED ? ` and ${grouped(layers.length - MOST_NAMED)} more` : '';
  const noun = layers.length === 1 ? 'layer feeds' : 'layers feed';
  return `${grouped(layers.length)} ${noun} no output, and count all the same: ${named.join(', ')}${more} (${full(multAdds, 'multiply-add')}, ${full(params, 'parameter')}).`;
}

const titleOf = ({ model, input, totals, lowerBound }: Profile): string =>
  `${abbreviate(model)}, input ${shape(allSides(input))}: ${lowerBound ? 'at least ' : ''}${brief(totals.multAdds, 'multiply-add')}, ${brief(totals.params, 'parameter')}, ${brief(totals.memoryAccess.unfused, 'element')} of memory access`;

const brief = (count: number, noun: string): string => counted(count, noun, short(count));
const full = (count: number, noun: string): string => counted(count, noun, grouped(count));

type CountKey = ColumnKey | 'memoryAccessBound';

function columnsOf({ totals }: Profile, grouping: ProfileView['by']): readonly Column<ProfileRow>[] {
  const access = totals.memoryAccess.unfused;
  const count = (key: CountKey, title: string, more: Partial<Column<ProfileRow>> = {}): Column<ProfileRow> => ({
    key,
    title,
    align: 'right',
    value: (row) => row[key],
    show: (row) => (row[key] ? grouped(row[key]) : ''),
    ...more,
  });
  const share = (key: 'multAdds' | 'memoryAccessUnfused', whole: number, rank: number): Column<ProfileRow> => ({
    key: `${key}Share`,
    title: 'share',
    alone: key === 'multAdds' ? 'of multiply-adds' : 'of unfused',
    align: 'right',
    rank,
    value: (row) => (whole === 0 ? null : row[key]! / whole),
    show: (row) => percent(row[key]!, whole),
  });
  const ratio = (key: 'balance' | 'intensity', rank: number): Column<ProfileRow> => ({
    key,
    title: SORT_TITLES[key],
    align: 'right',
    rank,
    value: (row) => row[key],
    show: (row) => (row[key] ? row[key].toFixed(2) : ''),
  });
  const placed = (name: CountName, more: Partial<Column<ProfileRow>> = {}): Column<ProfileRow> =>
    count(flatKey(name), SORT_TITLES[flatKey(name)], more);
  const columns: readonly Column<ProfileRow>[] = [
    placed('params'),
    placed('multAdds'),
    share('multAdds', totals.multAdds, 2),
    // What is placed nowhere is in CSV alone.
    ...countsAfter(PLACED).map((name) => placed(name, { hidden: true })),
    placed('memoryAccess.unfused'),
    share('memoryAccessUnfused', access, 1),
    placed('memoryAccess.conv', { hidden: grouping === 'layer', rank: 5 }),
    placed('memoryAccess.linear', { hidden: true }),
    placed('memoryAccess.fused', { rank: 4 }),
    count('memoryAccessBound', 'bound', { hidden: true }),
    ratio('balance', 0),
    ratio('intensity', 3),
  ];
  return [
    {
      key: grouping === 'layer' ? 'name' : grouping,
      title: grouping,
      align: 'left',
      value: (row) => row.name,
      show: (row) => abbreviate(row.name),
    },
    ...(grouping === 'layer' ? LAYER_COLUMNS : GROUP_COLUMNS),
    ...columns,
    placed('ops', { hidden: true }),
  ];
}

const READINGS = COUNT_NAMES.filter((name) => name.startsWith('memoryAccess.'));
/** Counts that have a place of their own among the columns. */
const PLACED: readonly CountName[] = ['params', 'multAdds', 'ops', ...READINGS];

const layerColumn = (
  key: string,
  title: string,
  value: (layer: Layer) => string | number | null,
  more: Partial<Column<ProfileRow>> = {},
): Column<ProfileRow> => ({ key, title, align: 'left', value: ({ layer }) => (layer ? value(layer) : null), ...more });

const LAYER_COLUMNS: readonly Column<ProfileRow>[] = [
  layerColumn('stage', 'stage', (layer) => layer.stage, { hidden: true }),
  layerColumn('block', 'block', (layer) => layer.block, { hidden: true }),
  layerColumn('op', 'op', (layer) => layer.op, { rank: 1, show: ({ layer }) => (layer ? kindOf(layer) : '') }),
  layerColumn('inShape', 'input', (layer) => by(layer.inShape), { hidden: true }),
  layerColumn('outShape', 'output', (layer) => by(layer.outShape), { rank: 3 }),
  layerColumn('kernel', 'kernel', (layer) => layer.kernel && by(layer.kernel), { hidden: true }),
  layerColumn('stride', 'stride', (layer) => layer.stride && by(layer.stride), { hidden: true }),
  layerColumn('padding', 'padding', (layer) => layer.padding && by(layer.padding), { hidden: true }),
  layerColumn('dilation', 'dilation', (layer) => layer.dilation && by(layer.dilation), { hidden: true }),
  layerColumn('groups', 'groups', (layer) => layer.groups, { hidden: true }),
  layerColumn('bias', 'bias', (layer) => (layer.bias === null ? null : String(layer.bias)), { hidden: true }),
];

const GROUP_COLUMNS: readonly Column<ProfileRow>[] = [
  {
    key: 'layers',
    title: 'layers',
    align: 'right',
    rank: 6,
    value: ({ group }) => group?.layers ?? null,
  },
  { key: 'convLayers', title: 'convs', align: 'right', rank: 6, value: ({ group }) => group?.convLayers ?? null },
];

/**
 * The row farthest from its bound, where any is not on it and there are others to be worse than.
 */
function worstBalance(rows: readonly ProfileRow[]): ProfileRow | undefined {
  const balanced = rows.filter(({ balance }) => balance !== null);
  const [worst] = balanced.sort((a, b) => b.balance! - a.balance!);
  return balanced.length > 1 && worst!.balance! > 1 ? worst : undefined;
}

function notesOf({ totals, bytesPerElement, layers }: Profile, shown: number, all: number): readonly string[] {
  const named = READINGS.map((name) => [name.replace('memoryAccess.', ''), atCount(totals, name)] as const);
  return [
    ...(shown < all ? [`${shown} of ${counted(all, 'row')} shown; totals are of all.`] : []),
    `memory access in elements: ${named.map(([name, value]) => `${name} ${grouped(value)} (${bytes(value * bytesPerElement)})`).join('; ')}.`,
    `${full(totals.flops, 'FLOP')} (2 per multiply-add, 1 per element of other ops), ${full(totals.activations, 'activation')}, ${counted(totals.convLayers, 'convolution')} among ${counted(layers.length, 'layer')}, ${counted(bytesPerElement, 'byte')} per element.`,
    'balance = memory access of a convolution divided by the minimum possible for its multiply-adds, resolution and kernel (1 is ideal).',
  ];
}
