// The rows of a profile: one per layer, stage, block or op, sorted and cut by the view.

import { layerKindOf } from '../../src/cost.js';
import {
  atCount,
  type ColumnKey,
  COUNT_NAMES,
  type CountName,
  countOf,
  flatKey,
} from '../../src/metrics/countNames.js';
import { groupBy, type Group, type Layer, type Profile, type Totals } from '../../src/profile.js';
import type { ProfileView } from './profileView.js';
import { groupName } from '../../src/groupName.js';

/**
 * One row: a layer, a group of layers, or the sum of all. Counts that a row does not have are null.
 */
export interface ProfileRow extends Readonly<Record<ColumnKey, number | null>> {
  readonly name: string;
  readonly layer: Layer | undefined;
  readonly group: Group | undefined;
  readonly memoryAccessBound: number | null;
  readonly balance: number | null;
  readonly intensity: number | null;
}

const KEYS = COUNT_NAMES.map((name) => [name, flatKey(name)] as const);

function countsBy(value: (name: CountName) => number | null): Readonly<Record<ColumnKey, number | null>> {
  const counts: Partial<Record<ColumnKey, number | null>> = {};
  for (const [name, key] of KEYS) counts[key] = value(name);
  return counts as Record<ColumnKey, number | null>;
}

/** The rows of a view, and all that there are without its `top`, in the same order. */
export function rowsOf(
  { layers, bytesPerElement }: Profile,
  { by, sort, top }: ProfileView,
): { readonly rows: readonly ProfileRow[]; readonly all: readonly ProfileRow[] } {
  const all =
    by === 'layer' ? layers.map(layerRow) : groupBy(layers, by).map((group) => groupRow(group, by, bytesPerElement));
  const ordered = sort === undefined ? all : [...all].sort((a, b) => (b[sort] ?? -1) - (a[sort] ?? -1));
  return { rows: ordered.slice(0, top), all: ordered };
}

const layerRow = (layer: Layer): ProfileRow => {
  const kind = layerKindOf(layer);
  const { name, memoryAccessBound, balance, intensity } = layer;
  return Object.assign(
    countsBy((count) => countOf(count).part(layer, kind)),
    { name, layer, group: undefined, memoryAccessBound, balance, intensity },
  );
};

const groupRow = (group: Group, grouping: string, bytesPerElement: number): ProfileRow => ({
  ...totalRow(group, bytesPerElement),
  name: groupName(group.name, grouping),
  group,
});

export function totalRow(totals: Totals, bytesPerElement: number): ProfileRow {
  const { flops, memoryAccess, memoryAccessBound } = totals;
  return {
    ...countsBy((count) => atCount(totals, count)),
    name: 'total',
    layer: undefined,
    group: undefined,
    memoryAccessBound: memoryAccessBound.conv || null,
    balance: memoryAccessBound.conv === 0 ? null : memoryAccess.conv / memoryAccessBound.conv,
    intensity: memoryAccess.unfused === 0 ? null : flops / (memoryAccess.unfused * bytesPerElement),
  };
}
