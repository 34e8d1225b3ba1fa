// Stores a layer as a row of values. The field names stand once in the report, to keep it small.

import type { Layer } from '../../src/profile.js';
import { kindOf } from '../text/layerKind.js';
import { by } from '../text/number.js';

type Counted =
  'params' | 'multAdds' | 'flops' | 'activations' | 'memoryAccess' | 'memoryAccessFused' | 'memoryAccessBound';

export interface ReportLayer extends Pick<Layer, 'name' | 'stage' | 'block' | 'op' | Counted> {
  /** "conv 3x3 /2" */
  readonly kind: string;
  readonly input: string;
  readonly output: string;
}

/** Values in the order of LAYER_FIELDS. */
export type LayerRow = readonly (string | number | null)[];

export const LAYER_FIELDS = [
  ...['name', 'stage', 'block', 'op', 'kind', 'input', 'output'],
  ...['params', 'multAdds', 'flops', 'activations', 'memoryAccess', 'memoryAccessFused', 'memoryAccessBound'],
] as readonly (keyof ReportLayer)[];

export function rowOf(layer: Layer): LayerRow {
  const full: ReportLayer = { ...layer, kind: kindOf(layer), input: by(layer.inShape), output: by(layer.outShape) };
  return LAYER_FIELDS.map((field) => full[field]);
}

export const layerOf = (row: LayerRow): ReportLayer =>
  Object.fromEntries(LAYER_FIELDS.map((field, i) => [field, row[i]])) as unknown as ReportLayer;

/** Memory access of a convolution over its bound. */
export const balanceOf = ({ memoryAccess, memoryAccessBound }: ReportLayer): number | null =>
  memoryAccessBound ? Math.max(1, memoryAccess / memoryAccessBound) : null;
