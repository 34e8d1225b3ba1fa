// Rows of the ops that ONNX Runtime merges (com.microsoft): the ops that stood there before.

import { equal, isNumber } from '../../../dim/dim.js';
import type { Value } from '../../../graph.js';
import { isConstant, type Operand } from '../../kit/operand.js';
import { cut, inChannelsFirst, permuted } from '../../kit/moves.js';
import { wholeSide } from '../../kit/slice.js';
import { valueOf } from '../../kit/call.js';
import { Uncounted } from '../../kit/uncounted.js';
import { asParameter, optionalParameter, parameter, type Call, type OnnxRow, type Results } from '../onnxCall.js';
import { withParameter } from './arithmetic.js';
import { conv } from './convolution.js';
import { gemm, linearBy } from './linear.js';
import { affine, learntPart, normalised, rmsNormalised } from './normalization.js';

/** x plus another input: a learnt offset where it is stored. */
function plus(call: Call, x: Value, i: number, part: string): Value {
  const other = call.operand(i);
  if (isConstant(other)) return withParameter(call, 'shiftBy', x, asParameter(other, call.file.inputs[i]!), part);
  return call.apply('add', [x, other], {}, {}, part);
}

/** x plus a bias and, where there is one, a residual. */
function biasedSum(call: Call): Value {
  const biased = plus(call, call.data(0), 1, 'biased');
  return call.has(2) ? plus(call, biased, 2, 'sum') : biased;
}

const ACTIVATIONS = {
  ...({ Relu: 'relu', Sigmoid: 'sigmoid', Tanh: 'tanh', HardSigmoid: 'hardSigmoid' } as const),
  ...({ LeakyRelu: 'leakyRelu', Clip: 'clip', HardSwish: 'hardSwish', Silu: 'silu', Gelu: 'gelu' } as const),
};

/** By the name that the attribute has; parameters of it change no cost. */
function activated(call: Call, x: Value): Value {
  const named = call.file.attributes.text('activation', '');
  if (named === '') return x;
  if (!Object.hasOwn(ACTIVATIONS, named)) throw new Uncounted(`its activation ${named} is not counted`);
  return call.apply(ACTIVATIONS[named as keyof typeof ACTIVATIONS], x, {}, {}, 'activation');
}

/** Convolution, sum with a fourth input, activation. */
const fusedConv = (call: Call): Results => {
  const made = valueOf(conv(call, [0, 1, 2]));
  return activated(call, call.has(3) ? call.apply('add', [made, call.data(3)], {}, {}, 'sum') : made);
};

/** The same of [N, H, W, C]; the weights stand as in Conv. */
const channelsLastConv = (call: Call): Results => {
  const made = inChannelsFirst(call, call.data(0), (image) =>
    valueOf(conv(call, [0, 1, 2], optionalParameter(call, 2, 'biases'), image)),
  );
  return activated(call, call.has(3) ? call.apply('add', [made, call.data(3)], {}, {}, 'sum') : made);
};

/**
 * The sum of a row for each word, for its position and for its segment, and the norm of it.
 * Inputs: words, segments, three tables, scales, shifts, mask, positions.
 */
function embeddingNorm(call: Call, places = 8): Results {
  const words = rowsOf(call, 2, call.data(0), 'words');
  const positions = call.has(places) ? rowsOf(call, 3, call.data(places), 'positions') : firstRows(call, words);
  const placed = call.apply('add', [words, positions], {}, {}, 'placed');
  const sum =
    call.has(4) && call.has(1)
      ? call.apply('add', [placed, rowsOf(call, 4, call.data(1), 'segments')], {}, {}, 'sum')
      : placed;
  const parts = [learntPart(call, 5, 'scale'), learntPart(call, 6, 'shift')] as const;
  if (call.isRead(1)) throw new Uncounted('something reads the lengths of its masks, which are data');
  return [valueOf(normalised(call, sum.shape.length - 1, ...parts, sum)), undefined, sum];
}

