// How are matrix products read? With learnt weights they are fully connected layers, with two computed inputs they are products.

import { equal } from '../../../dim/dim.js';
import type { Value } from '../../../graph.js';
import { InputError } from '../../../inputError.js';
import { showShape } from '../../../shape.js';
import { isConstant, type Constant } from '../operand.js';
import { numbersOf } from './convolution.js';
import type { Conversion, Made, Row } from './conversion.js';

/** [N, K] x [K, M], or [M, K] where it is transposed, plus an offset. */
function gemm(call: Conversion): Made {
  const { attributes } = call;
  const x = turned(call, call.data(0), attributes.int('transA', 0) !== 0);
  const other = call.operand(1);
  if (!isConstant(other)) {
    const product = call.apply('matmul', [x, turned(call, other, attributes.int('transB', 0) !== 0, 'turned2')]);
    return call.inputs[2] ? call.apply('add', [product, call.data(2)], {}, {}, 'add') : product;
  }
  const sides = numbersOf(other);
  const [inner, features] = attributes.int('transB', 0) ? [sides[1], sides[0]] : sides;
  if (sides.length !== 2 || x.shape.length !== 2 || !equal(x.shape[1]!, inner!))
    throw call.misfit('weights', sides, x.shape);
  const bias = call.optional(2, 'biases');
  return call.apply('linear', x, { features: features!, bias: bias !== undefined }, { weight: other, bias });
}

function turned(call: Conversion, x: Value, transposed: boolean, part = 'turned'): Value {
  if (!transposed) return x;
  if (x.shape.length !== 2) throw new InputError(`it transposes ${showShape(x.shape)}, which is no matrix`);
  return call.apply('transpose', x, { order: [1, 0] }, {}, part);
}

/** @param slots where the two inputs are: quantised ops have scales between them */
function matmul(call: Conversion, [a, b]: readonly [number, number], bias?: Constant): Made {
  const weight = call.operand(b);
  if (!isConstant(weight) || weight.shape.length !== 2) return call.apply('matmul', [call.data(a), call.data(b)]);
  const x = call.data(a);
  const [inner, features] = numbersOf(weight);
  if (x.shape.length < 2 || !equal(x.shape.at(-1)!, inner!)) throw call.misfit('weights', weight.shape, x.shape);
  return call.apply('linear', x, { features: features!, bias: bias !== undefined }, { weight, bias });
}

export const linearWithBias = (call: Conversion, bias: Constant): Made => matmul(call, [0, 1], bias);

export const LINEARS: Readonly<Record<string, Row>> = {
  Gemm: { weights: [1, 2], convert: gemm },
  MatMul: { convert: (call) => matmul(call, [0, 1]) },
  QLinearMatMul: { weights: [1, 2, 4, 5, 6, 7], convert: (call) => matmul(call, [0, 3]) },
  MatMulInteger: { weights: [2, 3], convert: (call) => matmul(call, [0, 1]) },
};
