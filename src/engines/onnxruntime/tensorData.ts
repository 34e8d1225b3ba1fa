// Turns float32 numbers into the element type that a tensor of ONNX Runtime has, and back.

import { fromHalf, toHalf } from '../../half.js';

type Data = Float32Array | Float64Array | Uint16Array | Uint8Array | Int8Array | Int32Array | BigInt64Array;

/** Bytes of an image have their mean in the middle of the range. */
const [MIDDLE, DEVIATION, MOST_BYTE] = [128, 50, 255];

const integers = new Map<string, (length: number) => Data>([
  ['int8', (length) => new Int8Array(length).fill(1)],
  ['int16', (length) => new Int16Array(length).fill(1) as unknown as Data],
  ['int32', (length) => new Int32Array(length).fill(1)],
  ['uint16', (length) => new Uint16Array(length).fill(1)],
  ['uint32', (length) => new Uint32Array(length).fill(1) as unknown as Data],
  ['int64', (length) => new BigInt64Array(length).fill(1n)],
  ['uint64', (length) => new BigUint64Array(length).fill(1n) as unknown as Data],
  ['bool', (length) => new Uint8Array(length).fill(1)],
]);

/**
 * Real numbers stay. Bytes are centred on the middle of their range. Other integers, which are
 * indices or flags, become 1.
 * @throws Error for a type that no number has
 */
export function tensorData(type: string, values: Float32Array): Data {
  if (type === 'float32') return values;
  if (type === 'float64') return Float64Array.from(values);
  if (type === 'float16') return Uint16Array.from(values, toHalf);
  if (type === 'uint8')
    return Uint8Array.from(values, (value) => Math.min(MOST_BYTE, Math.max(0, Math.round(MIDDLE + DEVIATION * value))));
  const make = integers.get(type);
  if (!make) throw new Error(`an input has elements of the type ${type}, which cannot be made up`);
  return make(values.length);
}

/** @param data of the runtime; texts are read as numbers */
export function floatsOf(type: string, data: ArrayLike<unknown>, length: number): Float32Array {
  if (data instanceof Float32Array) return data;
  const half = type === 'float16' && data instanceof Uint16Array;
  return Float32Array.from({ length }, (_, i) => (half ? fromHalf(data[i]!) : Number(data[i])));
}
