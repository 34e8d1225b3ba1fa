// Predicts the times of a network's layers on a device, and what a change would save there.

import { type Device } from '../devices/device.js';
import { MODES } from '../devices/modes.js';
import { predict, type Prediction } from '../devices/predict.js';
import type { Graph } from '../graph.js';
import { percent } from '../numberText.js';
import { profile, type Profile } from '../profile.js';
import type { Breakdown } from '../devices/rates.js';
import type { Limit } from './layerLimit.js';
import type { Timing } from './timing.js';

/** The milliseconds that a change saves; null where it saves none. */
export type SavedTime = (after: Graph) => readonly [least: number, most: number] | null;

/** Milliseconds of each layer of another graph, by its name. */
export type LayerTimes = (after: Graph) => ReadonlyMap<string, number>;

export function predictedTiming({ layers, predictedMilliseconds, interval }: Prediction, device: Device): Timing {
  return {
    kind: 'predicted',
    where: `${device.title} (${MODES[device.mode].words}, ${device.precision})`,
    device: device.kind ?? null,
    eager: MODES[device.mode].fusion === 'eager',
    milliseconds: predictedMilliseconds,
    interval,
    layers: layers.map(({ name, milliseconds, parts }) => ({ layers: [name], milliseconds, limit: limitOf(parts) })),
    how: `limits by what the record ${device.name} spends most of a layer's time on; of networks that were not in its fit, half were more than ${percent(device.error.median, 1)} off`,
  };
}

function limitOf({ compute, traffic, launches }: Breakdown): Limit | null {
  const most = Math.max(compute, traffic, launches);
  if (most === 0) return null;
  if (most === compute) return 'compute';
  return most === traffic ? 'memory' : 'launches';
}

/**
 * The difference of two predictions. A record is off by about the same factor for a network and for
 * its changed copy, so the difference is off by that factor too.
 */
export function savedTimeOn(device: Device, before: Prediction): SavedTime {
  const [least, most] = before.interval.map((end) => end / before.predictedMilliseconds) as [number, number];
  return (after) => {
    const { predictedMilliseconds } = predict(after, profile(after), device);
    const saved = before.predictedMilliseconds - predictedMilliseconds;
    return saved > 0 ? [saved * least, saved * most] : null;
  };
}

/**
 * The prediction of a counted network, as a diagnosis takes it.
 * @param prediction of this network on this device, where it was made already
 */
export function predictorOf(
  graph: Graph,
  counted: Profile,
  device: Device,
  prediction = predict(graph, counted, device),
): {
  readonly prediction: Prediction;
  readonly timing: Timing;
  readonly savedTime: SavedTime;
  readonly layerTimes: LayerTimes;
} {
  return {
    ...{ prediction, timing: predictedTiming(prediction, device), savedTime: savedTimeOn(device, prediction) },
    layerTimes: (after) =>
      new Map(predict(after, profile(after), device).layers.map(({ name, milliseconds }) => [name, milliseconds])),
  };
}
