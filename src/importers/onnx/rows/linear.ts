// Rows of matrix products: fully connected with learnt weights, else products of two inputs.

import { equal } from '../../../dim/dim.js';
import type { Value } from '../../../graph.js';
import { InputError } from '../../../inputError.js';
import { showShape, type Shape } from '../../../shape.js';
import { regrouped } from '../../kit/moves.js';
import { isConstant, type Constant } from '../../kit/operand.js';
import { asParameter, optionalParameter, type Call, type Results, type OnnxRow } from '../onnxCall.js';
import { demandBias, numbersOf } from './convolution.js';

interface Slots {
  readonly a: number;
  readonly b: number;
  readonly bias?: number;
}

/** [N, K] x [K, M], or [M, K] where it is transposed, plus an offset. */
export const gemm =
  ({ a, b, bias: offset = -1 }: Slots) =>
  (call: Call): Results => {
    const { attributes } = call.file;
    const x = turned(call, call.data(a), attributes.int('transA', 0) !== 0);
    const other = call.operand(b);
    if (!isConstant(other)) {
      const product = call.apply('matmul', [x, turned(call, other, attributes.int('transB', 0) !== 0, 'turned2')]);
      return call.has(offset) ? call.apply('add', [product, call.data(offset)], {}, {}, 'add') : product;
    }
    const weight = asParameter(other, call.file.inputs[b]!);
    const sides = numbersOf(weight);
    const [inner, features] = attributes.int('transB', 0) ? [sides[1], sides[0]] : sides;
    if (sides.length !== 2 || x.shape.length !== 2 || !equal(x.shape[1]!, inner!))
      throw call.misfit('weights', sides, x.shape);
    const bias = optionalParameter(call, offset, 'biases');
    return call.apply('linear', x, { features: features!, bias: bias !== undefined }, { weight, bias });
  };

function turned(call: Call, x: Value, transposed: boolean, part = 'turned'): Value {
  if (!transposed) return x;
  if (x.shape.length !== 2) throw new InputError(`it transposes ${showShape(x.shape)}, which is not a matrix`);
  return call.apply('transpose', x, { order: [1, 0] }, {}, part);
}

/** A vector stands for a matrix of one row, or of one column, whose side is dropped again. */
function matmul(call: Call, { a, b }: Slots, bias?: Constant): Results {
  const weight = call.operand(b);
  const [rows, columns] = [call.rank(a) > 1, call.rank(b) > 1];
  if (call.rank(a) === 0 || call.rank(b) === 0) throw call.misfit('weights', weight.shape, call.shape(a));
  if (isConstant(weight) && weight.shape.length <= 2)
    return linear(call, call.data(a), asParameter(weight, call.file.inputs[b]!), bias);
  const [x, y] = [call.data(a), call.data(b)];
  if (rows && columns) return call.apply('matmul', [x, y]);
  const first = rows ? x : regrouped(call, x, [1, ...x.shape], 'row');
  const second = columns ? y : regrouped(call, y, [...y.shape, 1], 'column');
  const product = call.apply('matmul', [first, second]);
  const front = product.shape.slice(0, -2);
  return regrouped(
    call,
    product,
    [...front, ...(rows ? [product.shape.at(-2)!] : []), ...(columns ? [product.shape.at(-1)!] : [])],
    'sides',
  );
}

/** A layer whose weight is [inner, features]. */
export function linearBy(call: Call, x: Value, weight: Constant, bias: Constant | undefined, part: string): Value {
  const [inner, features] = numbersOf(weight);
  if (weight.shape.length !== 2 || x.shape.length < 2 || !equal(x.shape.at(-1)!, inner!))
    throw call.misfit('weights', weight.shape, x.shape);
  demandBias(bias, features!);
  return call.apply('linear', x, { features: features!, bias: bias !== undefined }, { weight, bias }, part);
}

/** @param weight [inner, features], or [inner] for a single feature */
function linear(call: Call, x: Value, weight: Constant, bias?: Constant): Results {
  const [inner, features = 1] = numbersOf(weight);
  if (!equal(x.shape.at(-1)!, inner!) || (bias && x.shape.length < 2))
    throw call.misfit('weights', weight.shape, x.shape);
  const list = x.shape.length === 1;
  const rows = list ? regrouped(call, x, [1, ...x.shape], 'row') : x;
  const made = call.apply('linear', rows, { features, bias: bias !== undefined }, { weight, bias });
  const sides: Shape = [...(list ? [] : x.shape.slice(0, -1)), ...(weight.shape.length === 1 ? [] : [features])];
  return regrouped(call, made, sides, 'sides');
}

export const linearWithBias = (call: Call, bias: Constant): Results => matmul(call, { a: 0, b: 1 }, bias);

const product =
  (slots: Slots): OnnxRow['convert'] =>
  (call) =>
    matmul(call, slots);

export const LINEARS: Readonly<Record<string, OnnxRow>> = {
  Gemm: { weights: [1, 2], convert: gemm({ a: 0, b: 1, bias: 2 }) },
  QGemm: { weights: [1, 2, 3, 4, 5, 6, 7, 8], convert: gemm({ a: 0, b: 3, bias: 6 }) },
  MatMul: { convert: product({ a: 0, b: 1 }) },
  QLinearMatMul: { weights: [1, 2, 4, 5, 6, 7], convert: product({ a: 0, b: 3 }) },
  MatMulInteger: { weights: [2, 3], convert: product({ a: 0, b: 1 }) },
  MatMulInteger16: { convert: product({ a: 0, b: 1 }) },
  MatMulIntegerToFloat: { weights: [2, 3, 4, 5], convert: product({ a: 0, b: 1 }) },
  DynamicQuantizeMatMul: { weights: [1, 2, 3], convert: product({ a: 0, b: 1 }) },
};
