// The rough length of the phases of a session: what is done of the work follows, and its time left.

import type { Expected } from '../output/bar.js';
import type { RunFlags } from './session.js';

/** Seconds that were seen on a CPU: the first session looks for the shapes of its ceilings. */
const [CEILINGS, CEILINGS_AGAIN] = [10, 1.5];
/** Seconds of each network. */
const [FIRST, LOAD, WARM_UP, LAYERS] = [1.5, 0.5, 0.3, 4];
/** Windows last a little longer than asked. */
const LONGER = 1.15;

/**
 * @param networks of the session
 * @param index of the session, from 0
 * @param sessions in all, as far as is known
 */
export function expectedSession(flags: RunFlags, networks: number, index: number, sessions: number): Expected {
  const rest = Math.max(0, sessions - index - 1);
  const later = totalOf(phasesOf(flags, networks, false));
  const phases = phasesOf(flags, networks, index === 0);
  return { phases, after: rest * later, whole: totalOf(phases) };
}

type Phases = Expected['phases'];

function phasesOf({ ceilings, layers, windows, minWindow }: RunFlags, networks: number, first: boolean): Phases {
  const seconds: readonly (readonly [string, number])[] = [
    ['idle power', 0],
    ['ceilings', !ceilings ? 0 : first ? CEILINGS : CEILINGS_AGAIN],
    ['first', networks > 1 ? FIRST * networks : 0],
    ['load', LOAD * networks],
    ['warm-up', WARM_UP * networks],
    ['window', windows * minWindow * LONGER * networks],
    ['layers', layers && first ? LAYERS * networks : 0],
    ['ceilings again', ceilings ? CEILINGS_AGAIN : 0],
  ];
  let begin = 0;
  return Object.fromEntries(seconds.map(([phase, length]) => [phase, [begin, (begin += length)] as const]));
}

const totalOf = (phases: Phases): number => Math.max(...Object.values(phases).map(([, end]) => end));
