// The formulas that exporters write in place of one op, the longest first.

import { equal, isNumber, mul, product } from '../../../dim/dim.js';
import type { OpName } from '../../../ops/table.js';
import { conv, convTranspose } from '../rows/convolution.js';
import { asParameter, type Call, type Results } from '../onnxCall.js';
import { linearWithBias } from '../rows/linear.js';
import { affine, learntPart, normalised } from '../rows/normalization.js';
import { isConstant, type Constant } from '../../kit/operand.js';
import type { Pattern } from './match.js';

export interface Formula {
  /** What the whole is called among the nodes of the file. */
  readonly name: string;
  readonly patterns: readonly Pattern[];
  /** Variables of the formula that the whole reads, in order. */
  readonly reads: readonly string[];
  /** Undefined where shapes show that it is something else: then the nodes stand as they are. */
  convert(call: Call): Results | undefined;
}

const plain = (
  name: string,
  op: 'silu' | 'hardSwish' | 'hardSigmoid' | 'gelu' | 'mish',
  patterns: readonly Pattern[],
): Formula => ({
  name,
  patterns,
  reads: ['x'],
  convert: (call) => (isConstant(call.operand(0)) ? undefined : call.apply(op satisfies OpName, call.data(0))),
});

const GATE: Pattern = ['Relu6', ['Add', 'x', 3]];
const NORMAL: readonly Pattern[] = [
  ['Add', ['Erf', ['Div', 'x', Math.SQRT2]], 1],
  ['Add', ['Erf', ['Mul', 'x', Math.SQRT1_2]], 1],
];
const CUBES: readonly Pattern[] = [
  ['Pow', 'x', 3],
  ['Mul', 'x', ['Mul', 'x', 'x']],
];
const SIGMOIDAL: readonly Pattern[] = CUBES.flatMap((cube): readonly Pattern[] => [
  ['Add', ['Tanh', ['Mul', ['Add', 'x', ['Mul', cube, 0.044715]], Math.sqrt(2 / Math.PI)]], 1],
]);

const DISTANCE: Pattern = ['Sub', 'x', ['ReduceMean', 'x', '*']];
const SQUARES: readonly Pattern[] = [
  ['Pow', DISTANCE, 2],
  ['Mul', DISTANCE, DISTANCE],
];
const DEVIATIONS = SQUARES.map((square): Pattern => ['Sqrt', ['Add', ['ReduceMean', square, '*'], 'epsilon']]);
const NORMS: readonly Pattern[] = DEVIATIONS.flatMap((deviation): readonly Pattern[] => [
  ['Div', DISTANCE, deviation],
  ['Mul', DISTANCE, ['Reciprocal', deviation]],
]);

/** The sides of the mean: what a whole norm remembers of its parts. */
function lastSides(call: Call): number {
  const first = call.file.attributes.ints('axes') ?? [];
  const rank = call.rank(0);
  const axes = first.map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);
  return axes.length > 0 && axes.every((axis, i) => axis === rank - axes.length + i) ? rank - axes.length : -1;
}

const layerNorm =
  (affine: boolean) =>
  (call: Call): Results | undefined => {
    const first = lastSides(call);
    const x = call.operand(0);
    if (first < 0 || isConstant(x)) return undefined;
    if (!affine) return normalised(call, first, undefined, undefined);
    const [scale, shift] = [learntPart(call, 1, 'scale'), learntPart(call, 2, 'shift')];
    const count = product(x.shape.slice(first));
    if (![1, 2].every((i) => call.constant(i))) return undefined;
    if (![scale, shift].every((one) => !one || equal(product(one.shape), count))) return undefined;
    return normalised(call, first, scale, shift);
  };

