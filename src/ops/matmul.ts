// What does the product of two computed matrices cost? Every element of the result is one multiply-add per inner element.

import { equal, mul } from '../dim/dim.js';
import { InputError } from '../inputError.js';
import { elements, showShape } from '../shape.js';
import { broadcast } from './arithmetic.js';
import { op } from './op.js';

/** [..., M, K] x [..., K, N], sides in front broadcast; a product with learnt weights is `linear`. */
export const matmul = op({
  about: 'product of two inputs, [..., M, K] x [..., K, N], as in attention',
  traffic: 'compute',
  arity: [2, 2],
  fields: {},
  outShape([a, b]) {
    const [m, k] = a!.slice(-2);
    const [inner, n] = b!.slice(-2);
    if (m === undefined || k === undefined || inner === undefined || n === undefined || !equal(k, inner))
      throw new InputError(`${showShape(a!)} and ${showShape(b!)} are no matrices that can be multiplied`);
    return [...broadcast(a!.slice(0, -2), b!.slice(0, -2)), m, n];
  },
  multAdds: ([a], out) => mul(elements(out), a!.at(-1)!),
});
