// Rows of StableHLO's operators, whose axes may stand in any order.

import { equal, isNumber, type Dim } from '../../../dim/dim.js';
import type { Pair, Padding } from '../../../fields.js';
import type { Value } from '../../../graph.js';
import { InputError } from '../../../inputError.js';
import type { OpName } from '../../../ops/table.js';
import { showShape, type Shape } from '../../../shape.js';
import type { OpRow } from '../../kit/call.js';
import { isConstant } from '../../kit/operand.js';
import { Uncounted } from '../../kit/uncounted.js';
import { optionsOf, type TfliteCall } from '../network.js';
import { data, fileSides, inFileOrder, inOurOrder, like, plain, regrouped, type Call } from '../sides.js';
import { each, pairwise, same, select } from './elementwise.js';

/** The shape that the file states for the result, with the batch of the image. */
function stated(call: Call): Shape {
  const { shape } = call.file.network.tensor(call.file.outputs[0]!);
  if (shape.every((side) => side >= 1)) return shape;
  throw new Uncounted('the file does not state the sides of its result');
}

const reshape = (call: Call): Value => regrouped(call, plain(call, data(call, 0)), stated(call));

/** Sides are added, and sides of 1 are repeated. */
function broadcast(call: Call): Value {
  const { sides } = optionsOf(call.file, 'BroadcastInDim');
  const x = plain(call, data(call, 0));
  const wanted = stated(call);
  const ready = wanted.map((_, i): Dim => (sides.includes(i) ? (x.shape[sides.indexOf(i)] ?? 1) : 1));
  const placed = inFileOrder(regrouped(call, x, ready, 'sides'));
  if (placed.shape.every((side, i) => equal(side, wanted[i]!))) return placed;
  return inFileOrder(call.apply('expand', placed, { shape: wanted }));
}

function concatenate(call: Call): Value {
  const values = call.inputs.map((_, i) => plain(call, data(call, i), `part${i}`));
  const { axis } = optionsOf(call.file, 'Concatenate');
  const [first] = values;
  if (!first || !(axis >= 0 && axis < first.shape.length)) throw new InputError(`it joins along the side ${axis}`);
  return values.length === 1 ? first : inFileOrder(call.apply('concat', values, { axis }));
}

function transpose(call: Call): Value {
  const x = plain(call, data(call, 0));
  const { order } = optionsOf(call.file, 'HloTranspose');
  if (order.length !== x.shape.length || new Set(call.axes(order, x.shape.length)).size !== order.length)
    throw new InputError(`its order [${order.join(', ')}] does not name each side of ${showShape(x.shape)}`);
  return inFileOrder(order.every((side, i) => side === i) ? x : call.apply('transpose', x, { order }));
}

function slice(call: Call): Value {
  const x = data(call, 0);
  const { begin, end, step } = optionsOf(call.file, 'HloSlice');
  const rank = x.shape.length;
  if ([begin, end, step].some(({ length }) => length !== rank) || step.some((one) => one < 1))
    throw new InputError(`it slices ${begin.length} sides of ${showShape(fileSides(x))}`);
  const size = begin.map((first, i) => Math.ceil((end[i]! - first) / step[i]!));
  if (size.some((side) => side < 1)) throw new InputError(`it takes nothing of ${showShape(fileSides(x))}`);
  return cut(call, x, begin, size, step);
}

function cut(call: Call, x: Value, begin: readonly number[], size: readonly Dim[], step: readonly number[]): Value {
  if (size.every((side, i) => equal(side, fileSides(x)[i]!))) return x;
  const given = { begin: inOurOrder(x, begin), size: inOurOrder(x, size), step: inOurOrder(x, step) };
  return like(x, call.apply('slice', x, given));
}

/** The start of the slice is computed; its size is stated. */
function dynamicSlice(call: Call): Value {
  const x = data(call, 0);
  const { sides } = optionsOf(call.file, 'DynamicSlice');
  if (sides.length !== x.shape.length) throw new InputError(`it slices ${sides.length} sides of ${showShape(x.shape)}`);
  const zeros = sides.map(() => 0);
  return cut(
    call,
    x,
    zeros,
    sides,
    zeros.map(() => 1),
  );
}

