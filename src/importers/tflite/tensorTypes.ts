// TFLite's element types: their bits, and how numbers that shape the network are read.

import { fromHalf } from '../../half.js';

interface TensorType {
  readonly name: string;
  readonly bits: number;
  /** Real numbers are learnt. Whole ones are only where they are quantized. */
  readonly real: boolean;
  read?(view: DataView, at: number): number;
}

const whole = (name: string, bits: number, read?: TensorType['read']): TensorType => ({
  ...{ name, bits, real: false },
  ...(read ? { read } : {}),
});
const real = (name: string, bits: number, read?: TensorType['read']): TensorType => ({
  ...{ name, bits, real: true },
  ...(read ? { read } : {}),
});

/** TensorType of the schema by its number. */
export const TENSOR_TYPES: Readonly<Record<number, TensorType>> = {
  0: real('float32', 32, (view, at) => view.getFloat32(at, true)),
  1: real('float16', 16, (view, at) => fromHalf(view.getUint16(at, true))),
  2: whole('int32', 32, (view, at) => view.getInt32(at, true)),
  3: whole('uint8', 8, (view, at) => view.getUint8(at)),
  4: whole('int64', 64, (view, at) => Number(view.getBigInt64(at, true))),
  5: whole('string', 0),
  6: whole('bool', 8, (view, at) => view.getUint8(at)),
  7: whole('int16', 16, (view, at) => view.getInt16(at, true)),
  8: real('complex64', 64),
  9: whole('int8', 8, (view, at) => view.getInt8(at)),
  10: real('float64', 64, (view, at) => view.getFloat64(at, true)),
  11: real('complex128', 128),
  12: whole('uint64', 64, (view, at) => Number(view.getBigUint64(at, true))),
  13: whole('resource', 0),
  14: whole('variant', 0),
  15: whole('uint32', 32, (view, at) => view.getUint32(at, true)),
  16: whole('uint16', 16, (view, at) => view.getUint16(at, true)),
  17: whole('int4', 4),
  18: real('bfloat16', 16),
  19: whole('int2', 2),
  20: whole('uint4', 4),
};
