// flopscope device list: the device records, with their numbers, sources and errors.

import { deviceSheet } from '../../../reports/sheets/deviceSheet.js';
import { DEVICES } from '../../../src/devices/builtIn.js';
import { deviceNamed } from '../../input/devices.js';
import { print, type Format } from '../../output/format.js';
import type { Screen } from '../../screen.js';

export interface ListOptions {
  readonly format: Format;
}

export async function listDevices(records: readonly string[], { format }: ListOptions, screen: Screen): Promise<void> {
  const devices = [...DEVICES];
  for (const record of records) devices.push(await deviceNamed(record));
  await print(format, { schema: 'flopscope.devices/1', devices }, () => deviceSheet(devices), screen);
}