function rowsOf(call: Call, i: number, indices: Value, part: string): Value {
  const weight = parameter(call, i, 'rows');
  const [entries, features] = weight.shape;
  if (weight.shape.length !== 2) throw call.misfit('rows', weight.shape, indices.shape);
  return call.apply('embedding', indices, { entries: entries!, features: features! }, { weight }, part);
}

/** Positions that are not given are 0, 1, ...: the first rows of the table. */
function firstRows(call: Call, words: Value): Value {
  const value = parameter(call, 3, 'rows');
  const table = call.apply('parameter', [], { shape: value.shape }, { value }, 'positions');
  const length = words.shape.at(-2)!;
  return cut(call, table, [{ first: 0, length, step: 1 }, wholeSide(table.shape[1]!)], 'positions.rows');
}

/** leaky ReLU's slope and scales of a quantised activation change no cost. */
const quantised =
  (op: 'sigmoid' | 'leakyRelu' | 'softmax'): OnnxRow['convert'] =>
  (call) =>
    op === 'softmax'
      ? call.apply('softmax', call.data(0), { axis: call.axis(call.file.attributes.int('axis', -1)) })
      : call.apply(op, call.data(0));

/** [.., M, K] x [.., K, N]; a stored matrix is a layer. */
function fusedMatMul(call: Call): Results {
  const { attributes } = call.file;
  const flag = (name: string): boolean => attributes.int(name, 0) !== 0;
  if (flag('transBatchA') || flag('transBatchB')) throw new Uncounted('it turns its batch, which is not counted');
  const x = flag('transA') ? lastTurned(call, call.data(0), 'turned') : call.data(0);
  const other = call.operand(1);
  const made =
    isConstant(other) && other.shape.length === 2
      ? linearBy(call, x, turnedWeight(asParameter(other, call.file.inputs[1]!), flag('transB')), undefined, 'product')
      : call.apply('matmul', [x, call.data(1)], { transposeSecond: flag('transB') }, {}, 'product');
  return attributes.float('alpha', 1) === 1 ? made : call.apply('scaleBy', made, { shape: [1], learnt: false });
}

const turnedWeight = <C extends Operand>(weight: C, turned: boolean): C =>
  turned ? { ...weight, shape: [weight.shape[1]!, weight.shape[0]!] } : weight;

function lastTurned(call: Call, x: Value, part: string): Value {
  const rank = x.shape.length;
  const order = x.shape.map((_, i) => (i === rank - 1 ? rank - 2 : i === rank - 2 ? rank - 1 : i));
  return permuted(call, x, order, part);
}

/** A sum (of the input, the skip and a bias), which is the fourth output, and its norm. */
const skipNorm =
  (mean: boolean): OnnxRow['convert'] =>
  (call) => {
    const [scale, shift, bias] = mean ? [2, 3, 4] : [2, -1, 3];
    const both = plus(call, call.data(0), 1, 'sum');
    const sum = call.has(bias) ? plus(call, both, bias, 'biased') : both;
    const parts = [learntPart(call, scale, 'scale'), learntPart(call, shift, 'shift')] as const;
    const last = sum.shape.length - 1;
    const made = mean ? normalised(call, last, ...parts, sum) : rmsNormalised(call, last, parts[0], sum);
    return [valueOf(made), undefined, undefined, sum];
  };

/** [N, H, W, C], as the CUDA kernels of ONNX Runtime have it. */
function groupNorm(call: Call, x = call.data(0)): Value {
  const { attributes } = call.file;
  const last = attributes.int('channels_last', 1) !== 0 && x.shape.length === 4;
  const [scale, shift] = [parameter(call, 1, 'scales'), parameter(call, 2, 'shifts')];
  const given = { groups: attributes.int('groups', 32), ...affine(scale, shift) };
  const normed = (image: Value): Value => {
    const made = call.apply('groupNorm', image, given, { scale, shift });
    return attributes.int('activation', 0) === 1 ? call.apply('silu', made, {}, {}, 'activation') : made;
  };
  return last ? inChannelsFirst(call, x, normed) : normed(x);
}

