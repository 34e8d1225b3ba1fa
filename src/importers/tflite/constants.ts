// Constants of a TFLite file: shapes, numbers where they are few, and which were learnt.

import { InputError } from '../../inputError.js';
import { shown } from '../../document/problem.js';
import { constant, MOST_ITEMS, type Constant } from '../kit/operand.js';
import type { Tables } from './readTables.js';
import type { Table } from './tables.js';
import { TENSOR_TYPES } from './tensorTypes.js';

type Tensor = Table<'Tensor'>;

/** Learnt numbers that are kept: bounds, exponents and factors of formulas. */
const MOST_LEARNT_ITEMS = 16;

/** Position and length of a tensor's data; undefined where the tensor is no constant. */
export function dataOf({ data, offset, size }: Table<'Buffer'>): { at: number; length: number } | undefined {
  if (data.length > 0) return data;
  return size > 1 ? { at: offset, length: size } : undefined;
}

export const isQuantized = ({ quantization }: Tensor): boolean => (quantization?.scale.length ?? 0) > 0;

/** Real numbers and quantized ones are learnt. Shapes, axes and indices have no scale. */
export const isLearnt = (tensor: Tensor): boolean => TENSOR_TYPES[tensor.type]?.real === true || isQuantized(tensor);

export const elementsOf = ({ shape }: Tensor): number => shape.reduce((all, side) => all * side, 1);

/**
 * @param id of the stored tensor, where it was learnt
 * @throws InputError for a shape that no tensor has, and data that do not fill it
 */
export function constantOf(tables: Tables, tensor: Tensor, data: { at: number; length: number }, id: string): Constant {
  const { shape, type, name, sparsity } = tensor;
  const kind = TENSOR_TYPES[type];
  if (!kind) throw new InputError(`the tensor ${shown(name)} has the type ${type}, which TFLite does not have`);
  const odd = shape.find((side) => side < 0);
  const elements = elementsOf(tensor);
  if (odd !== undefined || !Number.isSafeInteger(elements))
    throw new InputError(`the constant ${shown(name)} has the shape [${shape.join(', ')}], which no tensor has`);
  tables.demandInside(data.at, data.length);
  const bytes = Math.ceil((elements * kind.bits) / 8);
  if (kind.bits > 0 && sparsity === undefined && data.length !== bytes)
    throw new InputError(
      `the constant ${shown(name)} stores ${data.length} bytes where its shape [${shape.join(', ')}] needs ${bytes}`,
    );
  const dense = kind.bits > 0 && sparsity === undefined;
  if (!isLearnt(tensor))
    return constant('int', shape, dense ? itemsOf(tables, tensor, data.at, MOST_ITEMS) : undefined);
  const items = dense ? itemsOf(tables, tensor, data.at, MOST_LEARNT_ITEMS) : undefined;
  return constant('float', shape, items, [{ id, elements }]);
}

function itemsOf(tables: Tables, tensor: Tensor, at: number, most: number): readonly number[] | undefined {
  const { bits, read } = TENSOR_TYPES[tensor.type]!;
  const count = elementsOf(tensor);
  if (!read || count > most) return undefined;
  const bytes = tables.bytes(at, (count * bits) / 8);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const stored = Array.from({ length: count }, (_, i) => read(view, (i * bits) / 8));
  return isQuantized(tensor) ? dequantized(tables, tensor, stored) : stored;
}

/** (stored - zero point) x scale, where the whole tensor has one scale. */
function dequantized(
  tables: Tables,
  { quantization }: Tensor,
  stored: readonly number[],
): readonly number[] | undefined {
  const { scale, zeroPoint } = quantization!;
  if (scale.length !== 1) return undefined;
  const factor = tables.f32(scale.at);
  const zero = zeroPoint.length === 0 ? 0 : tables.i32(zeroPoint.at);
  return stored.map((item) => (item - zero) * factor);
}
