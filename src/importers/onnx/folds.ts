// Folds: results that follow from shapes and constants before the network runs, a row for each op.

import { isNumber, product, type Dim } from '../../dim/dim.js';
import { InputError } from '../../inputError.js';
import { lookup } from '../../lookup.js';
import * as fold from '../kit/fold/constants.js';
import { count } from '../kit/fold/arrays.js';
import { BINARY, UNARY, type Binary, type Unary } from '../kit/fold/numbers.js';
import {
  constant,
  isConstant,
  isSingle,
  list,
  MOST_ITEMS,
  storedIn,
  type Constant,
  type Item,
} from '../kit/operand.js';
import { numericCut } from '../kit/slice.js';
import { asParameter, listOf, numberOf, type Call, type OnnxCall, type Results } from './onnxCall.js';
import { SEQUENCES } from './rows/sequences.js';
import { DATA_TYPES } from './messages.js';
import { constantOf, isReal } from './tensors.js';

/** Undefined where what is needed is not known: the op is then the network's own. */
export type Fold = (call: Call) => Constant | readonly Constant[] | undefined;

const known = (call: Call, i: number): fold.Known | undefined => fold.known(call.constant(i));

const binary =
  (combine: Binary, type?: 'int'): Fold =>
  (call) => {
    const [a, b] = [known(call, 0), known(call, 1)];
    return a && b && fold.combined(a, b, combine, type);
  };

const unary =
  (change: Unary): Fold =>
  (call) => {
    const a = known(call, 0);
    return a && fold.changed(a, change);
  };

const reduce =
  (combine: (a: Item, b: Item) => Item | undefined): Fold =>
  (call) => {
    const a = known(call, 0);
    const axes = a && listOf(call, 'axes', 1);
    if (!a || (axes && axes.length !== 1)) return undefined;
    return fold.reduced(a, call.file.attributes.int('keepdims', 1) !== 0, combine);
  };

const extreme =
  (combine: Binary): Fold =>
  (call) => {
    const all = call.inputs.map((_, i) => known(call, i));
    const [first, ...rest] = all;
    if (!first || all.includes(undefined)) return undefined;
    return rest.reduce<Constant | undefined>((so, one) => {
      const left = fold.known(so);
      return left && one && fold.combined(left, one, combine);
    }, call.constant(0));
  };

const shapeOf: Fold = (call) => {
  const shape = call.shape(0);
  const { attributes } = call.file;
  return list(shape.slice(attributes.int('start', 0), attributes.int('end', shape.length)));
};

/** What a Constant node holds. */
export function constantOfNode({ attributes }: Pick<OnnxCall, 'attributes'>): Constant {
  const tensor = attributes.tensor('value');
  if (tensor) return constantOf(tensor);
  const [ints, floats] = [attributes.ints('value_ints'), attributes.floats('value_floats')];
  if (ints) return list(ints);
  if (floats) return constant('float', [floats.length], floats);
  if (attributes.has('value_int')) return constant('int', [], [attributes.int('value_int', 0)]);
  if (attributes.has('value_float')) return constant('float', [], [attributes.float('value_float', 0)]);
  throw new InputError('a constant without numbers: only tensors, whole and real numbers are read');
}

/** A single number is one of a formula; a file without stored weights has them in such nodes. */
const constantNode: Fold = (call) => {
  const found = constantOfNode(call.file);
  const learnt = call.file.facts.weightsAreNodes && found.type === 'float' && !isSingle(found);
  return learnt ? asParameter(found, call.file.outputs[0]!) : found;
};

const constantOfShape: Fold = (call) => {
  const sides = call.items(0);
  if (!sides) return undefined;
  const value = call.file.attributes.tensor('value');
  const { type, items = [0] } = value ? constantOf(value) : constant('float', [1], [0]);
  const all = sides.every(isNumber) && count(sides) <= MOST_ITEMS;
  const made = constant(type, sides, all ? new Array<Item>(count(sides)).fill(items[0] ?? 0) : undefined);
  return isStripped(call, made) ? asParameter(made, call.file.outputs[0]!) : made;
};

/**
 * Weights that were stripped from a file are such nodes, with stored sides; exporters' own say
 * where they come from.
 */
