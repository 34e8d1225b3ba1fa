// The subject of sentences: a network, and its run in the view if there is one.

import type { Run } from '../../src/measure/run.js';
import type { Network } from './network.js';

export interface Subject {
  readonly network: Network;
  readonly run: Run | null;
}
