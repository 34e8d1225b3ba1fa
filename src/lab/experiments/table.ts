// Which experiments can the lab repeat? The four guidelines, and the two claims that VoVNet starts from.

import type { Experiment } from '../experiment.js';
import { G1_WIDTH, G2_GROUPS, G3_FRAGMENTS, G4_ELEMENTWISE } from './shufflenetGuidelines.js';
import { BOTTLENECK, SPLIT } from './vovnetClaims.js';

export const EXPERIMENTS: readonly Experiment[] = [
  G1_WIDTH,
  G2_GROUPS,
  G3_FRAGMENTS,
  G4_ELEMENTWISE,
  SPLIT,
  BOTTLENECK,
];