function isStripped(call: Call, made: Constant): boolean {
  const { facts, inputs, node } = call.file;
  return made.type === 'float' && !isSingle(made) && facts.stored.has(inputs[0]!) && node.metadataProps.length === 0;
}

const range: Fold = (call) => {
  const [start, limit, step] = [0, 1, 2].map((i) => call.items(i)?.[0]);
  if (start === undefined || limit === undefined || step === undefined) return undefined;
  if (!isNumber(start) || !isNumber(limit) || !isNumber(step)) return undefined;
  return fold.range(call.constant(0)!.type, start, limit, step);
};

/** A cast changes the type even where the numbers are not known. */
const cast: Fold = (call) => {
  const { attributes } = call.file;
  // Before opset 6 the type is a name: "INT64".
  const named = attributes.text('to', '').toLowerCase();
  const to = Object.hasOwn(DATA_TYPES, named)
    ? DATA_TYPES[named as keyof typeof DATA_TYPES]
    : attributes.int('to', DATA_TYPES.float);
  const a = known(call, 0);
  if (a) return fold.castTo(a, isReal(to) ? 'float' : to === DATA_TYPES.bool ? 'bool' : 'int');
  const found = call.constant(0);
  return found && constant(isReal(to) ? 'float' : 'int', found.shape);
};

/** Noise is given, as an image is. */
const noise: Fold = (call) =>
  constant('float', call.has(0) ? call.shape(0) : (call.file.attributes.ints('shape') ?? []));

const gather: Fold = (call) => {
  const [a, indices] = [known(call, 0), known(call, 1)];
  return a && indices && fold.gathered(a, indices, call.axis(call.file.attributes.int('axis', 0)));
};

const concat: Fold = (call) => {
  const parts = call.inputs.map((_, i) => known(call, i));
  if (parts.includes(undefined) || parts.length === 0) return undefined;
  return fold.concatenated(parts as readonly fold.Known[], call.axis(call.file.attributes.int('axis', 0)));
};

const slice: Fold = (call) => {
  const a = known(call, 0);
  if (!a) return undefined;
  const [starts, ends] = [listOf(call, 'starts', 1) ?? [], listOf(call, 'ends', 2) ?? []];
  const axes = call.axes(listOf(call, 'axes', 3) ?? starts.map((_, i) => i));
  const steps = call.has(4) ? call.whole(4, 'steps') : starts.map(() => 1);
  const cuts = a.sides.map((side) => numericCut(side, undefined, undefined, 1));
  axes.forEach((axis, i) => {
    cuts[axis] = numericCut(a.sides[axis]!, starts[i], ends[i], steps[i] ?? 1);
  });
  return fold.cutOut(a, cuts);
};

const split: Fold = (call) => {
  const a = known(call, 0);
  const axis = call.axis(call.file.attributes.int('axis', 0));
  const { length } = call.file.outputs;
  const side = a?.sides[axis];
  if (!a || side === undefined) return undefined;
  const each = Math.ceil(side / length);
  const sizes =
    listOf(call, 'split', 1) ?? Array.from({ length }, (_, i) => (i < length - 1 ? each : side - each * (length - 1)));
  let first = 0;
  const made = sizes.map((size) => {
    const parts = a.sides.map((own, i) => ({
      first: i === axis ? first : 0,
      length: i === axis ? size : own,
      step: 1,
    }));
    first += size;
    return fold.cutOut(a, parts);
  });
  return first === side && made.every((one) => one !== undefined) ? made : undefined;
};

const reshaped = (call: Call, sides: (a: fold.Known) => readonly Dim[]): Constant | undefined => {
  const a = known(call, 0);
  return a && fold.withSides(a, sides(a) as readonly number[]);
};

/** Sides with one of 1 at each of these axes, which are counted in the result. */
export function unsqueezed(call: Call, sides: readonly Dim[], axes: readonly number[]): readonly Dim[] {
  const result: Dim[] = [...sides];
  for (const axis of [...call.axes(axes, sides.length + axes.length)].sort((a, b) => a - b)) result.splice(axis, 0, 1);
  return result;
}

/** Sides without those of 1, or without the ones named. */
export function squeezed(call: Call, sides: readonly Dim[], axes: readonly number[] | undefined): readonly Dim[] {
  const gone = axes ? call.axes(axes) : sides.flatMap((side, i) => (side === 1 ? [i] : []));
  const odd = gone.find((axis) => sides[axis] !== 1);
  if (odd !== undefined) throw new InputError(`it drops the axis ${odd}, whose side is not 1`);
  return sides.filter((_, i) => !gone.includes(i));
}

