// Comparisons, logic and selection: one operation per element of the result.

import { real } from '../fields.js';
import { elements } from '../shape.js';
import { broadcast } from './arithmetic.js';
import { op } from './op.js';

const combine = (about: string) =>
  op({
    about: `${about}, sides of 1 are broadcast`,
    traffic: 'elementwise',
    arity: [2, 2],
    fields: {},
    outShape: ([a, b]) => broadcast(a!, b!),
    elementwise: (_, out) => elements(out),
  });

export const equal = combine('1 where both are equal');
export const notEqual = combine('1 where both differ');
export const greater = combine('1 where the first is greater');
export const greaterOrEqual = combine('1 where the first is not less');
export const less = combine('1 where the first is less');
export const lessOrEqual = combine('1 where the first is not greater');
export const and = combine('logical and');
export const or = combine('logical or');
export const exclusiveOr = combine('logical exclusive or');
export const modulo = combine('remainder of a division');
export const floorDivide = combine('quotient rounded down');
export const powerOf = combine('the first to the power of the second');
export const squaredDifference = combine('square of the difference');
export const arcTangent2 = combine('angle of the point (second, first)');

/** As NumPy's where. */
export const select = op({
  about: 'the second input where the first holds, the third elsewhere; sides of 1 are broadcast',
  traffic: 'elementwise',
  arity: [3, 3],
  fields: {},
  outShape: ([condition, a, b]) => broadcast(condition!, broadcast(a!, b!)),
  elementwise: (_, out) => elements(out),
});

export const maskedFill = op({
  about: 'a number where the second input holds, the first input elsewhere',
  traffic: 'elementwise',
  arity: [2, 2],
  fields: { value: real('what is filled in', 0) },
  outShape: ([a, mask]) => broadcast(a!, mask!),
  elementwise: (_, out) => elements(out),
});
