// What the dtype policy of a Keras layer says of its weights: their bytes, and their quantisation.

import { isData, type Data } from '../tfjs/settings.js';

export interface WeightType {
  /** Bytes of one element of the weights. */
  readonly bytes: number;
  /** Kept in whole numbers, which Keras does not train. Weights for float8 stay as they are. */
  readonly inIntegers: boolean;
}

const FLOAT32: WeightType = { bytes: 4, inIntegers: false };
const HALF = /^b?float16$/;
/** The bits of a policy such as "gptq/4/128" or "awq/4/-1". */
const BITS = /^(gptq|awq)\/(\d+)/;

/** By the name of a policy; "mixed_bfloat16" keeps its weights in float32. */
function named(name: unknown): WeightType {
  if (typeof name !== 'string') return FLOAT32;
  const [mode = '', source] = name.split('_from_');
  if (source !== undefined) return quantised(mode, source);
  if (HALF.test(name)) return { bytes: 2, inIntegers: false };
  return name === 'float64' ? { bytes: 8, inIntegers: false } : FLOAT32;
}

/** Four bits stand two in a byte; fewer stand one in a byte. */
function quantised(mode: string, source: unknown): WeightType {
  const bits = BITS.exec(mode)?.[2];
  if (mode.startsWith('int4') || bits === '4') return { bytes: 0.5, inIntegers: true };
  if (mode.startsWith('int8') || bits !== undefined) return { bytes: 1, inIntegers: true };
  return named(source);
}

/** @param config of a layer; Keras 2 and early 3 write a name, later versions an object */
export function weightTypeOf({ dtype }: Data): WeightType {
  if (!isData(dtype)) return named(dtype);
  const config = isData(dtype['config']) ? dtype['config'] : {};
  if (typeof config['mode'] === 'string') return quantised(config['mode'], config['source_name']);
  // A layer of layers has a policy for each that is quantised.
  const [first] = isData(config['policy_map']) ? Object.values(config['policy_map']) : [];
  if (isData(first)) return weightTypeOf({ dtype: first });
  return isData(config['default_policy']) ? weightTypeOf({ dtype: config['default_policy'] }) : named(config['name']);
}
