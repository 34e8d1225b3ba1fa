// Reads the device of a time budget from the JSON of flopscope explain.

import { parseJson } from '../../../src/document/parseJson.js';
import { InputError } from '../../../src/inputError.js';
import type { TimeModel } from '../../../src/redesign/redesign.js';
import { readText } from '../../../src/files/readText.js';

export async function timeModel(path: string): Promise<TimeModel> {
  const read = parseJson(await readText(path), path, '; make it with flopscope explain --format json');
  const data = (typeof read === 'object' && read !== null ? read : {}) as Partial<
    Record<'schema' | 'models' | 'bytesPerElement' | 'device', unknown>
  >;
  if (data.schema !== 'flopscope.explain/1' || !Array.isArray(data.models) || typeof data.bytesPerElement !== 'number')
    throw new InputError(`${path}: is no explanation; make one with flopscope explain --format json`);
  // Of the fitted devices the one whose time adds up, so that levels have a price of their own.
  const model = (data.models as Record<string, unknown>[]).find(
    ({ overlap, reading }) => overlap === 'sum' && reading === 'unfused',
  );
  const rate = (key: string): number => {
    const value = model?.[key];
    return typeof value === 'number' && value > 0 ? 1e3 / value : 0;
  };
  const launch = model?.['secondsPerLaunch'];
  const weights = {
    flops: rate('flopsPerSecond'),
    unfused: rate('bytesPerSecond') * data.bytesPerElement,
    launches: typeof launch === 'number' && launch > 0 ? 1e3 * launch : 0,
  };
  if (Object.values(weights).every((weight) => weight === 0))
    throw new InputError(`${path}: its device explains no time; explain more networks`);
  const error = model?.['leaveOneOut'];
  const off = typeof error === 'number' ? `, ${(100 * error).toFixed(1)} % off on networks that it has not seen` : '';
  const device = typeof data.device === 'string' ? ` on ${data.device}` : '';
  return {
    weights,
    words: `the sum of compute, of the traffic of every op and of launches as flopscope explain fitted it${device}${off}: the only fit of which each level has a share of its own`,
  };
}
