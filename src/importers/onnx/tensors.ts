// Tensors of an ONNX file as constants: shapes always, numbers where they are few and inside.

import { fromHalf } from '../../half.js';
import { InputError } from '../../inputError.js';
import { shown } from '../../document/problem.js';
import type { Bytes } from '../protobuf/message.js';
import { DATA_TYPES, type OnnxTensor } from './messages.js';
import { constant, isSingle, MOST_ITEMS, type Constant } from '../kit/operand.js';

/** TensorProto.DataLocation: the numbers are in another file. */
export const EXTERNAL = 1;

interface ElementType {
  readonly type: Constant['type'];
  /** Bytes of one element, and how they are read from raw data. */
  readonly bytes: number;
  raw(view: DataView, at: number): number;
  /** What the number is that a typed field holds. */
  typed?(value: number): number;
}

const whole = (bytes: number, raw: ElementType['raw']): ElementType => ({ type: 'int', bytes, raw });
const real = (bytes: number, raw: ElementType['raw'], typed?: ElementType['typed']): ElementType => ({
  type: 'float',
  bytes,
  raw,
  ...(typed ? { typed } : {}),
});
const long = (value: bigint): number =>
  Number.isSafeInteger(Number(value)) ? Number(value) : Number(value) * Infinity;

const ELEMENT_TYPES: Readonly<Record<number, ElementType>> = {
  [DATA_TYPES.float]: real(4, (view, at) => view.getFloat32(at, true)),
  [DATA_TYPES.double]: real(8, (view, at) => view.getFloat64(at, true)),
  [DATA_TYPES.float16]: real(2, (view, at) => fromHalf(view.getUint16(at, true)), fromHalf),
  [DATA_TYPES.bfloat16]: real(2, (view, at) => fromBfloat16(view.getUint16(at, true)), fromBfloat16),
  [DATA_TYPES.uint8]: whole(1, (view, at) => view.getUint8(at)),
  [DATA_TYPES.int8]: whole(1, (view, at) => view.getInt8(at)),
  [DATA_TYPES.bool]: whole(1, (view, at) => view.getUint8(at)),
  [DATA_TYPES.uint16]: whole(2, (view, at) => view.getUint16(at, true)),
  [DATA_TYPES.int16]: whole(2, (view, at) => view.getInt16(at, true)),
  [DATA_TYPES.uint32]: whole(4, (view, at) => view.getUint32(at, true)),
  [DATA_TYPES.int32]: whole(4, (view, at) => view.getInt32(at, true)),
  [DATA_TYPES.uint64]: whole(8, (view, at) => long(view.getBigUint64(at, true))),
  [DATA_TYPES.int64]: whole(8, (view, at) => long(view.getBigInt64(at, true))),
};

/**
 * Whether elements of this type are real numbers, as weights are; types without a row here (float8,
 * int4) hold weights too.
 */
export const isReal = (dataType: number | undefined): boolean =>
  (ELEMENT_TYPES[dataType ?? 0]?.type ?? 'float') === 'float';

/** Bytes of one element; undefined for a type whose numbers are not read. */
export const bytesOf = (dataType: number): number | undefined => ELEMENT_TYPES[dataType]?.bytes;

/** @throws InputError for sides that no tensor has, or numbers that do not fill them */
export function constantOf(tensor: OnnxTensor): Constant {
  const { dims } = tensor;
  const odd = dims.find((side) => !(Number.isSafeInteger(side) && side >= 0));
  if (odd !== undefined)
    throw new InputError(`the tensor ${shown(tensor.name ?? '')} has a side of ${odd}: sides are whole numbers`);
  const type = isReal(tensor.dataType) ? 'float' : 'int';
  const count = dims.reduce((all, side) => all * side, 1);
  if (count > MOST_ITEMS) return constant(type, dims);
  return constant(type, dims, itemsOf(tensor, count));
}

/**
 * "scales.0.scale": a name that exporters give what a module learns, and nothing that they compute.
 */
