// Loads the device records that --device names: built in, or files.

import { builtInDevice, deviceNames } from '../../src/devices/builtIn.js';
import type { Device } from '../../src/devices/device.js';
import { InputError } from '../../src/inputError.js';
import { readDevice } from '../../src/records/device/readDevice.js';
import { readText } from '../../src/files/readText.js';

const isFile = (name: string): boolean => /[/\\]|\.json$/i.test(name);

export const deviceNamed = async (name: string): Promise<Device> =>
  isFile(name) ? readDevice(await readText(name), name) : builtInDevice(name);

/**
 * @param names separated by commas;
 * @throws InputError for one that is not there, or there twice
 */
export async function devicesNamed(names: string): Promise<readonly Device[]> {
  const devices: Device[] = [];
  for (const name of names.split(',').map((part) => part.trim())) {
    if (name === '')
      throw new InputError(`--device ${names} has an empty name: ${deviceNames().join(', ')}, or a file`);
    const device = await deviceNamed(name);
    if (devices.some((other) => other.name === device.name))
      throw new InputError(`--device names ${device.name} twice: keep one`);
    devices.push(device);
  }
  return devices;
}
