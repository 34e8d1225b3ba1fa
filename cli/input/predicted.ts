// Predicts models on the devices that --device names, for commands that count.

import type { Device } from '../../src/devices/device.js';
import { predict, type Prediction } from '../../src/devices/predict.js';
import { graphOf, type Model } from '../../src/model.js';
import { profile } from '../../src/profile.js';
import { devicesNamed } from './devices.js';
import { imageSize } from './model.js';

export interface Predicted {
  readonly predictions: readonly Prediction[];
  readonly devices: readonly Device[];
}

/** @param names of device records, separated by commas */
export async function predicted(
  models: readonly Model[],
  names: string,
  at: { readonly batch?: number | undefined; readonly input?: string | undefined },
): Promise<Predicted> {
  const devices = await devicesNamed(names);
  const predictions = models.flatMap((model) => {
    const graph = graphOf(model, at.batch, imageSize(at.input, model));
    const counted = profile(graph, { source: model.source });
    return devices.map((device) => predict(graph, counted, device));
  });
  return { predictions, devices };
}