const OF_MODULE = /^[A-Za-z_]\w*(\.\w+)+$/;

/**
 * The same of a tensor that is stored under a name: real numbers were learnt. A single one is a
 * number of a formula.
 */
export function storedOf(tensor: OnnxTensor): Constant {
  const made = constantOf(tensor);
  const { name = '', dims } = tensor;
  const learnt = made.type === 'float' && (!isSingle(made) || OF_MODULE.test(name));
  if (!learnt) return made;
  return constant('float', made.shape, made.items, [{ id: name, elements: dims.reduce((all, side) => all * side, 1) }]);
}

/** Types without numbers that we read: float8 in four forms, and two integers of half a byte. */
const FURTHER_BYTES: Readonly<Record<number, number>> = { 17: 1, 18: 1, 19: 1, 20: 1, 21: 0.5, 22: 0.5, 23: 0.5 };
/** Sizes and indices, which are no weights. */
const INDICES: ReadonlySet<number> = new Set([DATA_TYPES.int64, DATA_TYPES.bool]);

/** Bytes of one element of most stored weights; undefined where there are none. */
export function bytesPerElementIn(tensors: readonly OnnxTensor[]): number | undefined {
  const elements = new Map<number, number>();
  for (const { dataType = 0, dims } of tensors) {
    const bytes = ELEMENT_TYPES[dataType]?.bytes ?? FURTHER_BYTES[dataType];
    if (bytes === undefined || INDICES.has(dataType)) continue;
    const count = dims.reduce((all, side) => all * side, 1);
    elements.set(bytes, (elements.get(bytes) ?? 0) + count);
  }
  return [...elements].sort(([, a], [, b]) => b - a)[0]?.[0];
}

/** Whether its numbers were taken out of the file and stand nowhere else. */
export function isStripped({ dims, dataLocation, rawData, ...typed }: OnnxTensor): boolean {
  if (dataLocation === EXTERNAL || dims.some((side) => side === 0)) return false;
  if (rawData) return rawData.length === 0;
  const { floatData, int32Data, int64Data, doubleData, uint64Data, dataType } = typed;
  const numberFields = [floatData, int32Data, int64Data, doubleData, uint64Data];
  return dataType !== DATA_TYPES.string && numberFields.every(({ length }) => length === 0);
}

function itemsOf(tensor: OnnxTensor, count: number): readonly number[] | undefined {
  const { dataType = 0, rawData, dataLocation, name = '' } = tensor;
  const reading = ELEMENT_TYPES[dataType];
  if (reading === undefined || dataLocation === EXTERNAL) return undefined;
  const found = rawData ? fromRaw(rawData, reading) : typedItems(tensor, reading);
  // A file whose weights were stripped keeps their shapes.
  if (found.length === 0) return count === 0 ? found : undefined;
  if (found.length !== count)
    throw new InputError(`the tensor ${shown(name)} has ${found.length} numbers where its sides need ${count}`);
  return found;
}

function fromRaw({ length, content }: Bytes, { bytes, raw }: ElementType): readonly number[] {
  const view = content && new DataView(content.buffer, content.byteOffset, content.byteLength);
  // Bytes that were not kept are more than the few numbers need: only their count is of interest
  // then.
  return Array.from({ length: Math.min(length / bytes, MOST_ITEMS + 1) }, (_, i) => (view ? raw(view, i * bytes) : 0));
}

/** Each type has one field that holds it; the others are empty. */
function typedItems(tensor: OnnxTensor, { typed }: ElementType): readonly number[] {
  const { floatData, int32Data, int64Data, doubleData, uint64Data } = tensor;
  const found = [floatData, int32Data, int64Data, doubleData, uint64Data].find((values) => values.length > 0) ?? [];
  return typed ? found.map(typed) : found;
}

/** The upper half of a single-precision number. */
function fromBfloat16(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, bits << 16);
  return view.getFloat32(0);
}
