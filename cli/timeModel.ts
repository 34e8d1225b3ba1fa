// Which device is the time budget for? The one that flopscope explain fitted and printed as JSON.

import { InputError } from '../src/inputError.js';
import type { Price } from '../src/redesign/forms.js';
import { readText } from './readText.js';

/** Milliseconds per operation, per element moved and per launch. */
export async function timeModel(path: string): Promise<Partial<Price>> {
  const data = parsed(await readText(path), path) as { schema?: unknown; models?: unknown; bytesPerElement?: unknown };
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
  return weights;
}

function parsed(text: string, path: string): object {
  try {
    const data: unknown = JSON.parse(text);
    return typeof data === 'object' && data !== null ? data : {};
  } catch (error) {
    throw new InputError(
      `${path}: is not JSON (${(error as Error).message}); make it with flopscope explain --format json`,
    );
  }
}
