// flopscope predict: the time of models on devices, by device records, with intervals.

import { predictSheets } from '../../../reports/sheets/predictSheets.js';
import { readText } from '../../../src/files/readText.js';
import { pathName } from '../../../src/files/standardInput.js';
import { InputError } from '../../../src/inputError.js';
import { predictions, type KnownTimes } from '../../../src/predictions.js';
import { deviceNamed, devicesNamed } from '../../input/devices.js';
import { modelsNamed, sizeIn } from '../../input/model.js';
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
  const { device, batch, input, top, format } = options;
  if (names.length === 0)
    throw new InputError('there is nothing to predict: name models, or a detector and its backbone');
  const devices = await devicesNamed(device);
  const times = await knownTimes(options);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new InputError(`${twice} is named twice: name every model once`);
  const models = await modelsNamed(names, options);
  const result = predictions(models, devices, { batch, times, input: input === undefined ? undefined : sizeIn(input) });
  await printSheets(format, result, predictSheets(result.predictions, devices, top), screen);
}

async function knownTimes({ times, timesDevice, batch }: PredictOptions): Promise<KnownTimes | undefined> {
  if ((times === undefined) !== (timesDevice === undefined))
    throw new InputError('--times and --times-device go together: the times, and the device that they were taken on');
  if (times === undefined) return undefined;
  const { readTimes } = await import('../../../src/records/times/readTimes.js');
  const { rows } = readTimes(await readText(times), pathName(times), batch);
  return { device: await deviceNamed(timesDevice!), rows };
}
