// What do exporters compute with shapes before the network runs? One row for each op that can be done on small constants.

import { isNumber, type Dim } from '../../../dim/dim.js';
import { product } from '../../../dim/dim.js';
import { InputError } from '../../../inputError.js';
import type { Call } from '../call.js';
import { DATA_TYPES } from '../messages.js';
import { constant, isConstant, MOST_ITEMS, type Constant, type Item } from '../operand.js';
import { constantOf, isReal } from '../tensors.js';
import { broadcastAt, broadcastSides, count, fill, strides } from './arrays.js';
import { BINARY, UNARY, type Binary, type Unary } from './numbers.js';

/** Undefined where what is needed is not known: the op is then the network's own. */
export type Fold = (call: Call) => Constant | readonly Constant[] | undefined;

/** A constant whose numbers are all known. */
interface Known {
  readonly type: Constant['type'];
  readonly sides: readonly number[];
  readonly items: readonly Item[];
  readonly learnt?: string | undefined;
}

function known(call: Call, i: number): Known | undefined {
  const found = call.constant(i);
  if (found?.items === undefined) return undefined;
  return { type: found.type, sides: found.shape as readonly number[], items: found.items, learnt: found.learnt };
}

const made = (type: Constant['type'], sides: readonly number[], items: readonly Item[], learnt?: string): Constant => ({
  ...constant(type, sides, items),
  ...(learnt === undefined ? {} : { learnt }),
});

const list = (items: readonly Item[]): Constant => constant('int', [items.length], items);

const binary =
  (combine: Binary, type?: 'int'): Fold =>
  (call) => {
    const [a, b] = [known(call, 0), known(call, 1)];
    const sides = a && b && broadcastSides(a.sides, b.sides);
    if (!sides || count(sides) > MOST_ITEMS) return undefined;
    const whole = a.type === 'int' && b.type === 'int';
    const items = fill(sides, (at) =>
      combine(broadcastAt(a.items, a.sides, at), broadcastAt(b.items, b.sides, at), whole),
    );
    if (items.includes(undefined)) return undefined;
    return made(type ?? (whole ? 'int' : 'float'), sides, items as readonly Item[]);
  };

const unary =
  (change: Unary): Fold =>
  (call) => {
    const a = known(call, 0);
    const items = a?.items.map(change);
    return a && items && !items.includes(undefined) ? made(a.type, a.sides, items as readonly Item[]) : undefined;
  };

const reduce =
  (combine: (a: Item, b: Item) => Item | undefined): Fold =>
  (call) => {
    const a = known(call, 0);
    const axes = call.list('axes', 1);
    // Exporters reduce lists of sizes, to the number of elements for example.
    if (a?.sides.length !== 1 || (axes && axes.length !== 1)) return undefined;
    const [first, ...rest] = a.items;
    const result = rest.reduce<Item | undefined>((all, item) => (all !== undefined ? combine(all, item) : all), first);
    return result === undefined ? undefined : made(a.type, call.attributes.int('keepdims', 1) ? [1] : [], [result]);
  };

/** Another order of the same items, or some of them: `from` says where each comes from. */
const moved = (a: Known, sides: readonly number[], from: (at: readonly number[]) => number): Constant | undefined =>
  count(sides) > MOST_ITEMS
    ? undefined
    : made(
        a.type,
        sides,
        fill(sides, (at) => a.items[from(at)]!),
        a.learnt,
      );

const reshaped = (call: Call, sides: (a: Known) => readonly number[]): Constant | undefined => {
  const a = known(call, 0);
  return a && made(a.type, sides(a), a.items, a.learnt);
};

const indexOf = (at: readonly number[], steps: readonly number[]): number =>
  at.reduce((sum, place, i) => sum + place * steps[i]!, 0);

const shapeOf: Fold = (call) => {
  const shape = call.shape(0);
  const [start, end] = [call.attributes.int('start', 0), call.attributes.int('end', shape.length)];
  return list(shape.slice(start, end));
};

const constantNode: Fold = ({ attributes }) => {
  const tensor = attributes.tensor('value');
  if (tensor) return constantOf(tensor);
  const [ints, floats] = [attributes.ints('value_ints'), attributes.floats('value_floats')];
  if (ints) return list(ints);
  if (floats) return constant('float', [floats.length], floats);
  if (attributes.has('value_int')) return constant('int', [], [attributes.int('value_int', 0)]);
  if (attributes.has('value_float')) return constant('float', [], [attributes.float('value_float', 0)]);
  throw new InputError('a constant without numbers: only tensors, whole and real numbers are read');
};

const constantOfShape: Fold = (call) => {
  const sides = call.items(0);
  if (!sides) return undefined;
  const value = call.attributes.tensor('value');
  const { type, items = [0] } = value ? constantOf(value) : constant('float', [1], [0]);
  if (!sides.every(isNumber) || count(sides) > MOST_ITEMS) return constant(type, sides);
  return constant(type, sides, new Array<Item>(count(sides)).fill(items[0] ?? 0));
};

