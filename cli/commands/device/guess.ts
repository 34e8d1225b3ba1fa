// flopscope device guess: a record of a card from its datasheet alone.

import { deviceSheet } from '../../../reports/sheets/deviceSheet.js';
import { guessedDevice } from '../../../src/devices/guessedDevice.js';
import type { ModeName } from '../../../src/devices/modes.js';
import { readDevice } from '../../../src/records/device/readDevice.js';
import { print } from '../../output/format.js';
import { checkWritable, writeResult } from '../../output/writeResult.js';
import type { Screen } from '../../screen.js';

export interface GuessOptions {
  readonly peakTflops: number;
  readonly bandwidth: number;
  readonly mode: ModeName;
  readonly output: string;
}

export async function guessDevice(name: string, options: GuessOptions, screen: Screen): Promise<void> {
  const { peakTflops, bandwidth, mode, output } = options;
  const peaks = { flopsPerSecond: 1e12 * peakTflops, bytesPerSecond: 1e9 * bandwidth };
  const text = `${JSON.stringify(guessedDevice(name, peaks, mode), null, 2)}\n`;
  // Refuses an invalid name now, and not when the file is read.
  const device = readDevice(text, output);
  await checkWritable(output);
  await writeResult(output, text);
  await print('table', device, () => deviceSheet([device]), screen);
  screen.err(`${output}: written; use it with flopscope predict --device ${output}\n`);
}
