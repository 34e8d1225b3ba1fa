// Bytes of one element of most weights of a Keras model, by the dtype policies of its layers.

import { InputError } from '../../inputError.js';
import { FLOAT32_BYTES, profile } from '../../profile.js';
import type { Converted } from '../kit/convert.js';
import { weightTypeOf } from './dtypes.js';
import type { KerasCall } from './flatten.js';

/**
 * @param converted counts the parameters of each layer, where the policies differ
 * @returns undefined for float32, and for a model that cannot be counted, which says why later
 */
export function weightBytes(calls: readonly KerasCall[], converted: () => Converted<KerasCall>): number | undefined {
  const policies = new Set(calls.filter(({ config }) => config['dtype'] !== undefined).map(bytesOf));
  const bytes = policies.size > 1 ? mostCommon(converted) : [...policies][0];
  return bytes === FLOAT32_BYTES ? undefined : bytes;
}

const bytesOf = ({ config }: KerasCall): number => weightTypeOf(config).bytes;

function mostCommon(converted: () => Converted<KerasCall>): number | undefined {
  try {
    const { graph, nodeNames } = converted();
    const makers = new Map([...nodeNames].flatMap(([call, names]) => names.map((name) => [name, call] as const)));
    const elements = new Map<number, number>();
    for (const { name, params } of profile(graph).layers) {
      const maker = makers.get(name);
      const bytes = maker ? bytesOf(maker) : FLOAT32_BYTES;
      elements.set(bytes, (elements.get(bytes) ?? 0) + params);
    }
    return [...elements].sort(([, a], [, b]) => b - a)[0]?.[0];
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
