// The set-up of an experiment: the device, engine and protocol that its runs share.

import type { Run } from './run.js';

export interface Setup extends Pick<
  Run,
  'flopscope' | 'engine' | 'mode' | 'precision' | 'device' | 'versions' | 'environment'
> {
  /** ISO 8601, UTC, of the first and the last run. */
  readonly measured: readonly [from: string, to: string];
  readonly protocol: Pick<Run['protocol'], 'warmups' | 'windows' | 'minWindowSeconds' | 'seed' | 'settings'>;
}

/** @param runs of one session: one engine, one protocol; null for none */
export function setupOf(runs: readonly Run[]): Setup | null {
  const [first] = runs;
  if (!first) return null;
  const { flopscope, engine, mode, precision, device, versions, environment } = first;
  const { warmups, windows, minWindowSeconds, seed, settings } = first.protocol;
  const times = runs.map(({ measuredAt }) => measuredAt).sort();
  return {
    ...{ flopscope, engine, mode, precision, device, versions, environment },
    measured: [times[0]!, times.at(-1)!],
    protocol: { warmups, windows, minWindowSeconds, seed, settings },
  };
}