const range: Fold = (call) => {
  const [start, limit, step] = [0, 1, 2].map((i) => call.items(i)?.[0]);
  if (start === undefined || limit === undefined || step === undefined) return undefined;
  if (!isNumber(start) || !isNumber(limit) || !isNumber(step)) return undefined;
  const length = Math.max(0, Math.ceil((limit - start) / step));
  if (!(length <= MOST_ITEMS)) return undefined;
  const items = Array.from({ length }, (_, i) => start + i * step);
  return made(call.constant(0)!.type, [length], items);
};

const cast: Fold = (call) => {
  const a = known(call, 0);
  if (!a) return undefined;
  const to = call.attributes.int('to', DATA_TYPES.float);
  if (isReal(to)) return made('float', a.sides, a.items, a.learnt);
  const whole = (item: Item): Item => (isNumber(item) ? Math.trunc(item) : item);
  return made(
    'int',
    a.sides,
    to === DATA_TYPES.bool ? a.items.map((item) => (item === 0 ? 0 : 1)) : a.items.map(whole),
  );
};

const gather: Fold = (call) => {
  const [a, indices] = [known(call, 0), known(call, 1)];
  if (!a || !indices) return undefined;
  const axis = call.axis(call.attributes.int('axis', 0));
  const side = a.sides[axis]!;
  const steps = strides(a.sides);
  const sides = [...a.sides.slice(0, axis), ...indices.sides, ...a.sides.slice(axis + 1)];
  return moved(a, sides, (at) => {
    const index = broadcastAt(indices.items, indices.sides, at.slice(axis, axis + indices.sides.length));
    if (!isNumber(index) || !(index >= -side && index < side))
      throw new InputError(
        `the index ${isNumber(index) ? index : 'with a symbol'} is none of the ${side} along axis ${axis}`,
      );
    const own = [...at.slice(0, axis), index < 0 ? index + side : index, ...at.slice(axis + indices.sides.length)];
    return indexOf(own, steps);
  });
};

const concat: Fold = (call) => {
  const parts = call.inputs.map((_, i) => known(call, i));
  const [first] = parts;
  if (!first || parts.includes(undefined)) return undefined;
  const all = parts as readonly Known[];
  const axis = call.axis(call.attributes.int('axis', 0));
  if (all.some(({ sides }) => sides.length !== first.sides.length)) return undefined;
  const length = all.reduce((sum, { sides }) => sum + sides[axis]!, 0);
  const sides = first.sides.map((side, i) => (i === axis ? length : side));
  if (count(sides) > MOST_ITEMS) return undefined;
  const items = fill(sides, (at) => {
    let place = at[axis]!;
    const part = all.find((one) => place < one.sides[axis]! || ((place -= one.sides[axis]!), false))!;
    return part.items[
      indexOf(
        at.map((own, i) => (i === axis ? place : own)),
        strides(part.sides),
      )
    ]!;
  });
  return made(first.type, sides, items);
};

/** First, last (past it) and step along one side, as NumPy reads them. */
export function sliced(
  side: number,
  start: number,
  end: number,
  step: number,
): readonly [first: number, length: number] {
  if (step === 0) throw new InputError('a slice has the step 0');
  const bound = (at: number, low: number, high: number): number =>
    Math.min(Math.max(at < 0 ? at + side : at, low), high);
  const [first, last] =
    step > 0 ? [bound(start, 0, side), bound(end, 0, side)] : [bound(start, -1, side - 1), bound(end, -1, side - 1)];
  return [first, Math.max(0, Math.ceil((last - first) / step))];
}

const slice: Fold = (call) => {
  const a = known(call, 0);
  if (!a) return undefined;
  const [starts, ends] = [call.list('starts', 1) ?? [], call.list('ends', 2) ?? []];
  const axes = call.axes(call.list('axes', 3) ?? starts.map((_, i) => i));
  const steps = call.inputs[4] ? call.whole(4, 'steps') : starts.map(() => 1);
  const sides = [...a.sides];
  const [first, jump] = [a.sides.map(() => 0), a.sides.map(() => 1)];
  axes.forEach((axis, i) => {
    const [from, length] = sliced(a.sides[axis]!, starts[i]!, ends[i] ?? Infinity, steps[i] ?? 1);
    [first[axis], sides[axis], jump[axis]] = [from, length, steps[i] ?? 1];
  });
  const own = strides(a.sides);
  return moved(a, sides, (at) =>
    indexOf(
      at.map((place, i) => first[i]! + place * jump[i]!),
      own,
    ),
  );
};