/** The norm of a sum of the input, a skip [N, C], [N, 1, 1, C] or like the input, and a bias. */
function skipGroupNorm(call: Call): Results {
  const x = call.data(0);
  const skip = call.data(3);
  const last = call.file.attributes.int('channels_last', 1) !== 0;
  const [n, c] = skip.shape;
  const flat = skip.shape.length === 2 && x.shape.length === 4;
  const beside = flat ? call.apply('view', skip, { shape: last ? [n!, 1, 1, c!] : [n!, c!, 1, 1] }, {}, 'skip') : skip;
  const both = call.apply('add', [x, beside], {}, {}, 'sum');
  const sum = call.has(4) ? plus(call, both, 4, 'biased') : both;
  return [groupNorm(call, sum), sum];
}

/** Weights of four or eight bits, in blocks; K and N say what they are. */
function narrowWeights(call: Call): Results {
  const { attributes } = call.file;
  const [inner, features] = [attributes.int('K', 0), attributes.int('N', 0)];
  const x = call.data(0);
  if (!equal(x.shape.at(-1)!, inner) || features < 1 || !isNumber(inner))
    throw call.misfit('weights', [inner, features], x.shape);
  const name = call.file.inputs[1]!;
  const weight = asParameter({ constant: true, type: 'float', shape: [inner, features] }, name);
  return linearBy(call, x, weight, optionalParameter(call, 5, 'biases'), '');
}

export const MERGED: Readonly<Record<string, OnnxRow>> = {
  BiasGelu: { weights: [1], convert: (call) => call.apply('gelu', plus(call, call.data(0), 1, 'biased')) },
  FastGelu: {
    weights: [1],
    convert: (call) => call.apply('gelu', call.has(1) ? plus(call, call.data(0), 1, 'biased') : call.data(0)),
  },
  SwiGLU: {
    convert: (call) => call.apply('multiply', [call.apply('silu', call.data(0), {}, {}, 'gate'), call.data(1)]),
  },
  BiasAdd: { weights: [1], convert: (call) => plus(call, plus(call, call.data(0), 1, 'biased'), 2, '') },
  BiasDropout: { weights: [1], convert: biasedSum },
  BitmaskBiasDropout: { weights: [1], convert: biasedSum },
  BiasSoftmax: {
    convert: (call) =>
      call.apply('softmax', plus(call, call.data(0), 1, 'masked'), {
        axis: call.axis(call.file.attributes.int('axis', 1)),
      }),
  },
  FusedConv: { weights: [1, 2], convert: fusedConv },
  NhwcConv: { weights: [1, 2], convert: channelsLastConv },
  NhwcFusedConv: { weights: [1, 2], convert: channelsLastConv },
  EmbedLayerNormalization: { weights: [2, 3, 4, 5, 6], convert: (call) => embeddingNorm(call) },
  // Scales and zero points stand where the positions would.
  QEmbedLayerNormalization: {
    weights: [2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17],
    convert: (call) => embeddingNorm(call, -1),
  },
  FusedGemm: { weights: [1, 2], convert: (call) => activated(call, valueOf(gemm({ a: 0, b: 1, bias: 2 })(call))) },
  FusedMatMul: { convert: fusedMatMul },
  TransposeMatMul: { convert: fusedMatMul },
  FusedMatMulActivation: { convert: (call) => activated(call, valueOf(fusedMatMul(call))) },
  MatMulBnb4: { weights: [1, 2], convert: narrowWeights },
  MatMulNBits: { weights: [1, 2, 3, 5], convert: narrowWeights },
  SkipLayerNormalization: { weights: [2, 3, 4], convert: skipNorm(true) },
  SkipSimplifiedLayerNormalization: { weights: [2, 3], convert: skipNorm(false) },
  GroupNorm: { weights: [1, 2], convert: (call) => groupNorm(call) },
  SkipGroupNorm: { weights: [1, 2, 4], convert: skipGroupNorm },
  QLinearSigmoid: { weights: [1, 2, 3, 4], convert: quantised('sigmoid') },
  QLinearLeakyRelu: { weights: [1, 2, 3, 4], convert: quantised('leakyRelu') },
  QLinearSoftmax: { weights: [1, 2, 3, 4], convert: quantised('softmax') },
};