function channelShuffle(call: Call): Results | undefined {
  const x = call.operand(0);
  const [inner, outer] = [call.items(1), call.items(2)];
  const order = call.file.attributes.ints('perm')?.join();
  if (isConstant(x) || x.shape.length !== 4 || !inner || !outer) return undefined;
  const images = inner.length === 5 && order === '0,2,1,3,4';
  const lists = inner.length === 4 && order === '0,2,1,3';
  const groups = inner[1];
  if (!(images || lists) || outer.length !== 4 || groups === undefined || !isNumber(groups) || groups < 2)
    return undefined;
  const [n, c, h, w] = x.shape;
  if (!isNumber(c!) || c % groups !== 0) return undefined;
  const rows = images ? [h!, w!] : [product([h!, w!])];
  const stands = (given: readonly unknown[], own: typeof x.shape): boolean =>
    given.every((side, i) => side === -1 || (side === 0 && i === 0) || equal(side as number, own[i]!));
  if (!stands(inner, [n!, groups, c / groups, ...rows]) || !stands(outer, x.shape)) return undefined;
  return call.apply('channelShuffle', x, { groups });
}

function convWithBias(call: Call): Results | undefined {
  const bias = perChannel(call, 0, 1);
  return bias && !isConstant(call.operand(0)) && isConstant(call.operand(1)) ? conv(call, [0, 1, -1], bias) : undefined;
}

function transposedWithBias(call: Call): Results | undefined {
  const bias = perChannel(call, 1, call.file.attributes.int('group', 1));
  return bias && !isConstant(call.operand(0)) && isConstant(call.operand(1)) ? convTranspose(call, bias) : undefined;
}

function matmulWithBias(call: Call): Results | undefined {
  const [weight, bias] = [call.constant(1), call.constant(2)];
  const learnt = bias && flat(asParameter(bias, call.file.inputs[2]!));
  if (!weight || weight.shape.length !== 2 || !learnt || isConstant(call.operand(0))) return undefined;
  return equal(learnt.shape[0]!, weight.shape[1]!) ? linearWithBias(call, learnt) : undefined;
}

/**
 * One offset for each channel of what a convolution makes: [1, C, 1, 1] or [C, 1, 1]. A list of one
 * number is one for a single channel.
 * @param side of the weights that has the channels, of one group of `groups`
 */
function perChannel(call: Call, side: 0 | 1, groups: number): Constant | undefined {
  const [bias, made] = [call.constant(2), call.constant(1)?.shape[side]];
  if (!bias || made === undefined) return undefined;
  const channels = mul(made, groups);
  const at = bias.shape.length - call.rank(0) + 1;
  const alone = bias.shape.every((one, i) => (i === at ? equal(one, channels) : one === 1));
  const single = channels === 1 && bias.shape.length > 0;
  return alone && (at >= 0 || single) ? { ...asParameter(bias, call.file.inputs[2]!), shape: [channels] } : undefined;
}

/** All but one side are 1, and the last one is not. */
const flat = (bias: Constant): Constant | undefined =>
  bias.shape.length > 0 && bias.shape.slice(0, -1).every((side) => side === 1)
    ? { ...bias, shape: [bias.shape.at(-1)!] }
    : undefined;

function groupNorm(call: Call): Results | undefined {
  const [x, inner] = [call.operand(0), call.items(1)];
  const groups = inner?.[1];
  const channels = x.shape[1];
  if (isConstant(x) || channels === undefined || groups === undefined || !isNumber(groups) || groups < 1)
    return undefined;
  if (![2, 3].every((i) => call.constant(i))) return undefined;
  const [scale, shift] = [learntPart(call, 2, 'scale'), learntPart(call, 3, 'shift')];
  if (![scale, shift].every((one) => !one || equal(product(one.shape), channels))) return undefined;
  return call.apply('groupNorm', x, { groups, ...affine(scale, shift) }, { scale, shift });
}

/** ParseNet's: each position by its length over the channels, times a factor per channel. */
function l2Norm(call: Call): Results | undefined {
  const [x, factor] = [call.operand(0), call.constant(1)];
  const channels = x.shape[1];
  if (isConstant(x) || !factor || channels === undefined || call.file.attributes.int('axis', -1) !== 1)
    return undefined;
  return equal(product(factor.shape), channels)
    ? call.apply('l2Norm', x, {}, { factor: asParameter(factor, call.file.inputs[1]!) })
    : undefined;
}

/**
 * Products with window means, height first: what flopscope writes for windows of several sizes, and
 * marks.
 */
