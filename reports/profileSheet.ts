// How is a profile laid out? A row per layer, or per stage, block or op, with the counts and their share of the whole.

import { groupBy, type Group, type Layer, type Profile, type Totals } from '../src/profile.js';
import { kindOf } from './layerKind.js';
import { by, bytes, grouped, percent, short } from './number.js';
import type { ProfileView } from './profileView.js';
import { sheet, type AnySheet, type Column } from './sheet.js';
import { abbreviate } from './visible.js';

/** One row: a layer, a group of layers, or the sum of all. Counts that a row does not have are null. */
interface Row {
  readonly name: string;
  readonly layer: Layer | undefined;
  readonly group: Group | undefined;
  readonly params: number;
  readonly multAdds: number;
  readonly flops: number;
  readonly activations: number;
  readonly memoryAccess: number;
  readonly memoryAccessConv: number | null;
  readonly memoryAccessLinear: number | null;
  readonly memoryAccessFused: number;
  readonly memoryAccessBound: number | null;
  readonly balance: number | null;
  readonly intensity: number | null;
}

export function profileSheet(profile: Profile, view: ProfileView): AnySheet {
  const { totals, bytesPerElement, layers } = profile;
  const all =
    view.by === 'layer'
      ? layers.map(layerRow)
      : groupBy(layers, view.by).map((group) => groupRow(group, view.by, bytesPerElement));
  const { sort } = view;
  const ordered = sort === undefined ? all : [...all].sort((a, b) => (b[sort] ?? -1) - (a[sort] ?? -1));
  const rows = view.top === undefined ? ordered : ordered.slice(0, view.top);
  const worst = worstBalance(rows);
  return sheet<Row>({
    title: titleOf(profile),
    columns: columnsOf(profile, view.by),
    rows,
    total: totalRow(totals, bytesPerElement),
    ...(view.by === 'layer' && sort === undefined && view.top === undefined
      ? { part: (row: Row) => row.layer!.stage || '-' }
      : {}),
    mark: (row) => (row === worst ? 'worst balance' : undefined),
    notes: notesOf(profile, rows.length, all.length),
  });
}

const titleOf = ({ model, input: { n, c, h, w }, totals }: Profile): string =>
  `${abbreviate(model)}, input [${n}, ${c}, ${h}, ${w}]: ${short(totals.multAdds)} multiply-adds, ${short(totals.params)} parameters, ${short(totals.memoryAccess.unfused)} elements of memory access`;

type CountKey = Exclude<keyof Row, 'name' | 'layer' | 'group'>;

function columnsOf({ totals }: Profile, grouping: ProfileView['by']): readonly Column<Row>[] {
  const access = totals.memoryAccess.unfused;
  const count = (key: CountKey, title: string, more: Partial<Column<Row>> = {}): Column<Row> => ({
    key,
    title,
    align: 'right',
    value: (row) => row[key],
    show: (row) => (row[key] ? grouped(row[key]) : ''),
    ...more,
  });
  const share = (key: 'multAdds' | 'memoryAccess', whole: number, rank: number): Column<Row> => ({
    key: `${key}Share`,
    title: 'share',
    align: 'right',
    rank,
    value: (row) => (whole === 0 ? null : row[key] / whole),
    show: (row) => percent(row[key], whole),
  });
  const ratio = (key: 'balance' | 'intensity', title: string, rank: number): Column<Row> => ({
    key,
    title,
    align: 'right',
    rank,
    value: (row) => row[key],
    show: (row) => (row[key] ? row[key].toFixed(2) : ''),
  });
  return [
    {
      key: grouping === 'layer' ? 'name' : grouping,
      title: grouping,
      align: 'left',
      value: (row) => row.name,
      show: (row) => abbreviate(row.name),
    },
    ...(grouping === 'layer' ? LAYER_COLUMNS : GROUP_COLUMNS),
    count('params', 'params'),
    count('multAdds', 'mult-adds'),
    share('multAdds', totals.multAdds, 2),
    count('flops', 'FLOPs', { hidden: true }),
    count('activations', 'activations', { hidden: true }),
    count('memoryAccess', 'memory access'),
    share('memoryAccess', access, 1),
    count('memoryAccessConv', 'conv', { hidden: grouping === 'layer', rank: 5 }),
    count('memoryAccessLinear', 'linear', { hidden: true }),
    count('memoryAccessFused', 'fused', { rank: 4 }),
    count('memoryAccessBound', 'bound', { hidden: true }),
    ratio('balance', 'balance', 0),
    ratio('intensity', 'FLOPs/byte', 3),
  ];
}

