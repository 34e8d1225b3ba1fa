// What onnx-tool counts: instructions of each node of an ONNX file, which it calls MACs.

import type { CallName } from './call.js';
import { rule, type Counter, type NodeRules } from './counter.js';
import * as printed from './printed.js';
import * as q from './quantity.js';

/** Its costs of one element, in instructions. */
const [DIVIDE, EXPONENTIAL, LOGARITHM, SINE, ROOT] = [4, 32, 43, 39, 24];
const TANGENT = EXPONENTIAL + 2 + DIVIDE;

/** Per element of the output, by the node or nodes that PyTorch's exporter writes for the call. */
const PER_ELEMENT: Readonly<Partial<Record<CallName, number>>> = {
  batchNorm: 1 + ROOT + DIVIDE + 1 + 1,
  // It takes the number of further inputs, scale and shift, as a factor.
  instanceNorm: 2 * (1 + 1 + 1 + DIVIDE),
  // InstanceNormalization, Mul, Add.
  groupNorm: 2 * (1 + 1 + 1 + DIVIDE) + 2,
  relu: 1,
  relu6: 2,
  clip: 2,
  leakyRelu: 2,
  prelu: 2,
  elu: 1 + EXPONENTIAL + 1 + 1,
  sigmoid: EXPONENTIAL,
  silu: EXPONENTIAL + 1,
  hardSigmoid: 4,
  hardSwish: 5,
  // A factor of 2 beside the formula.
  tanh: 2 * TANGENT,
  softplus: EXPONENTIAL + 1 + LOGARITHM,
  mish: EXPONENTIAL + 1 + LOGARITHM + 2 * TANGENT + 1,
  // Div, Erf, Add, Mul, Mul; Erf has no count.
  gelu: DIVIDE + 3,
  softmax: EXPONENTIAL + DIVIDE,
  logSoftmax: EXPONENTIAL + DIVIDE + 1 + LOGARITHM,
  add: 1,
  subtract: 1,
  multiply: 1,
  scale: 1,
  scaleBy: 1,
  shiftBy: 1,
  divide: DIVIDE,
  maximum: 1,
  minimum: 1,
  maximumWith: 1,
  minimumWith: 1,
  modulo: 1,
  power: EXPONENTIAL,
  powerOf: EXPONENTIAL,
  exponential: EXPONENTIAL,
  logarithm: LOGARITHM,
  squareRoot: ROOT,
  reciprocal: DIVIDE,
  absolute: 1,
  negate: 1,
  sine: SINE,
  cosine: SINE,
  floor: 1,
  ceil: 1,
  round: 1,
  sign: 1,
  not: 1,
  and: 1,
  or: 1,
  exclusiveOr: 1,
  equal: 1,
  greater: 1,
  greaterOrEqual: 1,
  less: 1,
  lessOrEqual: 1,
  cumSum: 1,
  quantize: 2,
  dequantize: 2,
  bilinear: 4,
  linearlyResized: 4,
  trilinear: 4,
  bicubic: 8,
};

const withBias = [rule(1, q.multAdds), rule(1, q.bias)];
const withSteps = [rule(1, q.multAdds), rule(1, q.biasesPerStep)];
const ofAll = (names: readonly CallName[], rules: NodeRules[CallName]): NodeRules =>
  Object.fromEntries(names.map((name) => [name, rules]));

export const ONNX_TOOL: Counter = {
  name: 'onnx-tool',
  title: 'onnx-tool',
  measures: 'multAdds',
  brief: 'nodes: multiply-adds, biases, instructions of all else',
  says: "It adds to multiply-adds and biases the instructions of every other node: 31 for each element of a batch norm, 1 of a ReLU or sum, 32 of an exponential, each element of a pool's window.",
  source: 'onnx-tool 1.0.1: onnx_tool/node.py, as PyTorch exports the network',
  hooks: {
    nodes: {
      ...Object.fromEntries(
        Object.entries(PER_ELEMENT).map(([name, times]) => [name, [rule(times, q.outputs(`element of ${name}`))]]),
      ),
      ...ofAll(['conv', 'conv1d', 'conv3d', 'dynamicConv', 'linear'], withBias),
      ...ofAll(['matmul', 'einsum', 'einsumDense'], [rule(1, q.multAdds)]),
      ...ofAll(
        ['convTranspose', 'convTranspose1d', 'convTranspose3d'],
        [rule(1, q.weightsPerOutputOfGroup), rule(1, q.bias)],
      ),
      ...ofAll(['deformConv', 'localConv', 'simpleRnn'], [rule(0, q.multAdds)]),
      // Of each gate a sum, and 32 for a sigmoid, 38 for a tanh; then the blends.
      rnn: [...withSteps, rule(4 + 3 * EXPONENTIAL + 2 * TANGENT + 4, q.stateElements(9))],
      gru: [...withSteps, rule(3 + 2 * EXPONENTIAL + TANGENT + 5, q.stateElements(8))],
      ...ofAll(['maxPool', 'avgPool'], [rule(1, q.poolWindows)]),
      adaptiveAvgPool: [rule(1, q.adaptiveInputs), rule(DIVIDE, q.globalMeans)],
      ...ofAll(['mean', 'sum', 'channelMax', 'minimumOf', 'productOf'], [rule(1, q.inputs('input of a reduction'))]),
      norm: [rule(1 + ROOT, q.inputs('input of a length'))],
      layerNorm: [rule(7, q.layerNormElements), rule(1 + ROOT + DIVIDE, q.normedVectors)],
      localResponseNorm: [
        rule(DIVIDE + EXPONENTIAL + 1, q.outputs('element of localResponseNorm')),
        rule(1, q.neighbours),
      ],
    },
  },
  print: printed.onnxToolText,
};
