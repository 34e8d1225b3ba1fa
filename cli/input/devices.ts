// Loads the device records that --device names: built in, or files.

import { builtInDevice, deviceNames } from '../../src/devices/builtIn.js';
import type { Device } from '../../src/devices/device.js';
import { forAll, InputError } from '../../src/inputError.js';
import { readDevice } from '../../src/records/device/readDevice.js';
import { readText } from '../../src/files/readText.js';
import { pathName, STANDARD_INPUT } from '../../src/files/standardInput.js';

const isFile = (name: string): boolean => name === STANDARD_INPUT || /[/\\]|\.json$/i.test(name);

export const deviceNamed = async (name: string): Promise<Device> =>
  isFile(name) ? readDevice(await readText(name), pathName(name)) : builtInDevice(name);

/**
 * @param names separated by commas
 * @throws InputError for one that is not there, or there twice
 */
export async function devicesNamed(names: string): Promise<readonly Device[]> {
  const found = new Set<string>();
  return forAll(
    names.split(',').map((part) => part.trim()),
    async (name) => {
      if (name === '')
        throw new InputError(
          `--device ${names} has an empty name: name devices of flopscope device list (${deviceNames().join(', ')}), or files`,
        );
      const device = await deviceNamed(name);
      if (found.has(device.name)) throw new InputError(`--device names ${device.name} twice: keep one`);
      found.add(device.name);
      return device;
    },
  );
}
