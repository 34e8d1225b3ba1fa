// What a network costs now, as a check compares it with its limits.

import type { Run } from '../measure/run.js';
import type { Profile } from '../profile.js';
import type { Training } from '../training/training.js';

export interface Costs {
  readonly profile: Profile;
  /** Of a training step, where limits or settings ask for it. */
  readonly training?: Training | null;
  /** Null where nothing was measured. */
  readonly run: Run | null;
}
