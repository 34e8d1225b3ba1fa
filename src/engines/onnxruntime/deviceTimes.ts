// Finds the time of each kernel by the GPU's own clock in a profile of the WebGPU provider.

import type { ProfiledRun, ProfileEvent } from './profile.js';

/** Events of this category are programs that the GPU ran; times are from its timestamps. */
const PROGRAMS = 'Api';

/**
 * Programs are listed in the order of the kernels that launch them, under the name of their kernel:
 * "NODE&OP&PROGRAM". Their clock is another one, so they are joined by order.
 * @returns milliseconds of each kernel, for each inference; null where programs and kernels do not
 * match one for one
 */
export function deviceTimesOf(
  events: readonly ProfileEvent[],
  runs: readonly ProfiledRun[],
): readonly (readonly number[])[] | null {
  const programs = events.filter(({ cat }) => cat === PROGRAMS).sort((a, b) => a.ts - b.ts);
  const each = programs.length / runs.length;
  if (!Number.isInteger(each) || each === 0) return null;
  const times = runs.map(({ kernels }, i) => {
    const own = programs.slice(i * each, (i + 1) * each);
    let next = 0;
    const ms = kernels.map(({ name, op }) => {
      let sum = 0;
      while (next < own.length && own[next]!.name.startsWith(`${name}&${op}&`)) sum += own[next++]!.dur / 1000;
      return sum;
    });
    return next === own.length ? ms : null;
  });
  return times.every((ms) => ms !== null) ? times : null;
}
