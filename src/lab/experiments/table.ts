// The table of all experiments: ShuffleNetV2's four guidelines and VoVNet's two claims.

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