function adaptiveAvgPool(call: Call): Results | undefined {
  const [x, rows, columns] = [call.operand(0), call.constant(1), call.constant(2)];
  const said = call.file.node.metadataProps.find(({ key }) => key === 'flopscope.op')?.value;
  if (said !== 'adaptiveAvgPool' || isConstant(x) || x.shape.length !== 4 || !rows || !columns) return undefined;
  const [height, h] = rows.shape;
  const [w, width] = columns.shape;
  if (![height, h, w, width].every((side) => side !== undefined && isNumber(side))) return undefined;
  // Its matrices are for one size: at another the products say that they do not fit.
  if (!equal(h!, x.shape[2]!) || !equal(w!, x.shape[3]!)) return undefined;
  return call.apply('adaptiveAvgPool', x, { size: [height as number, width as number] });
}

/** The longest first: a norm holds means, a GELU products. */
export const FORMULAS: readonly Formula[] = [
  {
    name: 'GroupNorm',
    patterns: [
      [
        'Add',
        ['Mul', ['Reshape', ['InstanceNormalization', ['Reshape', 'x', 'sides'], 'ones', 'zeros'], 'back'], 'scale'],
        'shift',
      ],
    ],
    reads: ['x', 'sides', 'scale', 'shift'],
    convert: groupNorm,
  },
  {
    name: 'LayerNorm',
    patterns: NORMS.map((norm): Pattern => ['Add', ['Mul', norm, 'scale'], 'shift']),
    reads: ['x', 'scale', 'shift'],
    convert: layerNorm(true),
  },
  { name: 'LayerNorm', patterns: NORMS, reads: ['x'], convert: layerNorm(false) },
  {
    name: 'L2Norm',
    patterns: [['Mul', ['LpNormalization', 'x'], 'factor']],
    reads: ['x', 'factor'],
    convert: l2Norm,
  },
  plain('Gelu', 'gelu', [
    ...[...NORMAL, ...SIGMOIDAL].flatMap((part): readonly Pattern[] => [
      ['Mul', ['Mul', 'x', part], 0.5],
      ['Mul', ['Mul', 'x', 0.5], part],
      ['Mul', 'x', ['Mul', part, 0.5]],
    ]),
  ]),
  plain('HardSwish', 'hardSwish', [
    ['Mul', 'x', ['HardSigmoid', 'x']],
    ['Div', ['Mul', 'x', GATE], 6],
    ['Mul', ['Mul', 'x', GATE], 1 / 6],
    ['Mul', 'x', ['Div', GATE, 6]],
    ['Mul', 'x', ['Mul', GATE, 1 / 6]],
  ]),
  plain('HardSigmoid', 'hardSigmoid', [
    ['Div', GATE, 6],
    ['Mul', GATE, 1 / 6],
  ]),
  plain('Mish', 'mish', [['Mul', 'x', ['Tanh', ['Softplus', 'x']]]]),
  plain('Silu', 'silu', [['Mul', 'x', ['Sigmoid', 'x']]]),
  {
    name: 'ChannelShuffle',
    patterns: [['Reshape', ['Transpose', ['Reshape', 'x', 'inner']], 'outer']],
    reads: ['x', 'inner', 'outer'],
    convert: channelShuffle,
  },
  {
    name: 'Conv',
    patterns: [['Add', ['Conv', 'x', 'weight'], 'bias']],
    reads: ['x', 'weight', 'bias'],
    convert: convWithBias,
  },
  {
    name: 'ConvTranspose',
    patterns: [['Add', ['ConvTranspose', 'x', 'weight'], 'bias']],
    reads: ['x', 'weight', 'bias'],
    convert: transposedWithBias,
  },
  {
    name: 'AdaptiveAvgPool',
    patterns: [['MatMul', ['MatMul', 'rows', 'x'], 'columns']],
    reads: ['x', 'rows', 'columns'],
    convert: adaptiveAvgPool,
  },
  {
    name: 'MatMul',
    patterns: [['Add', ['MatMul', 'x', 'weight'], 'bias']],
    reads: ['x', 'weight', 'bias'],
    convert: matmulWithBias,
  },
];