const unsqueeze: Fold = (call) =>
  reshaped(call, ({ sides }) => {
    const axes = call.list('axes', 1) ?? [];
    return unsqueezed(call, sides, axes) as readonly number[];
  });

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
  const wanted = call.items(1) ?? call.attributes.ints('shape');
  if (!wanted?.every(isNumber)) return undefined;
  return reshaped(call, (a) => {
    const sides = wanted.map((side, i) => (side === 0 && !call.attributes.int('allowzero', 0) ? a.sides[i]! : side));
    const rest = a.items.length / count(sides.filter((side) => side !== -1));
    const all = sides.map((side) => (side === -1 ? rest : side));
    if (count(all) === a.items.length) return all;
    throw new InputError(`${a.items.length} numbers do not make the shape [${wanted.join(', ')}]`);
  });
};

const transpose: Fold = (call) => {
  const a = known(call, 0);
  if (!a) return undefined;
  const order = call.axes(call.attributes.ints('perm') ?? a.sides.map((_, i) => a.sides.length - 1 - i));
  const steps = strides(a.sides);
  return moved(
    a,
    order.map((axis) => a.sides[axis]!),
    (at) => at.reduce((sum, place, i) => sum + place * steps[order[i]!]!, 0),
  );
};

const expand: Fold = (call) => {
  const [a, wanted] = [known(call, 0), call.items(1)];
  if (!a || !wanted?.every(isNumber)) return undefined;
  const sides = broadcastSides(a.sides, wanted);
  if (!sides || count(sides) > MOST_ITEMS) return undefined;
  return made(
    a.type,
    sides,
    fill(sides, (at) => broadcastAt(a.items, a.sides, at)),
  );
};

const tile: Fold = (call) => {
  const [a, times] = [known(call, 0), call.items(1)];
  if (!a || !times?.every(isNumber)) return undefined;
  const steps = strides(a.sides);
  return moved(
    a,
    a.sides.map((side, i) => side * (times[i] ?? 1)),
    (at) => at.reduce((sum, place, i) => sum + (place % a.sides[i]!) * steps[i]!, 0),
  );
};

const where: Fold = (call) => {
  const [test, a, b] = [known(call, 0), known(call, 1), known(call, 2)];
  const inner = a && b && broadcastSides(a.sides, b.sides);
  const sides = test && inner && broadcastSides(test.sides, inner);
  if (!sides || count(sides) > MOST_ITEMS) return undefined;
  return made(
    a.type,
    sides,
    fill(sides, (at) => {
      const chosen = broadcastAt(test.items, test.sides, at) === 0 ? b : a;
      return broadcastAt(chosen.items, chosen.sides, at);
    }),
  );
};

const itself: Fold = (call) => {
  const found = call.constant(0);
  // What an Identity makes of a weight is a parameter of its own: exporters store equal ones once.
  return found?.learnt === undefined ? found : { ...found, learnt: call.node.output[0] ?? found.learnt };
};

const size: Fold = (call) => constant('int', [], [product(call.shape(0))]);

const flatten: Fold = (call) =>
  reshaped(call, ({ sides }) => {
    const axis = call.attributes.int('axis', 1);
    const at = axis < 0 ? axis + sides.length : axis;
    return [count(sides.slice(0, at)), count(sides.slice(at))];
  });

const COMPARISONS = ['Equal', 'Less', 'LessOrEqual', 'Greater', 'GreaterOrEqual', 'And', 'Or'];

export const FOLDS: Readonly<Record<string, Fold>> = {
  Shape: shapeOf,
  Size: size,
  Constant: constantNode,
  ConstantOfShape: constantOfShape,
  Range: range,
  Identity: itself,
  Cast: cast,
  Gather: gather,
  Concat: concat,
  Slice: slice,
  Unsqueeze: unsqueeze,
  Squeeze: (call) => reshaped(call, ({ sides }) => squeezed(call, sides, call.list('axes', 1)) as readonly number[]),
  Reshape: reshape,
  Flatten: flatten,
  Transpose: transpose,
  Expand: expand,
  Tile: tile,
  Where: where,
  ReduceProd: reduce((a, b) => BINARY['Mul']!(a, b, true)),
  ReduceSum: reduce((a, b) => BINARY['Add']!(a, b, true)),
  ReduceMin: reduce((a, b) => BINARY['Min']!(a, b, true)),
  ReduceMax: reduce((a, b) => BINARY['Max']!(a, b, true)),
  ...Object.fromEntries(
    Object.entries(BINARY).map(([op, combine]) => [op, binary(combine, COMPARISONS.includes(op) ? 'int' : undefined)]),
  ),
  ...Object.fromEntries(Object.entries(UNARY).map(([op, change]) => [op, unary(change)])),
};

/** Whether an op's result follows from shapes alone, whatever its input is. */
export const SHAPE_ALONE: ReadonlySet<string> = new Set(['Shape', 'Size', 'Constant']);

export const allConstant = (call: Call): boolean =>
  call.inputs.length > 0 && call.inputs.every((input) => input === undefined || isConstant(input));
