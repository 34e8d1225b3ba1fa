// Stores a counted layer as the row of values that a report carries. The page only reads such rows.

import { layerKindOf } from '../../src/cost.js';
import { countOf, flatKey } from '../../src/metrics/countNames.js';
import type { Layer } from '../../src/profile.js';
import { kindOf } from '../text/layerKind.js';
import { by } from '../text/number.js';
import { LAYER_COUNTS, LAYER_FIELDS, type LayerRow } from './layerRow.js';

export function rowOf(layer: Layer): LayerRow {
  const { name, stage, block, op, memoryAccessBound } = layer;
  const kind = layerKindOf(layer);
  const full: Readonly<Record<string, string | number | null>> = {
    ...{ name, stage, block, op, memoryAccessBound },
    ...Object.fromEntries(LAYER_COUNTS.map((count) => [flatKey(count), countOf(count).part(layer, kind)])),
    ...{ kind: kindOf(layer), input: by(layer.inShape), output: by(layer.outShape) },
  };
  return LAYER_FIELDS.map((field) => full[field] ?? null);
}
