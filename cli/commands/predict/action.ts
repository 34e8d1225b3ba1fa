// flopscope predict: the time of models on devices, by device records, with intervals.

import { predictSheets } from '../../../reports/sheets/predictSheets.js';
import { knownTime, type Known } from '../../../src/devices/knownTime.js';
import type { Device } from '../../../src/devices/device.js';
import { predict, type Prediction } from '../../../src/devices/predict.js';
import { ranking } from '../../../src/devices/ranking.js';
import { InputError } from '../../../src/inputError.js';
import { graphOf, type Model } from '../../../src/model.js';
import { profile } from '../../../src/profile.js';
import type { GivenTime } from '../../../src/records/times/readTimes.js';
import { deviceNamed, devicesNamed } from '../../input/devices.js';
import { imageSize, modelsNamed } from '../../input/model.js';
import { modelOfTime } from '../../../src/explain/samples.js';
import { readText } from '../../../src/files/readText.js';
import { printSheets, type Format } from '../../output/format.js';
import type { Screen } from '../../screen.js';

export interface PredictOptions {
  readonly device: string;
  readonly input?: string;
  readonly batch?: number;
  readonly times?: string;
  readonly timesDevice?: string;
  readonly top: number;
  readonly allowUnknown: boolean;
  readonly format: Format;
}

export async function predictCommand(names: readonly string[], options: PredictOptions, screen: Screen): Promise<void> {
  const devices = await devicesNamed(options.device);
  const times = await knownTimes(options);
  const predictions: Prediction[] = [];
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new InputError(`${twice} is named twice: name every model once`);
  for (const model of await modelsNamed(names, options)) {
    const graph = graphOf(model, options.batch, imageSize(options.input, model));
    const counted = profile(graph, { source: model.source });
    for (const device of devices)
      predictions.push(predict(graph, counted, device, knownOf(model, counted.input, times, device)));
  }
  const ranks = devices.map(({ name }) => ({
    device: name,
    ranks: ranking(predictions.filter(({ device }) => device === name)).map((rank) => rank.map(({ model }) => model)),
  }));
  const result = { schema: 'flopscope.prediction/1', devices, predictions, rankings: ranks };
  await printSheets(options.format, result, predictSheets(predictions, devices, options.top), screen);
}

interface Times {
  readonly device: Device;
  readonly rows: readonly GivenTime[];
}

async function knownTimes({ times, timesDevice, batch }: PredictOptions): Promise<Times | undefined> {
  if ((times === undefined) !== (timesDevice === undefined))
    throw new InputError('--times and --times-device go together: the times, and the device that they were taken on');
  if (times === undefined) return undefined;
  const { readTimes } = await import('../../../src/records/times/readTimes.js');
  const { rows } = readTimes(await readText(times), times, batch);
  return { device: await deviceNamed(timesDevice!), rows };
}

/** A row of the same name and image size; the batch nearest to the one that is asked for. */
function knownOf(
  model: Model,
  { n, c, h, w }: Prediction['input'],
  times: Times | undefined,
  here: Device,
): Known | undefined {
  if (times === undefined || times.device.name === here.name) return undefined;
  const distance = ({ batch = n }: GivenTime): number => Math.abs(Math.log(batch / n));
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
