// The rows of a profile: one per layer, stage, block or op, sorted and cut by the view.

import { layerKindOf } from '../../src/cost.js';
import { groupBy, type Group, type Layer, type Profile, type Totals } from '../../src/profile.js';
import type { ProfileView } from './profileView.js';

/**
 * One row: a layer, a group of layers, or the sum of all. Counts that a row does not have are null.
 */
export interface Row {
  readonly name: string;
  readonly layer: Layer | undefined;
  readonly group: Group | undefined;
  readonly params: number;
  readonly multAdds: number;
  readonly flops: number;
  readonly activations: number;
  readonly cio: number;
  readonly peakActivations: number;
  readonly peakActivationsOutOfPlace: number;
  readonly memoryAccess: number;
  readonly memoryAccessConv: number | null;
  readonly memoryAccessLinear: number | null;
  readonly memoryAccessFused: number;
  readonly memoryAccessBound: number | null;
  readonly balance: number | null;
  readonly intensity: number | null;
}

/** The rows of a view, and all that there are without its `top`, in the same order. */
export function rowsOf(
  { layers, bytesPerElement }: Profile,
  { by, sort, top }: ProfileView,
): { readonly rows: readonly Row[]; readonly all: readonly Row[] } {
  const all =
    by === 'layer' ? layers.map(layerRow) : groupBy(layers, by).map((group) => groupRow(group, by, bytesPerElement));
  const ordered = sort === undefined ? all : [...all].sort((a, b) => (b[sort] ?? -1) - (a[sort] ?? -1));
  return { rows: ordered.slice(0, top), all: ordered };
}

const layerRow = (layer: Layer): Row => ({
  ...layer,
  layer,
  group: undefined,
  peakActivations: layer.aliveElements,
  peakActivationsOutOfPlace: layer.aliveElementsOutOfPlace,
  memoryAccessConv: layerKindOf(layer) === 'conv' ? layer.memoryAccess : null,
  memoryAccessLinear: layerKindOf(layer) === 'linear' ? layer.memoryAccess : null,
});

const groupRow = (group: Group, grouping: string, bytesPerElement: number): Row => ({
  ...totalRow(group, bytesPerElement),
  name: group.name || `(outside of any ${grouping})`,
  group,
});

export function totalRow(totals: Totals, bytesPerElement: number): Row {
  const { params, multAdds, flops, activations, cio, memoryAccess, memoryAccessBound } = totals;
  const { peakActivations, peakActivationsOutOfPlace } = totals;
  return {
    ...{ params, multAdds, flops, activations, cio, peakActivations, peakActivationsOutOfPlace },
    name: 'total',
    layer: undefined,
    group: undefined,
    memoryAccess: memoryAccess.unfused,
    memoryAccessConv: memoryAccess.conv,
    memoryAccessLinear: memoryAccess.linear,
    memoryAccessFused: memoryAccess.fused,
    memoryAccessBound: memoryAccessBound.conv || null,
    balance: memoryAccessBound.conv === 0 ? null : memoryAccess.conv / memoryAccessBound.conv,
    intensity: memoryAccess.unfused === 0 ? null : flops / (memoryAccess.unfused * bytesPerElement),
  };
}
