// Lists the settings in which two runs differ: versions, engine settings and protocol.

import type { Run } from './run.js';

type Value = string | number | boolean | undefined;

export interface OtherSetting {
  readonly key: string;
  /** Undefined where the run does not have it. */
  readonly first: Value;
  readonly second: Value;
}

type Set = Pick<Run, 'versions' | 'protocol'>;

export function otherSettings(first: Set, second: Set): readonly OtherSetting[] {
  const [one, two] = [first, second].map(({ versions, protocol }): Readonly<Record<string, Value>> => ({
    ...versions,
    ...protocol.settings,
    seed: protocol.seed,
    'warm-ups': protocol.warmups,
    'seconds of a window': protocol.minWindowSeconds,
  }));
  const keys = [...new Set([...Object.keys(one!), ...Object.keys(two!)])];
  return keys
    .map((key) => ({ key, first: one![key], second: two![key] }))
    .filter((setting) => String(setting.first) !== String(setting.second));
}
