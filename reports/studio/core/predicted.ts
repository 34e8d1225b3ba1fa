// Times on devices that are not here, by their records; and the roofline of such a device.

import { DEVICES } from '../../../src/devices/builtIn.js';
import type { Device } from '../../../src/devices/device.js';
import { predict, type Interval } from '../../../src/devices/predict.js';
import { InputError } from '../../../src/inputError.js';
import { readDevice } from '../../../src/records/device/readDevice.js';
import { predictSheets } from '../../sheets/predictSheets.js';
import { subjectOf } from './count.js';
import type { Wanted } from './protocol.js';
import { plainTable, type PlainTable } from './tables.js';

/** Records that were dropped into the page, as text by their file's name. */
export type OwnDevices = Readonly<Record<string, string>>;

export const deviceNames = (own: OwnDevices = {}): readonly { readonly name: string; readonly title: string }[] =>
  [...devicesBy(own).values()].map(({ name, title }) => ({ name, title }));

/** By name: a record that was dropped later takes the place of one before it. */
const devicesBy = (own: OwnDevices): ReadonlyMap<string, Device> =>
  new Map(
    [...DEVICES, ...Object.entries(own).map(([name, text]) => readDevice(text, name))].map((one) => [one.name, one]),
  );

function deviceOf(name: string, own: OwnDevices): Device {
  const found = devicesBy(own).get(name);
  if (!found) throw new InputError(`there is not a device record ${name}: choose one of the list`);
  return found;
}

export interface AskedPrediction {
  readonly wanted: Wanted;
  readonly devices: readonly string[];
  readonly own: OwnDevices;
}

export interface Predicted {
  readonly table: PlainTable;
  readonly rows: readonly {
    readonly device: string;
    readonly title: string;
    readonly milliseconds: number;
    readonly interval: Interval;
    readonly warnings: readonly string[];
  }[];
}

export async function predicted({ wanted, devices, own }: AskedPrediction): Promise<Predicted> {
  const { graph, profile } = await subjectOf(wanted);
  const chosen = devices.map((name) => deviceOf(name, own));
  const all = chosen.map((device) => ({ device, prediction: predict(graph, profile, device) }));
  const [whole] = predictSheets(
    all.map(({ prediction }) => prediction),
    chosen,
    0,
  );
  return {
    table: plainTable(whole!),
    rows: all.map(({ device, prediction }) => ({
      device: device.name,
      title: device.title,
      milliseconds: prediction.predictedMilliseconds,
      interval: prediction.interval,
      warnings: prediction.warnings,
    })),
  };
}

/** A layer under the roofs of a device. */
export interface RoofPoint {
  readonly name: string;
  readonly stage: string;
  /** FLOPs per byte of fused memory access. */
  readonly intensity: number;
  readonly flopsPerSecond: number;
  /** Part of the time of all layers. */
  readonly share: number;
  readonly milliseconds: number;
}

export interface Roofline {
  readonly device: string;
  readonly kind: 'predicted' | 'measured';
  readonly flopsPerSecond: number;
  readonly bytesPerSecond: number;
  readonly points: readonly RoofPoint[];
}

export interface AskedRoofline {
  readonly wanted: Wanted;
  readonly device: string;
  readonly own: OwnDevices;
}

export async function roofline({ wanted, device: name, own }: AskedRoofline): Promise<Roofline> {
  const { graph, profile } = await subjectOf(wanted);
  const device = deviceOf(name, own);
  const { layers } = predict(graph, profile, device);
  const counted = new Map(profile.layers.map((layer) => [layer.name, layer]));
  const whole = layers.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  return {
    device: device.title,
    kind: 'predicted',
    flopsPerSecond: device.flopsPerSecond,
    bytesPerSecond: device.bytesPerSecond,
    points: layers.flatMap(({ name: layer, stage, milliseconds }) => {
      const found = counted.get(layer);
      const bytes = (found?.memoryAccessFused ?? 0) * device.bytesPerElement;
      const flops = found?.flops ?? 0;
      if (bytes === 0 || flops === 0 || milliseconds === 0) return [];
      return [
        {
          ...{ name: layer, stage, milliseconds, intensity: flops / bytes },
          ...{ flopsPerSecond: (1000 * flops) / milliseconds, share: milliseconds / whole },
        },
      ];
    }),
  };
}
