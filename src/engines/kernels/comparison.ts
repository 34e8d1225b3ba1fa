// Runs comparisons and choices by tfjs's own ops. Their booleans become 1 and 0.

import { kernel, scalar, truth, type KernelCall, type Tensor, type Tf } from './kernel.js';
import { aligned } from './sides.js';

const combine = (run: (tf: Tf, a: Tensor, b: Tensor) => Tensor) => ({
  run({ tf, tensors: [a, b], out }: KernelCall): Tensor {
    return run(tf, aligned(tf, a!, out.length), aligned(tf, b!, out.length));
  },
});
const compare = (run: (tf: Tf, a: Tensor, b: Tensor) => Tensor) =>
  combine((tf, a, b) => tf.cast(run(tf, a, b), 'float32'));

export const equal = compare((tf, a, b) => tf.equal(a, b));
export const notEqual = compare((tf, a, b) => tf.notEqual(a, b));
export const greater = compare((tf, a, b) => tf.greater(a, b));
export const greaterOrEqual = compare((tf, a, b) => tf.greaterEqual(a, b));
export const less = compare((tf, a, b) => tf.less(a, b));
export const lessOrEqual = compare((tf, a, b) => tf.lessEqual(a, b));
export const and = combine((tf, a, b) => tf.mul(truth(tf, a), truth(tf, b)));
export const or = combine((tf, a, b) => tf.maximum(truth(tf, a), truth(tf, b)));
export const exclusiveOr = combine((tf, a, b) => tf.abs(tf.sub(truth(tf, a), truth(tf, b))));
export const modulo = combine((tf, a, b) => tf.mod(a, b));
export const floorDivide = combine((tf, a, b) => tf.floor(tf.div(a, b)));
export const powerOf = combine((tf, a, b) => tf.pow(a, b));
export const squaredDifference = combine((tf, a, b) => tf.squaredDifference(a, b));
export const arcTangent2 = combine((tf, a, b) => tf.atan2(a, b));

const zero = { prepare: () => ({ zero: scalar(0) }) };
export const select = kernel<'select'>({
  ...zero,
  run({ tf, tensors, out, prepared }) {
    const [condition, a, b] = tensors.map((x) => aligned(tf, x, out.length));
    return tf.where(tf.notEqual(condition!, prepared['zero']!), a!, b!);
  },
});

export const maskedFill = kernel<'maskedFill'>({
  prepare: ({ values: { value } }) => ({ zero: scalar(0), value: scalar(value) }),
  run({ tf, tensors, out, prepared }) {
    const [x, mask] = tensors.map((each) => aligned(tf, each, out.length));
    return tf.where(tf.notEqual(mask!, prepared['zero']!), prepared['value']!, x!);
  },
});