function pad(call: Call): Value {
  const x = data(call, 0);
  const { before, after, between } = optionsOf(call.file, 'HloPad');
  if ([before, after, between].some(({ length }) => length !== x.shape.length))
    throw new InputError(`it pads ${before.length} sides of ${showShape(fileSides(x))}`);
  if (between.some((gap) => gap !== 0) || [...before, ...after].some((end) => end < 0))
    throw new Uncounted('it puts elements between those of its input, or cuts some off');
  if ([...before, ...after].every((end) => end === 0)) return x;
  return like(x, call.apply('padSides', x, { before: inOurOrder(x, before), after: inOurOrder(x, after) }));
}

const DIRECTIONS = ['equal', 'notEqual', 'greaterOrEqual', 'greater', 'lessOrEqual', 'less'] as const;

function compare(call: Call): Value {
  const { direction } = optionsOf(call.file, 'Compare');
  const op = DIRECTIONS[direction];
  if (!op) throw new InputError(`its direction is ${direction}, and there are 0 to ${DIRECTIONS.length - 1}`);
  return pairwise(op)(call) as Value;
}

/** Bounds of one element or of as many as the input has. Inputs: least, x, most. */
function clamp(call: Call): Value {
  const x = plain(call, data(call, 1));
  const [least, most] = [plain(call, data(call, 0), 'least'), plain(call, data(call, 2), 'most')];
  return inFileOrder(call.apply('minimum', [call.apply('maximum', [x, least], {}, {}, 'least bound'), most]));
}

/** The op with which the inner graph of a reduction combines two elements. */
const REDUCTIONS: Readonly<Record<string, 'sum' | 'max' | 'min' | 'product' | 'any' | 'all'>> = {
  ...{ STABLEHLO_ADD: 'sum', ADD: 'sum', STABLEHLO_MAXIMUM: 'max', MAXIMUM: 'max', STABLEHLO_MINIMUM: 'min' },
  ...{ MINIMUM: 'min', STABLEHLO_MULTIPLY: 'product', MUL: 'product', STABLEHLO_OR: 'any', STABLEHLO_AND: 'all' },
};

function reduce(call: Call): Value {
  const { axes, body } = optionsOf(call.file, 'HloReduce');
  const [inner, more] = call.file.network.subgraph(body).calls;
  const mode = inner && REDUCTIONS[inner.op];
  if (call.file.outputs.length !== 1 || more || mode === undefined)
    throw new Uncounted('it reduces by a computation of its own');
  const x = plain(call, data(call, 0));
  const given = { axes: [...new Set(call.axes(axes, x.shape.length))].sort((a, b) => a - b), mode, keep: false };
  return inFileOrder(call.apply('reduce', x, given));
}

/** Sides that both share, sides that are summed up, and the others of both. */
function dotGeneral(call: Call): Value {
  const { firstBatch, secondBatch, firstSummed, secondSummed } = optionsOf(call.file, 'DotGeneral');
  const [first, second] = [plain(call, data(call, 0), 'first'), call.operand(1)];
  const rank = second.shape.length;
  if (firstBatch.length !== secondBatch.length || firstSummed.length !== secondSummed.length)
    throw new InputError('the sides of its two inputs do not belong together');
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  const own = first.shape.map((_, i) => letters[i]!);
  const others = second.shape.map((_, i) => letters[first.shape.length + i]!);
  const [mine, theirs] = [
    [...firstBatch, ...firstSummed],
    [...secondBatch, ...secondSummed],
  ];
  theirs.forEach((axis, i) => (others[call.axis(axis, rank)] = own[call.axis(mine[i]!, first.shape.length)]!));
  const batch = firstBatch.map((axis) => own[axis]!);
  const gone = new Set(mine.map((axis) => own[axis]!));
  const rest = [...own, ...others].filter((letter) => !gone.has(letter));
  const equation = `${own.join('')},${others.join('')}->${[...batch, ...rest].join('')}`;
  if (isConstant(second) && second.stored && firstBatch.length === 0)
    return inFileOrder(call.apply('einsumDense', first, { equation, weight: second.shape }, { weight: second }));
  return inFileOrder(call.apply('einsum', [first, plain(call, data(call, 1), 'second')], { equation }));
}

