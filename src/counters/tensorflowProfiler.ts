// What TensorFlow's profiler counts: the float operations that its ops are registered with.

import type { CallName } from './call.js';
import { rule, type Counter, type NodeRules } from './counter.js';
import * as printed from './printed.js';
import * as q from './quantity.js';

/** BiasAdd is an op of its own, with one operation for each element. */
const withBias = [rule(2, q.multAdds), rule(1, q.bias)];
const perElement = [rule(1, q.outputs('element of an element-wise op'))];
const ofAll = (names: readonly CallName[], rules: NodeRules[CallName]): NodeRules =>
  Object.fromEntries(names.map((name) => [name, rules]));

const ELEMENTWISE: readonly CallName[] = [
  ...(['add', 'subtract', 'multiply', 'scale', 'scaleBy', 'shiftBy', 'divide', 'maximum', 'minimum'] as const),
  ...(['maximumWith', 'minimumWith', 'power', 'powerOf', 'square', 'reciprocal', 'logarithm', 'negate'] as const),
  ...(['equal', 'notEqual', 'greater', 'greaterOrEqual', 'less', 'lessOrEqual'] as const),
];

/**
 * By op of TensorFlow 2: FusedBatchNormV3, Relu, Sigmoid, BatchMatMulV2, Einsum, Conv3D and
 * resizing are not registered.
 */
export const TENSORFLOW_PROFILER: Counter = {
  name: 'tensorflow',
  title: 'tf.profiler',
  measures: 'operations',
  brief: 'ops of the graph: 2 per multiply-add, biases, pools, means',
  says: 'It counts 2 for each multiply-add of convolutions and dense layers, each bias, window element of a pool, input of a mean and element of arithmetic, 5 for each element of a softmax; batch norms, ReLUs and products of two activations have no count.',
  source: 'TensorFlow 2: python/profiler/internal/flops_registry.py, python/ops/nn_ops.py, python/ops/math_ops.py',
  hooks: {
    nodes: {
      ...ofAll(['conv', 'conv1d', 'linear', 'dynamicConv'], withBias),
      ...ofAll(['convTranspose', 'convTranspose1d'], [rule(1, q.transposedOperations), rule(1, q.bias)]),
      // Conv3D itself is not registered.
      ...ofAll(['conv3d', 'convTranspose3d'], [rule(0, q.multAdds), rule(1, q.bias)]),
      ...ofAll(['matmul', 'einsum', 'einsumDense', 'localConv', 'rnn', 'gru', 'simpleRnn'], [rule(0, q.multAdds)]),
      ...ofAll(['deformConv'], [rule(0, q.multAdds)]),
      ...ofAll(['maxPool', 'avgPool'], [rule(1, q.poolWindows)]),
      ...ofAll(['adaptiveAvgPool', 'mean'], [rule(1, q.inputs('input of a mean'))]),
      ...ofAll(['sum', 'argMax', 'argMin'], [rule(1, q.reducedElements)]),
      ...ofAll(ELEMENTWISE, perElement),
      softmax: [rule(5, q.outputs('softmax element'))],
      reciprocalSquareRoot: [rule(2, q.outputs('element of a reciprocal square root'))],
      squaredDifference: [rule(2, q.outputs('element of a squared difference'))],
    },
  },
  print: printed.tensorflowText,
};
