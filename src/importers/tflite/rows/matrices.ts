// Rows of TFLite's matrix products: fully connected layers, and two computed tensors.

import { div, equal, isNumber, product, type Dim } from '../../../dim/dim.js';
import { show } from '../../../dim/text.js';
import type { Value } from '../../../graph.js';
import { InputError } from '../../../inputError.js';
import { elements, showShape, type Shape } from '../../../shape.js';
import { isConstant, type Constant } from '../../kit/operand.js';
import { optionsOf } from '../network.js';
import { data, fileSides, inFileOrder, like, plain, regrouped, type Call } from '../sides.js';
import { activated } from './fused.js';

/** Weights [out, in]. The input is flattened to [-1, in] unless its sides are kept. */
export function fullyConnected(call: Call): Value {
  const options = optionsOf(call.file, 'FullyConnected');
  const given = data(call, 0);
  const [features, seen] = weightSides(call);
  const kept = options.keepSides === 1;
  const x = kept ? plain(call, given) : regrouped(call, given, [rows(given.shape, seen), seen], 'rows');
  if (!equal(x.shape.at(-1) ?? 1, seen))
    throw new InputError(`its weights see ${seen} features, and its input is ${showShape(fileSides(given))}`);
  return activated(call, multiplied(call, x, features), options.fused);
}

function weightSides(call: Call): readonly [features: number, seen: number] {
  const sides = call.shape(1);
  if (sides.length !== 2 || !sides.every((side) => isNumber(side) && side >= 1))
    throw new InputError(`its weights ${showShape(sides)} are not a matrix`);
  return sides as readonly [number, number];
}

function rows(shape: Shape, seen: number): Dim {
  const all = elements(shape);
  if (isNumber(all) && all % seen !== 0)
    throw new InputError(`its weights see ${seen} features, of which ${showShape(shape)} has no whole number`);
  return div(all, seen);
}

function multiplied(call: Call, x: Value, features: number): Value {
  const weight = call.operand(1);
  if (!isConstant(weight)) {
    const made = call.apply('matmul', [x, weight], { transposeSecond: true });
    return call.has(2) ? call.apply('add', [made, call.data(2)], {}, {}, 'bias') : made;
  }
  const bias = call.optional(2, 'biases');
  return like(x, call.apply('linear', x, { features, bias: bias !== undefined }, { weight, bias }));
}

/** x y, or their transposes; y may be a stored matrix. */
export function batchMatMul(call: Call): Value {
  const options = optionsOf(call.file, 'BatchMatMul');
  const [first, second] = [options.adjX === 1, options.adjY === 1];
  const y = call.operand(1);
  const stored = isConstant(y) && !first ? asMatrix(y, second) : undefined;
  if (stored) {
    const x = plain(call, data(call, 0));
    if (!equal(x.shape.at(-1) ?? 1, stored.seen))
      throw new InputError(`its weights see ${show(stored.seen)} features, and its input is ${showShape(x.shape)}`);
    return inFileOrder(call.apply('linear', x, { features: stored.features, bias: false }, { weight: y as Constant }));
  }
  const [a, b] = [plain(call, data(call, 0), 'first'), plain(call, data(call, 1), 'second')];
  return inFileOrder(call.apply('matmul', [a, b], { transposeFirst: first, transposeSecond: second }));
}

/**
 * A constant that is one matrix, whatever sides of 1 stand before it: then the product is a fully
 * connected layer.
 */
function asMatrix({ shape, stored }: Constant, transposed: boolean): { seen: Dim; features: Dim } | undefined {
  const [rows, columns] = shape.slice(-2);
  if (!stored || rows === undefined || columns === undefined || product(shape.slice(0, -2)) !== 1) return undefined;
  return transposed ? { seen: columns, features: rows } : { seen: rows, features: columns };
}
