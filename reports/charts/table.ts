// The list of all charts, in the order of a report.

import { achieved } from './achieved.js';
import { balance } from './balance.js';
import type { Chart } from './chart.js';
import { accessAgainstTime, multAddsAgainstTime } from './costAgainstTime.js';
import { icicle } from './icicle.js';
import { keptByStage } from './keptByStage.js';
import { layerTime } from './layerTime.js';
import { predictedTimes } from './predictedTimes.js';
import { relativeCost } from './relativeCost.js';
import { roofline } from './roofline.js';
import { stages } from './stages.js';
import { utilisation } from './utilisation.js';

export const CHARTS: readonly Chart[] = [
  relativeCost,
  multAddsAgainstTime,
  accessAgainstTime,
  achieved,
  utilisation,
  stages,
  keptByStage,
  balance,
  roofline,
  layerTime,
];

/** Those of files: the page has an icicle that opens, and a table of predicted times. */
export const FILE_CHARTS: readonly Chart[] = [icicle, ...CHARTS, predictedTimes];
