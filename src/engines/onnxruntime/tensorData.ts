// Turns float32 numbers into the element type that a tensor of ONNX Runtime has, and back.

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

/** @param data what the runtime returned; texts count as numbers where they are some */
export function floatsOf(type: string, data: ArrayLike<unknown>, length: number): Float32Array {
  if (data instanceof Float32Array) return data;
  const half = type === 'float16' && data instanceof Uint16Array;
  return Float32Array.from({ length }, (_, i) => (half ? fromHalf(data[i]!) : Number(data[i])));
}

const BITS = new DataView(new ArrayBuffer(4));

/** IEEE half precision: 1 bit of sign, 5 of exponent, 10 of fraction; ties are rounded up. */
export function toHalf(value: number): number {
  BITS.setFloat32(0, value);
  const bits = BITS.getUint32(0);
  const sign = (bits >>> 16) & 0x8000;
  const rounded = (bits & 0x7fffffff) + 0x1000;
  if (rounded >= 0x47800000) return sign | 0x7c00 | (Number.isNaN(value) ? 1 : 0);
  // Smaller than the least normal number: it has an exponent of 0.
  if (rounded < 0x38800000) return sign | Math.round(Math.abs(value) * 2 ** 24);
  return sign | ((rounded - 0x38000000) >>> 13);
}

export function fromHalf(bits: number): number {
  const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