const layerColumn = (
  key: string,
  title: string,
  value: (layer: Layer) => string | number | null,
  more: Partial<Column<Row>> = {},
): Column<Row> => ({ key, title, align: 'left', value: ({ layer }) => (layer ? value(layer) : null), ...more });

const LAYER_COLUMNS: readonly Column<Row>[] = [
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

const GROUP_COLUMNS: readonly Column<Row>[] = [
  {
    key: 'layers',
    title: 'layers',
    align: 'right',
    rank: 6,
    value: ({ group }) => group?.layers ?? null,
  },
  { key: 'convLayers', title: 'convs', align: 'right', rank: 6, value: ({ group }) => group?.convLayers ?? null },
];

const layerRow = (layer: Layer): Row => ({
  ...layer,
  layer,
  group: undefined,
  memoryAccessConv: layer.op === 'conv' ? layer.memoryAccess : null,
  memoryAccessLinear: layer.op === 'linear' ? layer.memoryAccess : null,
});

const groupRow = (group: Group, grouping: string, bytesPerElement: number): Row => ({
  ...totalRow(group, bytesPerElement),
  name: group.name || `(outside of any ${grouping})`,
  group,
});

function totalRow(totals: Totals, bytesPerElement: number): Row {
  const { params, multAdds, flops, activations, memoryAccess, memoryAccessBound } = totals;
  return {
    ...{ params, multAdds, flops, activations },
    name: 'total',
    layer: undefined,
    group: undefined,
    memoryAccess: memoryAccess.unfused,
    memoryAccessConv: memoryAccess.conv,
    memoryAccessLinear: memoryAccess.linear,
    memoryAccessFused: memoryAccess.fused,
    memoryAccessBound: memoryAccessBound.conv,
    balance: memoryAccessBound.conv === 0 ? null : memoryAccess.conv / memoryAccessBound.conv,
    intensity: memoryAccess.unfused === 0 ? null : flops / (memoryAccess.unfused * bytesPerElement),
  };
}

/** The row farthest from its bound, where any is not on it. */
function worstBalance(rows: readonly Row[]): Row | undefined {
  const [worst] = [...rows].sort((a, b) => (b.balance ?? 0) - (a.balance ?? 0));
  return worst?.balance != null && worst.balance > 1 ? worst : undefined;
}

function notesOf({ totals, bytesPerElement, layers }: Profile, shown: number, all: number): readonly string[] {
  const { memoryAccess } = totals;
  const named = [
    ['convolutions only', memoryAccess.conv],
    ['linear layers only', memoryAccess.linear],
    ['every op, unfused', memoryAccess.unfused],
    ['every op, fused', memoryAccess.fused],
  ] as const;
  return [
    ...(shown < all ? [`${shown} of ${all} rows shown; totals are of all.`] : []),
    `memory access in elements: ${named.map(([name, value]) => `${name} ${grouped(value)} (${bytes(value * bytesPerElement)})`).join('; ')}.`,
    `${grouped(totals.flops)} FLOPs (2 per multiply-add), ${grouped(totals.activations)} activations, ${totals.convLayers} convolutions among ${layers.length} layers, ${bytesPerElement} bytes per element.`,
    'balance = memory access of a convolution over the least that any of its multiply-adds, resolution and kernel could have.',
  ];
}
