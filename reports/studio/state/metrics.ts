// The counts that layers have parts of, so that they can be areas of a picture.

import { COUNT_NAMES, countOf, type CountName } from '../../../src/metrics/countNames.js';
import type { Layer } from '../../../src/profile.js';

/** Sums that follow from a layer without knowing its kind. */
export const METRICS: readonly CountName[] = COUNT_NAMES.filter(
  (name) => countOf(name).combine === 'sum' && !countOf(name).ofGroups,
);

/** A layer's part of a count. */
export const partOf = (metric: CountName, layer: Layer): number => countOf(metric).part(layer, undefined) ?? 0;
