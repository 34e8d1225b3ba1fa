// Predicts the time of models on devices, also from known times of another device.

import type { Device } from './devices/device.js';
import { knownTime, type KnownTime } from './devices/knownTime.js';
import { predict, type Prediction } from './devices/predict.js';
import { ranking } from './devices/ranking.js';
import { modelOfTime, type TimedNetwork } from './explain/samples.js';
import type { ImageSize } from './families/family.js';
import { graphOf, type Model } from './model.js';
import { FLOAT32_BYTES, profile } from './profile.js';

export interface PredictionSettings {
  readonly batch?: number | undefined;
  /** The model's own where it is left out. */
  readonly input?: ImageSize | undefined;
  readonly times?: KnownTimes | undefined;
}

/** Times that were taken on one device. */
export interface KnownTimes {
  readonly device: Device;
  readonly rows: readonly TimedNetwork[];
}

export interface Predictions {
  readonly schema: 'flopscope.prediction/1';
  readonly devices: readonly Device[];
  readonly predictions: readonly Prediction[];
  /**
   * Models of each device, fastest first; those that cannot be told apart share a rank. One whose
   * counts are a lower bound has none.
   */
  readonly rankings: readonly { readonly device: string; readonly ranks: readonly (readonly string[])[] }[];
}

/** @throws InputError for a known time that does not help for a device */
export function predictions(
  models: readonly Model[],
  devices: readonly Device[],
  { batch, input, times }: PredictionSettings = {},
): Predictions {
  const all = models.flatMap((model) => {
    const graph = graphOf(model, batch, input ?? model.input);
    const { source, bytesPerElement = FLOAT32_BYTES } = model;
    const counted = profile(graph, { source, bytesPerElement });
    return devices.map((device) => predict(graph, counted, device, knownOf(model, counted.input, times, device)));
  });
  const rankings = devices.map(({ name }) => ({
    device: name,
    ranks: ranking(all.filter(({ device }) => device === name)).map((rank) => rank.map(({ model }) => model)),
  }));
  return { schema: 'flopscope.prediction/1', devices, predictions: all, rankings };
}

/** A row of the same name and image size; the batch nearest to the one that is asked for. */
function knownOf(
  model: Model,
  { n, c, h, w }: Prediction['input'],
  times: KnownTimes | undefined,
  here: Device,
): KnownTime | undefined {
  if (times === undefined || times.device.name === here.name) return undefined;
  const distance = ({ batch = n }: TimedNetwork): number => Math.abs(Math.log(batch / n));
  const [row] = times.rows
    .filter(
      ({ model: name, input }) =>
        (name === model.name || modelOfTime(name)?.name === model.name) &&
        (input ?? [c, h, w]).join() === [c, h, w].join(),
    )
    .sort((a, b) => distance(a) - distance(b));
  if (row === undefined) return undefined;
  const graph = graphOf(model, row.batch ?? n, [c, h, w]);
  return knownTime(graph, row.milliseconds, times.device, here);
}
