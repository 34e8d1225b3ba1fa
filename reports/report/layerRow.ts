// Stores a layer as a row of values. The field names stand once in the report, to keep it small.

import { type ColumnKey, COUNT_NAMES, countOf, flatKey } from '../../src/metrics/countNames.js';
import type { Layer } from '../../src/profile.js';

/** Fields that only a single layer has. */
export const LAYER_COUNTS = COUNT_NAMES.filter((name) => !countOf(name).ofGroups);

export interface ReportLayer
  extends Pick<Layer, 'name' | 'stage' | 'block' | 'op' | 'memoryAccessBound'>, Readonly<Record<ColumnKey, number>> {
  /** "conv 3x3 /2" */
  readonly kind: string;
  readonly input: string;
  readonly output: string;
}

/** Values in the order of LAYER_FIELDS. */
export type LayerRow = readonly (string | number | null)[];

export const LAYER_FIELDS = [
  ...['name', 'stage', 'block', 'op', 'kind', 'input', 'output'],
  ...[...LAYER_COUNTS.map(flatKey), 'memoryAccessBound'],
] as readonly (keyof ReportLayer)[];

export const layerOf = (row: LayerRow): ReportLayer =>
  Object.fromEntries(LAYER_FIELDS.map((field, i) => [field, row[i]])) as unknown as ReportLayer;

/** Memory access of a convolution over its bound. */
export const balanceOf = ({ memoryAccessUnfused, memoryAccessBound }: ReportLayer): number | null =>
  memoryAccessBound ? Math.max(1, memoryAccessUnfused / memoryAccessBound) : null;
