// Rows of keras.ops that few models have: orders, diagonals, joins, windows, functions of elements.

import { add, div, isNumber, sub, type Dim } from '../../dim/dim.js';
import type { Pair, Padding } from '../../fields.js';
import type { Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import type { OpName } from '../../ops/table.js';
import { elements, showShape, windowCount } from '../../shape.js';
import type { Results } from '../kit/call.js';
import { samePadding } from '../kit/samePadding.js';
import { Uncounted } from '../kit/uncounted.js';
import { layerActivation } from './activations.js';
import { counted, fileSides, sideOf } from './fileSides.js';
import type { KerasRow, LayerCall } from './layerCall.js';
import { transposed } from './shapes.js';

const each = (op: OpName): KerasRow => layerActivation((call, x) => call.apply(op, '', x));

/** A number for each of two sides. */
function pairOf(call: LayerCall, fallback: number, ...names: readonly string[]): Pair {
  const [first = fallback, second = first] = call.wholeNumbers(...names) ?? [];
  return [first, second];
}

/** One part for each element of a side, which is gone then. */
const unstack: KerasRow = (call): Results => {
  const { x, sides } = fileSides(call);
  const axis = sideOf(call, sides.length, 0);
  const count = sides[axis]!;
  if (!isNumber(count)) throw new Uncounted('how many parts it makes depends on the size of the image');
  const place = call.place(axis, sides.length);
  const left = sides.filter((_, i) => i !== axis);
  return Array.from({ length: Math.min(count, call.outputs) }, (_, i) => {
    const begin = x.shape.map((_, at) => (at === place ? i : 0));
    const given = { begin, size: x.shape.with(place, 1), step: begin.map(() => 1) };
    return call.viewed(call.apply('slice', `part${i}`, x, given), left, i === 0 ? '' : String(i));
  });
};

/** Quarter turns of two sides. */
const rot90: KerasRow = (call) => {
  const { x, sides } = fileSides(call);
  const [a = 0, b = 1] = (call.wholeNumbers('axes') ?? [0, 1]).map((axis) => counted(axis, sides.length));
  const quarters = (((call.wholeNumbers('k')?.[0] ?? 1) % 4) + 4) % 4;
  if (quarters === 0) return x;
  const places = (axes: readonly number[]): number[] =>
    axes.map((axis) => call.place(axis, sides.length)).sort((p, q) => p - q);
  if (quarters === 2) return call.apply('flip', '', x, { axes: places([a, b]) });
  const mirrored = call.apply('flip', 'mirrored', x, { axes: places([quarters === 1 ? b : a]) });
  return transposed(
    call,
    '',
    mirrored,
    sides.map((_, i) => (i === a ? b : i === b ? a : i)),
  );
};

/** The elements where two sides are equal; they become one, at the end. */
const diagonal: KerasRow = (call) => {
  const { x, sides } = fileSides(call);
  const [a, b] = [call.wholeNumbers('axis1')?.[0] ?? 0, call.wholeNumbers('axis2')?.[0] ?? 1].map((axis) =>
    counted(axis, sides.length),
  ) as [number, number];
  const offset = call.wholeNumbers('offset')?.[0] ?? 0;
  const [rows, columns] = [sides[a]!, sides[b]!];
  if (!isNumber(rows) || !isNumber(columns)) throw new Uncounted('its sides depend on the size of the image');
  const count = Math.min(offset < 0 ? rows + offset : rows, offset > 0 ? columns - offset : columns);
  if (count < 1) throw new InputError(`there is no diagonal at ${offset} in ${showShape(sides)}`);
  const kept = sides.filter((_, i) => i !== a && i !== b);
  const front = call.apply('view', 'front', x, { shape: [rows, columns, ...kept] });
  return call.viewed(call.apply('gatherNd', 'taken', front, { shape: [count, 2] }), [...kept, count], '');
};

const joined =
  (axis: (rank: number) => number): KerasRow =>
  (call) => {
    const [first] = call.inputs;
    if (!first) throw new InputError('it has no inputs');
    const rank = first.shape.length;
    return call.inputs.length === 1
      ? first
      : call.apply('concat', '', call.inputs, { axis: call.place(axis(rank), rank) });
  };

const outer: KerasRow = (call) => {
  const [a, b] = call.inputs;
  if (!a || !b) throw new InputError(`it takes two inputs, and has ${call.inputs.length}`);
  const column = call.apply('view', 'column', a, { shape: [elements(a.shape), 1] });
  return call.apply('multiply', '', [column, call.apply('view', 'row', b, { shape: [1, elements(b.shape)] })]);
};

/** Sides of both that are multiplied and summed up. */
const tensordot: KerasRow = (call) => {
  const [a, b] = call.inputs;
  if (!a || !b) throw new InputError(`it takes two inputs, and has ${call.inputs.length}`);
  const given = call.option('axes') ?? 2;
  const lists: unknown = typeof given === 'number' ? lastAndFirst(given, a.shape.length) : given;
  const [p, q] = [a, b].map((value, i) => call.inFileOrder(value, `input${i}`)) as [Value, Value];
  if (!Array.isArray(lists) || lists.length !== 2) throw new Uncounted('its axes are not two lists');
  const [from, to] = lists.map((list: unknown) => [list].flat() as number[]) as [number[], number[]];
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  const own = p.shape.map((_, i) => letters[i]!);
  const others = q.shape.map((_, i) => letters[p.shape.length + i]!);
  to.forEach((axis, i) => (others[counted(axis, q.shape.length)] = own[counted(from[i]!, p.shape.length)]!));
  const gone = new Set(from.map((axis) => own[counted(axis, p.shape.length)]!));
  const kept = [...own, ...others].filter((letter) => !gone.has(letter)).join('');
  const made = call.apply('einsum', '', [p, q], { equation: `${own.join('')},${others.join('')}->${kept}` });
  return call.inOurOrder(made, 'result');
};

const lastAndFirst = (count: number, rank: number): readonly (readonly number[])[] => [
  Array.from({ length: count }, (_, i) => rank - count + i),
  Array.from({ length: count }, (_, i) => i),
];

const sorted =
  (output: 'values' | 'indices'): KerasRow =>
  (call) => {
    const { x, sides } = fileSides(call);
    return call.apply('sort', '', x, { axis: call.place(sideOf(call, sides.length), sides.length), output });
  };

/** An element in the order of a side, which is found by sorting. */
const ranked: KerasRow = (call) => {
  const { x, sides } = fileSides(call);
  const given = call.wholeNumbers('axis');
  if (given && given.length > 1) throw new Uncounted('it sorts several sides together');
  const [axis = 0] = given?.map((one) => counted(one, sides.length)) ?? [];
  const source = given ? x : call.apply('view', 'list', x, { shape: [elements(x.shape)] });
  const place = given ? call.place(axis, sides.length) : 0;
  const made = call.apply('topK', 'found', source, { k: 1, axis: place });
  if (!given) return made;
  if (call.option('keepdims') === true) return made;
  return call.viewed(
    made,
    sides.filter((_, i) => i !== axis),
    '',
  );
};

const counting: KerasRow = (call) => {
  const { x, sides } = fileSides(call);
  const axes = (call.wholeNumbers('axis') ?? sides.map((_, i) => i)).map((axis) => counted(axis, sides.length));
  const places = axes.map((axis) => call.place(axis, sides.length)).sort((a, b) => a - b);
  const made = call.apply('reduce', '', x, { axes: places, mode: 'sum', keep: true });
  const left = sides.filter((_, i) => !axes.includes(i));
  return call.viewed(made, left.length === 0 ? [1] : left, 'sides');
};

const running =
  (mode: 'product' | 'sum'): KerasRow =>
  (call) => {
    const { x, sides } = fileSides(call);
    return call.apply('cumSum', '', x, { axis: call.place(sideOf(call, sides.length, 0), sides.length), mode });
  };

const difference: KerasRow = (call) => {
  const { x, sides } = fileSides(call);
  const place = call.place(sideOf(call, sides.length), sides.length);
  const times = call.wholeNumbers('n')?.[0] ?? 1;
  if (times < 1 || times > 16) throw new Uncounted(`it takes differences ${times} times`);
  let value = x;
  for (let i = 0; i < times; i++) {
    const size = value.shape.with(place, sub(value.shape[place]!, 1));
    const part = (first: number): Value =>
      call.apply('slice', `part${i}_${first}`, value, {
        begin: size.map((_, at) => (at === place ? first : 0)),
        size,
        step: size.map(() => 1),
      });
    value = call.apply('subtract', i === times - 1 ? '' : `difference${i}`, [part(1), part(0)]);
  }
  return value;
};

/** Zeros or ones of the sides of the input: known before the model runs. */
const filled: KerasRow = (call) => call.apply('constant', '', [], { shape: fileSides(call).x.shape });

const cross: KerasRow = (call) => {
  const [a, b] = call.inputs;
  if (!a || !b) throw new InputError(`it takes two inputs, and has ${call.inputs.length}`);
  const [first, second] = ['first', 'second'].map((part) => call.apply('multiply', part, [a, b]));
  return call.apply('subtract', '', [first!, second!]);
};

/** Windows of an image side by side, [N, h, w, kh kw C]. */
const patches: KerasRow = (call) => {
  const x = call.image;
  const kernel = pairOf(call, 1, 'size');
  const stride = call.option('strides') === undefined ? kernel : pairOf(call, 1, 'strides');
  const dilation = pairOf(call, 1, 'dilation_rate');
  const same = call.text('valid', 'padding').toLowerCase() === 'same';
  const ends = kernel.map((size, i): readonly [number, number] =>
    same ? samePadding(x.shape[i + 2]!, { kernel: size, stride: stride[i]!, dilation: dilation[i]! }) : [0, 0],
  ) as [readonly [number, number], readonly [number, number]];
  const padding: Padding = [ends[0][0], ends[1][0], ends[0][1], ends[1][1]];
  const made = call.apply('unfold', 'windows', x, { kernel, stride, dilation, padding });
  const [rows, columns] = kernel.map((size, i) =>
    windowCount(x.shape[i + 2]!, { kernel: size, stride: stride[i]!, dilation: dilation[i]!, pad: ends[i]! }),
  ) as [Dim, Dim];
  return call.apply('reshape', '', made, { shape: [made.shape[1]!, rows, columns] });
};

/** One channel of three, by fixed shares. */
const grayscale: KerasRow = (call) => {
  const x = call.image;
  const scaled = call.apply('scaleBy', 'shares', x, { shape: [x.shape[1]!, 1, 1], learnt: false });
  return call.apply('reduce', '', scaled, { axes: [1], mode: 'sum', keep: true });
};

/** A side before, a side after, or the size that both lead to. */
function endsOf(call: LayerCall, side: Dim, names: readonly [string, string, string], grows: boolean): readonly Dim[] {
  const [before, after, target] = names.map((name) => call.wholeNumbers(name)?.[0]);
  const total = target === undefined ? undefined : grows ? sub(target, side) : sub(side, target);
  if (before !== undefined) return [before, after ?? (total === undefined ? 0 : sub(total, before))];
  if (after !== undefined) return [total === undefined ? 0 : sub(total, after), after];
  if (total === undefined) return [0, 0];
  return [div(total, 2), div(total, 2)];
}

const resized =
  (kind: 'padding' | 'cropping'): KerasRow =>
  (call) => {
    const x = call.image;
    const grows = kind === 'padding';
    const [rows, columns] = [
      endsOf(call, x.shape[2]!, [`top_${kind}`, `bottom_${kind}`, 'target_height'], grows),
      endsOf(call, x.shape[3]!, [`left_${kind}`, `right_${kind}`, 'target_width'], grows),
    ] as const;
    if (grows)
      return call.apply('padSides', '', x, {
        before: [0, 0, rows[0]!, columns[0]!],
        after: [0, 0, rows[1]!, columns[1]!],
      });
    const size = [x.shape[0]!, x.shape[1]!, sub(x.shape[2]!, add(rows[0]!, rows[1]!))];
    const width = sub(x.shape[3]!, add(columns[0]!, columns[1]!));
    return call.apply('slice', '', x, {
      begin: [0, 0, rows[0]!, columns[0]!],
      size: [...size, width],
      step: [1, 1, 1, 1],
    });
  };

/** Without learnt factors. */
const normalized =
  (op: 'layerNorm' | 'rmsNorm'): KerasRow =>
  (call) => {
    const { x, sides } = fileSides(call);
    const axes = (call.wholeNumbers('axis') ?? [-1]).map((axis) =>
      call.place(counted(axis, sides.length), sides.length),
    );
    return call.apply(op, '', x, { affine: false, axes: axes.sort((a, b) => a - b) });
  };

/** softmax(q k^T / sqrt(d)) v over [N, steps, heads, features]. */
const attended: KerasRow = (call) => {
  const inputs = call.inputs.slice(0, 3).map((x, i) => call.inFileOrder(x, `input${i}`));
  if (inputs.length !== 3 || inputs.some(({ shape }) => shape.length !== 4))
    throw new InputError('it takes queries, keys and values of four sides');
  const heads = inputs.map((x, i) => call.apply('transpose', `heads${i}`, x, { order: [0, 2, 1, 3] }));
  const [q, k, v] = heads as [Value, Value, Value];
  const scores = call.apply('matmul', 'scores', [q, k], { transposeSecond: true });
  const scaled = call.apply('scaleBy', 'scaled', scores, { shape: [1], learnt: false });
  const weights = call.apply('softmax', 'softmax', scaled, { axis: 3 });
  const made = call.apply('matmul', '', [weights, v]);
  return call.inOurOrder(call.apply('transpose', 'steps', made, { order: [0, 2, 1, 3] }), 'result');
};

/** Numbers or texts become the indices of categories, or what these switch on. */
const categories =
  (classesOf: (call: LayerCall) => number | undefined): KerasRow =>
  (call) => {
    const { inputs } = call;
    const mode = call.text('int', 'output_mode');
    const both = inputs.length === 2 ? call.apply('add', 'crossed', [...inputs]) : call.x;
    const indices = call.apply('quantize', mode === 'int' ? '' : 'indices', both);
    if (mode === 'int') return indices;
    const classes = classesOf(call);
    if (classes === undefined) throw new Uncounted('it does not say how many classes there are');
    const rows = mode === 'one_hot' && indices.shape.at(-1) !== 1 ? indices.shape : indices.shape.slice(0, -1);
    const zeros = call.apply('constant', 'zeros', [], { shape: [...rows, classes] });
    return call.apply('scatter', '', [zeros, indices]);
  };

const lengthOf = (value: unknown): number | undefined => (Array.isArray(value) ? value.length : undefined);

const CATEGORIES: Readonly<Record<string, KerasRow>> = {
  Discretization: categories((call) => {
    const bounds = lengthOf(call.option('bin_boundaries'));
    return bounds === undefined ? call.wholeNumbers('num_bins')?.[0] : bounds + 1;
  }),
  Hashing: categories((call) => call.wholeNumbers('num_bins')?.[0]),
  HashedCrossing: categories((call) => call.wholeNumbers('num_bins')?.[0]),
  IntegerLookup: categories(wordsOf),
  StringLookup: categories(wordsOf),
  TextVectorization: vectorized,
};

/** Those that are listed, and one for each kind of word that is not. */
function wordsOf(call: LayerCall): number | undefined {
  const words = lengthOf(call.option('vocabulary')) ?? call.wholeNumbers('vocabulary_size', 'max_tokens')?.[0];
  return words === undefined ? undefined : words + (call.wholeNumbers('num_oov_indices')?.[0] ?? 1);
}

/** Texts of any length become as many numbers as the layer says, or one for each word it knows. */
function vectorized(call: LayerCall): Results {
  const { x } = fileSides(call);
  const isIndexed = call.text('int', 'output_mode') === 'int';
  const length = isIndexed ? call.wholeNumbers('output_sequence_length')?.[0] : wordsOf(call);
  if (length === undefined)
    throw new Uncounted(isIndexed ? 'how many words a text has is data' : 'it does not say how many words it knows');
  const zeros = call.apply('constant', 'zeros', [], { shape: [x.shape[0]!, length] });
  return call.apply('scatter', '', [zeros, call.apply('view', 'texts', x, { shape: [elements(x.shape)] })]);
}

/** 1 for each class that is named, of as many as the call says. */
export const multiHot: KerasRow = (call) => {
  const { x } = fileSides(call);
  const classes = call.wholeNumbers('num_classes', 'num_tokens')?.[0] ?? call.constants[0];
  if (classes === undefined) throw new Uncounted('it does not say how many classes there are');
  const zeros = call.apply('constant', 'zeros', [], { shape: [...x.shape.slice(0, -1), classes] });
  return call.apply('scatter', '', [zeros, x]);
};

const LARGEST = 3.4028234663852886e38;

export const RARER: Readonly<Record<string, KerasRow>> = {
  Unstack: unstack,
  Rot90: rot90,
  Diagonal: diagonal,
  ...{ Hstack: joined((rank) => (rank > 1 ? 1 : 0)), Vstack: joined(() => 0) },
  Outer: outer,
  Tensordot: tensordot,
  ...{ Sort: sorted('values'), Argsort: sorted('indices') },
  ...{ Median: ranked, Quantile: ranked, Percentile: ranked },
  CountNonzero: counting,
  Cumprod: running('product'),
  Diff: difference,
  ...{ ZerosLike: filled, OnesLike: filled, FullLike: filled },
  Cross: cross,
  ExtractPatches: patches,
  RGBToGrayscale: grayscale,
  ...{ PadImages: resized('padding'), CropImages: resized('cropping') },
  ...{ LayerNorm: normalized('layerNorm'), RMSNorm: normalized('rmsNorm') },
  DotProductAttention: attended,
  MultiHot: multiHot,
  ...CATEGORIES,
  ...{ Triu: each('cast'), Tril: each('cast') },
  ...{ Log2: each('logarithm'), Log10: each('logarithm'), Exp2: each('exponential'), Logaddexp: joinedBy('add') },
  ...{ Arctanh: each('inverseHyperbolicTangent'), Arcsinh: each('inverseHyperbolicSine') },
  Arccosh: each('inverseHyperbolicCosine'),
  ...{ Trunc: each('truncate'), Isfinite: each('isInfinite'), Erfinv: each('erf'), Cbrt: each('squareRoot') },
  ...{ Digitize: each('quantize'), SearchSorted: each('quantize'), Deg2rad: scaled(), Rad2deg: scaled() },
  NanToNum: layerActivation((call, x) => call.apply('clip', '', x, { least: -LARGEST, most: LARGEST })),
};

function scaled(): KerasRow {
  return layerActivation((call, x) => call.apply('scaleBy', '', x, { shape: [1], learnt: false }));
}

function joinedBy(op: 'add'): KerasRow {
  return (call) => {
    const [a, b] = call.inputs;
    if (!a || !b) throw new InputError(`it takes two inputs, and has ${call.inputs.length}`);
    return call.apply(op, '', [a, b]);
  };
}
