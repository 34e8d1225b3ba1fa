// Estimates the length of the phases of a session, for the progress bar and the time left.

import type { Expected } from '../output/bar.js';
import type { RunFlags } from './session.js';

/** Seconds, as seen on a CPU. The first session searches the shapes of its ceilings. */
const [CEILINGS, CEILINGS_AGAIN] = [10, 1.5];
/**
 * Seconds of each network, and more for each billion of multiply-adds: ResNet-50 has 4 at batch 1.
 */
const [FIRST, LOAD, WARM_UP, LAYERS]: readonly (readonly [number, number])[] = [
  [0.3, 0.3],
  [0.2, 0.1],
  [0.02, 0.07],
  [0.5, 0.9],
];
const BILLION = 1e9;
/** Windows last a little longer than asked. */
const LONGER = 1.15;

/**
 * @param networks multiply-adds of each network of the session, for its batch
 * @param index of the session, from 0
 * @param sessions in all, as far as is known
 */
export function expectedSession(
  flags: RunFlags,
  networks: readonly number[],
  index: number,
  sessions: number,
): Expected {
  const rest = Math.max(0, sessions - index - 1);
  const later = totalOf(phasesOf(flags, networks, false));
  const phases = phasesOf(flags, networks, index === 0);
  return { phases, after: rest * later, whole: totalOf(phases) };
}

type Phases = Expected['phases'];

function phasesOf(
  { ceilings, layers, windows, minWindow }: RunFlags,
  networks: readonly number[],
  first: boolean,
): Phases {
  const each = ([fixed, more]: readonly [number, number]): number =>
    networks.reduce((sum, multAdds) => sum + fixed + (more * multAdds) / BILLION, 0);
  const seconds: readonly (readonly [string, number])[] = [
    ['idle power', 0],
    ['ceilings', !ceilings ? 0 : first ? CEILINGS : CEILINGS_AGAIN],
    ['first', networks.length > 1 ? each(FIRST!) : 0],
    ['load', each(LOAD!)],
    ['warm-up', each(WARM_UP!)],
    ['window', windows * minWindow * LONGER * networks.length],
    ['layers', layers && first ? each(LAYERS!) : 0],
    ['ceilings again', ceilings ? CEILINGS_AGAIN : 0],
  ];
  let begin = 0;
  return Object.fromEntries(seconds.map(([phase, length]) => [phase, [begin, (begin += length)] as const]));
}

const totalOf = (phases: Phases): number => Math.max(...Object.values(phases).map(([, end]) => end));
