// The time of a variant beside the first one, in a cell: "0.43x (0.38 to 0.49)".

import { timeRatioOf, type TrialOutcome } from '../../src/lab/outcome.js';
import { ratioFigures } from '../../src/measure/ratioWords.js';
import { times } from './number.js';

/** "1.00x" for the first variant, no interval where none was recorded, "-" where nothing was. */
export function timeText(ratios: TrialOutcome['ratios']): string {
  const ratio = timeRatioOf(ratios);
  return ratio ? ratioFigures(ratio) : times(ratios.time);
}
