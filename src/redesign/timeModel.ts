// Reads the device of a time budget from the JSON of flopscope explain.

import { parseJson } from '../document/parseJson.js';
import { InputError } from '../inputError.js';
import { percentage } from '../numberText.js';
import type { TimeModel } from './redesign.js';

/** @throws InputError for a text that is no explanation, or one whose device explains no time */
export function readTimeModel(text: string, path: string): TimeModel {
  const read = parseJson(text, path, '; make it with flopscope explain --format json');
  const data = (typeof read === 'object' && read !== null ? read : {}) as Partial<
    Record<'schema' | 'models' | 'device', unknown>
  >;
  if (data.schema !== 'flopscope.explain/2' || !Array.isArray(data.models))
    throw new InputError(`${path}: is not an explanation; make one with flopscope explain --format json`);
  // The fitted model whose time is a sum, so that each level has its own price.
  const model = (data.models as Record<string, unknown>[]).find(({ mode }) => mode === 'two-rates');
  const rates = (model?.['rates'] ?? {}) as Record<string, unknown>;
  const rate = (key: string): number => {
    const value = rates[key];
    return typeof value === 'number' && value > 0 ? 1e3 / value : 0;
  };
  const launch = rates['secondsPerLaunch'];
  const weights = {
    flops: rate('flopsPerSecond'),
    unfused: rate('elementsPerSecond'),
    launches: typeof launch === 'number' && launch > 0 ? 1e3 * launch : 0,
  };
  if (Object.values(weights).every((weight) => weight === 0))
    throw new InputError(`${path}: its device explains no time; explain more networks`);
  const error = model?.['unseen'];
  const off = typeof error === 'number' ? `, ${percentage(error)} off on families that it has not seen` : '';
  const device = typeof data.device === 'string' ? ` on ${data.device}` : '';
  return {
    weights,
    words: `the sum of compute, of the unfused memory access and of launches as flopscope explain fitted it${device}${off}: the only fit of which each level has a share of its own`,
  };
}
