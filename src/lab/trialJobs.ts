// Turns the trials of an experiment into jobs of a measuring session.

import type { Job } from '../measure/session.js';
import { profile } from '../profile.js';
import type { Trial } from './experiment.js';

export const jobsOf = (trials: readonly Trial[]): readonly Job[] =>
  trials.map(({ graph }) => ({ graph, counted: profile(graph) }));