const reshape: Fold = (call) => {
  const wanted = call.items(1) ?? call.file.attributes.ints('shape');
  if (!wanted?.every(isNumber)) return undefined;
  return reshaped(call, (a) => {
    const copied = call.file.attributes.int('allowzero', 0) === 0;
    const sides = wanted.map((side, i) => (side === 0 && copied ? a.sides[i]! : side));
    const rest = a.items.length / count(sides.filter((side) => side !== -1));
    return sides.map((side) => (side === -1 ? rest : side));
  });
};

const flatten: Fold = (call) =>
  reshaped(call, ({ sides }) => {
    const axis = call.file.attributes.int('axis', 1);
    const at = axis < 0 ? axis + sides.length : axis;
    return [count(sides.slice(0, at)), count(sides.slice(at))];
  });

const transpose: Fold = (call) => {
  const a = known(call, 0);
  if (!a) return undefined;
  const backwards = a.sides.map((_, i) => a.sides.length - 1 - i);
  return fold.transposed(a, call.axes(call.file.attributes.ints('perm') ?? backwards));
};

const numbersIn = (call: Call, i: number): readonly number[] | undefined => {
  const items = call.items(i);
  return items?.every(isNumber) ? items : undefined;
};

const expand: Fold = (call) => {
  const [a, wanted] = [known(call, 0), numbersIn(call, 1)];
  return a && wanted && fold.expanded(a, wanted);
};

const tile: Fold = (call) => {
  const [a, times] = [known(call, 0), numbersIn(call, 1)];
  return a && times && fold.tiled(a, times);
};

const where: Fold = (call) => {
  const [test, a, b] = [known(call, 0), known(call, 1), known(call, 2)];
  return test && a && b && fold.chosen(test, a, b);
};

const clip: Fold = (call) => {
  const a = known(call, 0);
  if (!a) return undefined;
  const [least, most] = [numberOf(call, 'min', 1) ?? -Infinity, numberOf(call, 'max', 2) ?? Infinity];
  return fold.changed(a, (item) => (isNumber(item) ? Math.min(Math.max(item, least), most) : undefined));
};

/**
 * What an Identity makes of a weight is a parameter of its own where exporters only store equal
 * ones once.
 */
const identity: Fold = (call) => {
  const found = call.constant(0);
  if (!found?.stored) return found;
  const output = call.file.outputs[0]!;
  return asParameter(constant(found.type, found.shape, found.items), call.file.facts.copies.get(output) ?? output);
};

/** Running statistics are no parameters of the weights that they normalise. */
const batchNorm: Fold = (call) => {
  const [x, scale, shift] = [0, 1, 2].map((i) => call.constant(i));
  return x && constant('float', x.shape, undefined, storedIn([x, scale, shift]));
};

/** A constant that another is written into is a mask or a table of the exporter, and not learnt. */
const scattered: Fold = (call) => {
  const data = call.constant(0);
  return data && { ...constant(data.type, data.shape), stored: [] };
};

const eyeLike: Fold = (call) => {
  const sides = call.shape(0);
  const { attributes } = call.file;
  const type = isReal(attributes.int('dtype', DATA_TYPES.float)) ? 'float' : 'int';
  const [rows, columns] = sides;
  if (rows === undefined || !isNumber(rows) || !isNumber(columns!) || rows * columns > MOST_ITEMS)
    return constant(type, sides);
  const shift = attributes.int('k', 0);
  const items = Array.from({ length: rows * columns }, (_, i) =>
    (i % columns) - Math.floor(i / columns) === shift ? 1 : 0,
  );
  return constant(type, sides, items);
};

/** Weights in small integers are learnt; their scales and zero points are not. */
const quantized: Fold = (call) => {
  const found = call.constant(0);
  if (!found) return undefined;
  const real = call.op === 'DequantizeLinear';
  return asParameter(constant(real ? 'float' : 'int', found.shape, undefined, found.stored), call.file.inputs[0]!);
};

