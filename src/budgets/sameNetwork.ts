// Finds a network's run in a file. Name, input and counts must all be the same.

import { InputError } from '../inputError.js';
import type { Run } from '../measure/run.js';
import type { Profile } from '../profile.js';
import { keyOf } from './baseline.js';

/**
 * The one run of a file that measured this very network at this very input.
 * @throws InputError for a file without it, with several of it, or with one of an older version of
 * the network
 */
export function runOf(profile: Profile, runs: readonly Run[], file: string): Run {
  const wanted = keyOf(profile.model, profile.input);
  const found = runs.filter((run) => keyOf(run.model, run.input) === wanted);
  const [run] = found;
  if (run === undefined) {
    const others = [...new Set(runs.map(({ model, input }) => keyOf(model, input)))];
    throw new InputError(
      `${file} holds no run of ${wanted}, but of ${others.slice(0, MOST_NAMED).join(', ')}${others.length > MOST_NAMED ? ` and ${others.length - MOST_NAMED} more` : ''}: name another run file, or set input and batch to what was measured`,
    );
  }
  if (found.length > 1)
    throw new InputError(`${file} holds ${found.length} runs of ${wanted}: keep the one that the budget is about`);
  const other = COUNTS.find((count) => run.totals[count] !== profile.totals[count]);
  if (other !== undefined)
    throw new InputError(
      `${file} measured another version of ${wanted} (${run.totals[other]} ${other} there, ${profile.totals[other]} here): measure it again`,
    );
  return run;
}

const MOST_NAMED = 5;
const COUNTS = ['multAdds', 'params', 'activations', 'ops'] as const;
