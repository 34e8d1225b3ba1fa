// Predicts from a time of the same network on another device of the same mode.

import type { Graph } from '../graph.js';
import { InputError } from '../inputError.js';
import { ratesOf, type Device } from './device.js';
import { hasRatios, MODES, type ModeName } from './modes.js';
import { timeOf } from './networkFit.js';
import { layerWorks, totalWork } from './work.js';

export interface KnownTime {
  /** The known time over the modelled time on the other device. */
  readonly factor: number;
  /** The 90th percentile of the error of such predictions. */
  readonly p90: number;
  /** "a time of the same network on rtx-3090". */
  readonly words: string;
}

/**
 * Over about 200 networks each: the worst of 6 pairs of devices (eager) and of 2 pairs (compiled);
 * the medians are 3.3 to 5.3 %. One device of channels last is known: it takes that of eager.
 */
const P90: Readonly<Partial<Record<ModeName, number>>> = { eager: 0.15, 'eager-nhwc': 0.15, compiled: 0.144 };

/**
 * @param graph at the batch and input of the known time
 * @throws InputError where the two devices are of different modes, or on CPUs, where it does not
 * help
 */
export function knownTime(graph: Graph, milliseconds: number, there: Device, here: Device): KnownTime {
  if (there.mode !== here.mode)
    throw new InputError(
      `${there.name} is ${MODES[there.mode].words} and ${here.name} is ${MODES[here.mode].words}: a time says little across modes`,
    );
  const p90 = P90[here.mode];
  if (!hasRatios(here.mode) || p90 === undefined)
    throw new InputError(
      `a time on ${there.name} says little of ${here.name}: across CPUs and engines it does not help`,
    );
  const modelled = timeOf(totalWork(layerWorks(graph, MODES[there.mode].fusion)), ratesOf(there));
  return { factor: milliseconds / modelled, p90, words: `a time of the same network on ${there.name}` };
}
