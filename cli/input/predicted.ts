// Predicts models on the devices that --device names, for commands that count.

import type { Model } from '../../src/model.js';
import { predictions, type Predictions } from '../../src/predictions.js';
import { devicesNamed } from './devices.js';
import { sizeIn } from './model.js';

/** @param names of device records, separated by commas */
export const predicted = async (
  models: readonly Model[],
  names: string,
  { batch, input }: { readonly batch?: number | undefined; readonly input?: string | undefined },
): Promise<Predictions> =>
  predictions(models, await devicesNamed(names), { batch, input: input === undefined ? undefined : sizeIn(input) });