/** Places of elements that are not 0: one row for each side. */
const nonZero: Fold = (call) => {
  const a = known(call, 0);
  if (!a?.items.every(isNumber)) return undefined;
  const places = a.items.flatMap((item, i) => (item === 0 ? [] : [i]));
  const rows = a.sides.map((side, axis) => {
    const step = count(a.sides.slice(axis + 1));
    return places.map((place) => Math.floor(place / step) % side);
  });
  return constant('int', [a.sides.length, places.length], rows.flat());
};

const itself: Fold = (call) => call.constant(0);
const logical = (combine: Binary): Fold => binary(combine, 'int');

/** Numbers that are drawn when the network runs. */
export const NOISES: readonly string[] = [
  ...['RandomNormal', 'RandomUniform', 'RandomNormalLike', 'RandomUniformLike'],
];

export const FOLDS: Readonly<Record<string, Fold>> = {
  Shape: shapeOf,
  Size: (call) => constant('int', [], [product(call.shape(0))]),
  Constant: constantNode,
  ConstantOfShape: constantOfShape,
  ...Object.fromEntries(NOISES.map((op) => [op, noise])),
  EyeLike: eyeLike,
  BatchNormalization: batchNorm,
  Scatter: scattered,
  ScatterElements: scattered,
  ScatterND: scattered,
  Range: range,
  Identity: identity,
  Cast: cast,
  CastLike: itself,
  Dropout: itself,
  QuantizeLinear: quantized,
  DequantizeLinear: quantized,
  Gather: gather,
  Concat: concat,
  Slice: slice,
  Split: split,
  Unsqueeze: (call) => reshaped(call, ({ sides }) => unsqueezed(call, sides, listOf(call, 'axes', 1) ?? [])),
  Squeeze: (call) => reshaped(call, ({ sides }) => squeezed(call, sides, listOf(call, 'axes', 1))),
  Reshape: reshape,
  Flatten: flatten,
  Transpose: transpose,
  Expand: expand,
  Tile: tile,
  Where: where,
  Clip: clip,
  NonZero: nonZero,
  ReduceProd: reduce((a, b) => BINARY.multiply(a, b, true)),
  ReduceSum: reduce((a, b) => BINARY.add(a, b, true)),
  ReduceMin: reduce((a, b) => BINARY.minimum(a, b, true)),
  ReduceMax: reduce((a, b) => BINARY.maximum(a, b, true)),
  Add: binary(BINARY.add),
  Sub: binary(BINARY.subtract),
  Mul: binary(BINARY.multiply),
  Div: binary(BINARY.divide),
  Mod: binary(BINARY.modulo),
  Pow: binary(BINARY.power),
  Min: extreme(BINARY.minimum),
  Max: extreme(BINARY.maximum),
  Sum: extreme(BINARY.add),
  Equal: logical(BINARY.equal),
  Less: logical(BINARY.less),
  LessOrEqual: logical(BINARY.lessOrEqual),
  Greater: logical(BINARY.greater),
  GreaterOrEqual: logical(BINARY.greaterOrEqual),
  And: logical(BINARY.and),
  Or: logical(BINARY.or),
  Neg: unary(UNARY.negate),
  Abs: unary(UNARY.absolute),
  Floor: unary(UNARY.floor),
  Ceil: unary(UNARY.ceil),
  Round: unary(UNARY.round),
  Sqrt: unary(UNARY.squareRoot),
  Exp: unary(UNARY.exponential),
  Log: unary(UNARY.logarithm),
  Reciprocal: unary(UNARY.reciprocal),
  Not: unary(UNARY.not),
  Sign: unary(UNARY.sign),
  Sin: unary(UNARY.sine),
  Cos: unary(UNARY.cosine),
};

/** Whether an op's result follows from shapes alone, whatever its input is. */
export const SHAPE_ALONE: ReadonlySet<string> = new Set([...['Shape', 'Size', 'Constant', 'EyeLike'], ...NOISES]);

export function folded(call: Call): Results | undefined {
  if (Object.hasOwn(SEQUENCES, call.op)) return SEQUENCES[call.op]!.convert(call);
  const all = call.inputs.length > 0 && call.inputs.every((one) => one === undefined || isConstant(one));
  if (!all && !SHAPE_ALONE.has(call.op)) return undefined;
  return lookup(FOLDS, call.op)?.(call);
}
