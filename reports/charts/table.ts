// The list of all charts, in the order of a report.

import { achieved } from './achieved.js';
import { balance } from './balance.js';
import type { Chart } from './chart.js';
import { accessAgainstTime, multAddsAgainstTime } from './costAgainstTime.js';
import { keptByStage } from './keptByStage.js';
import { layerTime } from './layerTime.js';
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
