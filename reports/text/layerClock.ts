// What timed the layers of a run, in words.

import type { Run } from '../../src/measure/run.js';
import { counted } from '../../src/plural.js';
import { milliseconds } from './number.js';

/** For short layers the wait is most of the time. */
export const HOST_CLOCK = "the host's clock: a wait for the device is in the time of every layer";

/** How layers were timed, after "its layers". */
export const [ALONE, PROFILED] = ['each timed alone', 'as the runtime profiled them'] as const;

/** @param runs with times of layers; these may have been timed in two ways */
export function howTimed(runs: readonly Pick<Run, 'asRun'>[]): string {
  const profiled = runs.filter(({ asRun }) => asRun !== null).length;
  if (profiled === 0) return ALONE;
  return profiled === runs.length ? PROFILED : `${ALONE} or ${PROFILED}`;
}

/** The note under the times of layers; null where a GPU timed each alone. */
export function layerClockNote({
  asRun,
  layerClock,
  times: { median },
}: Pick<Run, 'asRun' | 'layerClock' | 'times'>): string | null {
  if (asRun === null) return layerClock === 'host' ? `Layers were timed by ${HOST_CLOCK}.` : null;
  const others = asRun.others.reduce((sum, step) => sum + (step.milliseconds ?? 0), 0);
  const clock = layerClock === 'gpu' ? " by the GPU's clock" : '';
  const whole = `${milliseconds(median)} ms`;
  const inferences =
    asRun.whole === null
      ? `; without profiling an inference takes ${whole}`
      : `: an inference takes ${milliseconds(asRun.whole)} ms there, and ${whole} without profiling`;
  const rest = others > 0 ? ` Kernels that stand for no layer take another ${milliseconds(others)} ms.` : '';
  return `The runtime profiled ${counted(asRun.kernels, 'kernel')}${clock} in a session of its own${inferences}.${rest}`;
}