/** Any order of sides; kernels of one and two sides, with stored filters. */
function convolution(call: Call): Value {
  const o = optionsOf(call.file, 'HloConvolution');
  const x = plain(call, data(call, 0));
  const weight = call.weight(1, 'filters');
  const rank = o.inputSides.length;
  if (rank !== 2 || x.shape.length !== 4 || weight.shape.length !== 4 || o.kernelSides.length !== 2)
    throw new Uncounted(`it convolves ${rank} sides, and flopscope reads images`);
  if (o.inputDilation.some((gap) => gap !== 1) || o.batchGroups > 1)
    throw new Uncounted('it dilates its input, or groups its batch');
  const order = call.axes([o.inputBatch, o.inputFeatures, ...o.inputSides], 4);
  if (new Set(order).size !== 4) throw new InputError('it names a side of its input twice');
  const ready = order.every((side, i) => side === i)
    ? x
    : call.apply('view', x, { shape: order.map((i) => x.shape[i]!) }, {}, 'image');
  const kernel = o.kernelSides.map((axis) => weight.shape[call.axis(axis, 4)]!);
  const channels = weight.shape[call.axis(o.kernelOutputs, 4)]!;
  const list = (given: readonly number[], otherwise: number): Pair =>
    [given[0] ?? otherwise, given[1] ?? otherwise] as const;
  const padding = [0, 2, 1, 3].map((i) => o.padding[i] ?? 0) as unknown as Padding;
  if (!kernel.every(isNumber) || padding.some((end) => end < 0)) throw new Uncounted('its windows are not numbers');
  const given = {
    ...{ channels, groups: Math.max(1, o.groups), kernel: kernel as unknown as Pair, padding, bias: false },
    ...{ stride: list(o.stride, 1), dilation: list(o.dilation, 1) },
  };
  const made = call.apply('conv', ready, given, { weight });
  const back = call.axes([o.outputBatch, o.outputFeatures, ...o.outputSides], 4);
  if (new Set(back).size !== 4) throw new InputError('it names a side of its result twice');
  const sides = back.map((_, i) => made.shape[back.indexOf(i)]!);
  const isOurs = back.every((side, i) => side === i);
  return inFileOrder(isOurs ? made : call.apply('view', made, { shape: sides }, {}, 'sides'));
}

const functions: readonly (readonly [string, Parameters<typeof each>[0]])[] = [
  ['LOGISTIC', 'sigmoid'],
  ['ABS', 'absolute'],
  ['COSINE', 'cosine'],
  ['EXPONENTIAL', 'exponential'],
  ['FLOOR', 'floor'],
  ['LOG', 'logarithm'],
  ['NEGATE', 'negate'],
  ['RSQRT', 'reciprocalSquareRoot'],
  ['TANH', 'tanh'],
  ['CBRT', 'squareRoot'],
];

const pairs: readonly (readonly [string, OpName & Parameters<typeof pairwise>[0]])[] = [
  ['ADD', 'add'],
  ['SUBTRACT', 'subtract'],
  ['MULTIPLY', 'multiply'],
  ['DIVIDE', 'divide'],
  ['MAXIMUM', 'maximum'],
  ['MINIMUM', 'minimum'],
  ['AND', 'and'],
  ['OR', 'or'],
  ['POWER', 'powerOf'],
  ['REMAINDER', 'modulo'],
  ['SHIFT_LEFT', 'multiply'],
];

const ROWS: Readonly<Record<string, OpRow<TfliteCall>>> = {
  ...Object.fromEntries(functions.map(([name, op]) => [name, each(op)])),
  ...Object.fromEntries(pairs.map(([name, op]) => [name, pairwise(op)])),
  ...{ CONVERT: same, SELECT: select, RESHAPE: reshape, BROADCAST_IN_DIM: broadcast, CONCATENATE: concatenate },
  ...{ TRANSPOSE: transpose, SLICE: slice, DYNAMIC_SLICE: dynamicSlice, PAD: pad, COMPARE: compare, CLAMP: clamp },
  ...{ REDUCE: reduce, DOT_GENERAL: dotGeneral, CONVOLUTION: convolution },
  DYNAMIC_UPDATE_SLICE: (call) =>
    inFileOrder(call.apply('scatter', [plain(call, data(call, 0)), plain(call, data(call, 1), 'values')])),
};

export const STABLEHLO: Readonly<Record<string, OpRow<TfliteCall>>> = Object.fromEntries(
  Object.entries(ROWS).map(([name, row]) => [`STABLEHLO_${name}`, row]),
);
