// Small graphs of functions, comparisons, constants and norms, with odd sides and every option.

import * as comparison from '../../src/ops/comparison.js';
import * as functions from '../../src/ops/functions.js';
import type { OpName } from '../../src/ops/table.js';
import { chain, single, type OpCase } from './opCase.js';

const image = [2, 5, 4, 3];
/** Defined between -1 and 1, or above 0 or 1, or not run by any engine. */
const NARROW: readonly string[] = ['arcSine', 'arcCosine', 'inverseHyperbolicTangent'];
const POSITIVE: readonly string[] = ['reciprocalSquareRoot', 'logarithmOnePlus', 'inverseHyperbolicCosine'];
const APART: readonly string[] = ['quantize', 'dequantize', 'isNan', 'isInfinite', 'not'];

/** Sums of exponentials are above 1; sines lie between -1 and 1. */
const moved = (op: OpName, by: 'sine' | 'exponential') =>
  chain(op, `of ${by}s`, image, (net, x) => {
    const inside = net.apply(by, 'inside', x);
    const half = by === 'sine' ? { values: [-0.9] } : { values: [1.1] };
    return net.apply(op as 'sine', 'node', net.apply('maximumWith', 'bounded', inside, half));
  });

const elements: readonly OpCase[] = [
  ...(Object.keys(functions) as (keyof typeof functions)[])
    .filter((op) => !APART.includes(op))
    .map((op) => {
      if (NARROW.includes(op)) return moved(op, 'sine');
      return POSITIVE.includes(op) ? moved(op, 'exponential') : single(op as 'sine', 'of an image', image);
    }),
  chain('not', 'of an image with zeros', image, (net, x) => net.apply('not', 'node', net.apply('relu', 'zeros', x))),
  single('shrink', 'softly', image, { mode: 'soft' }),
  single('shrink', 'by the tangent', image, { mode: 'tanh' }),
  single('celu', 'alpha 0.5', [2, 7], { alpha: 0.5 }),
  single('logSoftmax', 'along the rows', image, { axis: 2 }),
  // What is counted as no number, and as infinite, is a zero among the logarithms.
  ...(['isNan', 'isInfinite'] as const).map((op) =>
    chain(op, 'of logarithms', image, (net, x) =>
      net.apply(op, 'node', net.apply('logarithm', 'log', net.apply(op === 'isNan' ? 'round' : 'relu', 'zeros', x))),
    ),
  ),
];

/** One element of each channel, positive and negative. */
const CORNER = { begin: [0, 0, 0, 0], size: [2, 5, 1, 1], step: [1, 1, 1, 1] };
const RATIOS: readonly string[] = ['modulo', 'floorDivide', 'powerOf'];
const pairs: readonly OpCase[] = [
  ...(Object.keys(comparison) as (keyof typeof comparison)[])
    .filter((op) => op !== 'select' && op !== 'maskedFill')
    .map((op) =>
      chain(op, 'of rounded numbers, and a gate', image, (net, x) => {
        const gate = net.apply('round', 'gate', net.apply('slice', 'first', x, CORNER));
        const second = RATIOS.includes(op) ? net.apply('exponential', 'positive', gate) : gate;
        const first = net.apply(op === 'powerOf' ? 'exponential' : 'round', 'rounded', x);
        return net.apply(op as 'equal', 'node', [first, second]);
      }),
    ),
  chain('select', 'between an image and its square', image, (net, x) =>
    net.apply('select', 'node', [net.apply('relu', 'condition', x), x, net.apply('square', 'square', x)]),
  ),
  chain('maskedFill', 'with a number', image, (net, x) =>
    net.apply('maskedFill', 'node', [x, net.apply('relu', 'mask', x)], { value: -2 }),
  ),
];

const constants: readonly OpCase[] = [
  chain('constant', 'one number per channel', image, (net, x) =>
    net.apply('multiply', 'node', [x, net.apply('constant', 'by', [], { shape: [5, 1, 1], values: [1, 2, 3, 4, 5] })]),
  ),
  chain('constant', 'one number', image, (net, x) =>
    net.apply('add', 'node', [x, net.apply('constant', 'by', [], { values: [0.5] })]),
  ),
  single('maximumWith', 'one number per column', image, { shape: [3], values: [-1, 0, 1] }),
  single('minimumWith', 'one number', image, { values: [0.25] }),
];

const norms: readonly OpCase[] = [
  single('instanceNorm', 'of an image', image),
  single('instanceNorm', 'of a row, not affine', [2, 3, 7], { affine: false }),
  single('rmsNorm', 'over the last side', [2, 5, 7], { axes: [2] }),
  single('rmsNorm', 'over the channels, not affine', image, { affine: false }),
  single('meanVarianceNorm', 'of each channel', image),
  single('meanVarianceNorm', 'the mean alone, over the batch too', image, { axes: [0, 2, 3], variance: false }),
  single('l2Norm', 'one factor, over the image', image, { axes: [1, 2, 3], factor: 'shared' }),
  single('localResponseNorm', 'within a square', image, { size: 3, region: 'within' }),
  single('batchNorm', 'of a volume', [2, 3, 2, 4, 3]),
  single('groupNorm', 'of a volume', [2, 6, 2, 4, 3], { groups: 3 }),
  ...(['l1', 'squareSum', 'logSumExp', 'variance', 'deviation', 'any', 'all'] as const).map((mode) =>
    single('reduce', mode, image, { axes: [1, 3], mode }),
  ),
  single(
    'matmul',
    'transposed sides',
    [
      [2, 3, 5, 4],
      [6, 5],
    ],
    { transposeFirst: true, transposeSecond: true },
  ),
];

export const FURTHER_CASES: readonly OpCase[] = [...elements, ...pairs, ...constants, ...norms];
