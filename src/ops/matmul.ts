// Product of two computed matrices: one multiply-add per output element and inner element.

import { equal, mul, type Dim } from '../dim/dim.js';
import { flag } from '../fields.js';
import { InputError } from '../inputError.js';
import { elements, showShape, type Shape } from '../shape.js';
import { broadcast } from './arithmetic.js';
import { op } from './op.js';

/**
 * [..., M, K] x [..., K, N]; leading sides broadcast. Learnt weights: `linear` or `einsumDense`.
 */
export const matmul = op({
  about: 'product of two inputs, [..., M, K] x [..., K, N], as in attention',
  traffic: 'compute',
  arity: [2, 2],
  fields: {
    transposeFirst: flag('the first is [..., K, M]', false),
    transposeSecond: flag('the second is [..., N, K]', false),
  },
  outShape([a, b], { transposeFirst, transposeSecond }) {
    const [m, k] = matrix(a!, transposeFirst);
    const [inner, n] = matrix(b!, transposeSecond);
    if (m === undefined || k === undefined || inner === undefined || n === undefined || !equal(k, inner))
      throw new InputError(`${showShape(a!)} and ${showShape(b!)} cannot be multiplied as matrices`);
    return [...broadcast(a!.slice(0, -2), b!.slice(0, -2)), m, n];
  },
  multAdds: ([a], out, { transposeFirst }) => mul(elements(out), matrix(a!, transposeFirst)[1]!),
});

/** Rows and columns of a factor, swapped where it is transposed. A transpose here moves no data. */
function matrix(shape: Shape, transposed: boolean): readonly (Dim | undefined)[] {
  const [rows, columns] = shape.length < 2 ? [] : shape.slice(-2);
  return transposed ? [columns, rows] : [rows, columns];
}
