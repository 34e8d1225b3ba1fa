// The table of device records: their numbers, how they were obtained, and their error.

import type { Device } from '../../src/devices/device.js';
import { MODES } from '../../src/devices/modes.js';
import { abbreviate } from '../../src/visible.js';
import { errorPercentage, short } from '../text/number.js';
import { sheet, type AnySheet, type Column } from './sheet.js';

export const deviceSheet = (devices: readonly Device[]): AnySheet =>
  sheet<Device>({
    title: devices.length === 1 ? 'The device record' : `${devices.length} device records`,
    columns: COLUMNS,
    rows: devices,
    notes: [
      'FLOP/s (2 x multiply-adds per second) of convolutions with long inner products; bytes/s of activations that convolutions move; classes of ops are multiples of these.',
      'off by: median and 90th percentile of |predicted / measured - 1| on networks that were not in the fit.',
      ...new Set(devices.map(({ mode }) => `${mode}: ${MODES[mode].words}.`)),
      ...devices.map(
        ({ name, source, origin }) => `${name}: ${origin === 'guess' ? 'a guess, ' : ''}${abbreviate(source, 160)}.`,
      ),
    ],
  });

const COLUMNS: readonly Column<Device>[] = [
  { key: 'name', title: 'device', align: 'left', value: ({ name }) => name },
  {
    key: 'title',
    title: 'what it is',
    align: 'left',
    rank: 3,
    value: ({ title }) => title,
    show: ({ title }) => abbreviate(title, 40),
  },
  { key: 'mode', title: 'mode', align: 'left', value: ({ mode }) => mode },
  { key: 'precision', title: 'precision', align: 'left', rank: 2, value: ({ precision }) => precision },
  rate('flopsPerSecond', 'FLOP/s', ({ flopsPerSecond }) => flopsPerSecond),
  rate('bytesPerSecond', 'bytes/s', ({ bytesPerSecond }) => bytesPerSecond),
  {
    key: 'secondsPerLaunch',
    title: 'us per launch',
    align: 'right',
    rank: 1,
    value: ({ secondsPerLaunch }) => secondsPerLaunch,
    show: ({ secondsPerLaunch }) => String(Number((1e6 * secondsPerLaunch).toPrecision(2))),
  },
  off('median', 'off by', ({ error }) => error.median),
  off('p90', '90th percentile', ({ error }) => error.p90),
  { key: 'networks', title: 'networks', align: 'right', rank: 1, value: ({ error }) => error.networks },
  { key: 'origin', title: 'from', align: 'left', rank: 1, value: ({ origin }) => origin },
];

function rate(key: string, title: string, value: (device: Device) => number): Column<Device> {
  return { key, title, align: 'right', value, show: (device) => short(value(device)) };
}

function off(key: string, title: string, value: (device: Device) => number): Column<Device> {
  return { key, title, align: 'right', value, show: (device) => errorPercentage(value(device)) };
}
