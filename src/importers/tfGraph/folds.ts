// Folds of shapes and constants: sizes that are known before the network runs.

import { add, div, floorDiv, isNumber, mul, product, sub, type Dim } from '../../dim/dim.js';
import { broadcastSides } from '../kit/fold/arrays.js';
import { constant, list, MOST_ITEMS, type Constant, type Item } from '../kit/operand.js';
import type { Results } from '../kit/call.js';
import { boundsOf, masksOf, slicedSides } from './stridedSlice.js';
import { sidesInFile, type Call } from './tfCall.js';

/** Undefined where an operand is not known: the op then runs with the network. */
type Fold = (call: Call) => Results | undefined;

type Combine = (a: Item, b: Item, whole: boolean) => Item | undefined;

const both =
  (numbers: (a: number, b: number) => number, sizes?: (a: Item, b: Item) => Item): Combine =>
  (a, b) =>
    isNumber(a) && isNumber(b) ? numbers(a, b) : sizes?.(a, b);

/** Pairs two lists, or a list and a number. Tensors of more sides are not folded. */
const combined =
  (combine: Combine): Fold =>
  (call) => {
    const [a, b] = [call.constant(0), call.constant(1)];
    if (!a?.items || !b?.items || a.shape.length > 1 || b.shape.length > 1) return undefined;
    const [p, q] = [a.items, b.items];
    if (p.length !== q.length && p.length !== 1 && q.length !== 1) return undefined;
    const count = p.length === 0 || q.length === 0 ? 0 : Math.max(p.length, q.length);
    const whole = a.type === 'int' && b.type === 'int';
    const items = Array.from({ length: count }, (_, i) =>
      combine(p[p.length === 1 ? 0 : i]!, q[q.length === 1 ? 0 : i]!, whole),
    );
    if (items.some((item) => item === undefined)) return undefined;
    const shape = a.shape.length >= b.shape.length && a.shape.length > 0 ? [count] : b.shape.length > 0 ? [count] : [];
    return constant(whole ? 'int' : 'float', shape, items as readonly Item[]);
  };

/** 1 where it holds, else 0. */
const compared = (holds: (a: number, b: number) => boolean): Fold => {
  const fold = combined(both((a, b) => Number(holds(a, b))));
  return (call) => {
    const made = fold(call) as Constant | undefined;
    return made && { ...made, type: 'int' };
  };
};

const changed =
  (change: (a: Item) => Item | undefined): Fold =>
  (call) => {
    const found = call.constant(0);
    const items = found?.items?.map(change);
    if (!found || !items || items.some((item) => item === undefined)) return undefined;
    return constant(found.type, found.shape, items as readonly Item[], found.stored);
  };

const itself: Fold = (call) => call.constant(0);

/** Exact for symbols; numbers keep their type. */
function divided(a: Item, b: Item, whole: boolean): Item | undefined {
  if (isNumber(a) && isNumber(b)) return b === 0 ? undefined : whole ? Math.floor(a / b) : a / b;
  return isNumber(b) && Number.isSafeInteger(b) && b > 0 ? (whole ? floorDiv(a, b) : div(a, b)) : undefined;
}

/** Joins lists. */
const joined = (parts: readonly (Constant | undefined)[]): Results | undefined => {
  if (parts.some((part) => part?.items === undefined || part.shape.length > 1)) return undefined;
  const known = parts as readonly (Constant & { items: readonly Item[] })[];
  const items = known.flatMap((part) => part.items);
  const type = known.every((part) => part.type === 'int') ? 'int' : 'float';
  return items.length > MOST_ITEMS ? undefined : constant(type, [items.length], items);
};

const operands = (call: Call): readonly (Constant | undefined)[] => call.inputs.map((_, i) => call.constant(i));

/** A slice of a list of sizes, of the sides of a tensor, or of one number. */
const reduced =
  (combine: (a: Dim, b: Dim) => Dim | undefined, start?: Dim): Fold =>
  (call) => {
    const found = call.constant(0);
    if (found?.items?.length === 1 && found.shape.length === 0) return found;
    if (found?.items === undefined || found.shape.length !== 1) return undefined;
    const [first = start, ...rest] = found.items;
    const result = rest.reduce<Dim | undefined>(
      (all, item) => (all === undefined ? undefined : combine(all, item)),
      first,
    );
    if (result === undefined) return undefined;
    const keep = call.file.attributes.flag('keep_dims', false);
    return constant(found.type, keep ? [1] : [], [result]);
  };

const gathered: Fold = (call) => {
  const [found, places] = [call.constant(0), call.constant(1)];
  if (!found?.items || found.shape.length !== 1 || !places?.items || places.shape.length > 1) return undefined;
  const items = places.items.map((place) => {
    if (!isNumber(place)) return undefined;
    return found.items!.at(place);
  });
  if (items.some((item) => item === undefined)) return undefined;
  return constant(found.type, places.shape, items as readonly Item[]);
};

const slicedList: Fold = (call) => {
  const found = call.constant(0);
  if (!found?.items || found.shape.length !== 1) return undefined;
  const bounds = boundsOf(call);
  if (!bounds.begin || !bounds.end) return undefined;
  const { taken, sides } = slicedSides(found.shape, bounds, masksOf(call));
  const { first, step, size } = taken[0]!;
  if (!isNumber(size)) return undefined;
  const items = Array.from({ length: size }, (_, i) => found.items![first + i * step]);
  return items.some((item) => item === undefined) ? undefined : constant(found.type, sides, items as readonly Item[]);
};

const part: Fold = (call) => {
  const [found, begin, size] = [call.constant(0), call.items(1)?.[0], call.items(2)?.[0]];
  if (!found?.items || found.shape.length !== 1 || begin === undefined || size === undefined) return undefined;
  if (!isNumber(begin) || !isNumber(size)) return undefined;
  const items = found.items.slice(begin, size === -1 ? undefined : begin + size);
  return constant(found.type, [items.length], items);
};

/** The same items with other sides. */
const reshapedList: Fold = (call) => {
  const [found, wanted] = [call.constant(0), call.items(1)];
  if (!found?.items || !wanted?.every(isNumber) || found.stored) return undefined;
  const rest = wanted.filter((side) => side !== -1).reduce((all, side) => all * side, 1);
  const sides = wanted.map((side) => (side === -1 ? found.items!.length / rest : side));
  return sides.reduce((all, side) => all * side, 1) === found.items.length
    ? constant(found.type, sides, found.items)
    : undefined;
};

const filled: Fold = (call) => {
  const [sides, value] = [call.items(0), call.constant(1)];
  if (!sides || !value) return undefined;
  const count = sides.every(isNumber) ? sides.reduce((all, side) => all * side, 1) : Infinity;
  const item = value.items?.[0];
  return constant(
    value.type,
    sides,
    item === undefined || count > MOST_ITEMS ? undefined : new Array<Item>(count).fill(item),
  );
};

/** Random numbers are an input of the graph, as the image is. */
const NOISES: readonly string[] = [
  ...['RandomUniform', 'RandomStandardNormal', 'TruncatedNormal', 'RandomUniformInt'],
  ...['StatelessRandomUniform', 'StatelessRandomUniformV2', 'StatelessRandomNormal', 'StatelessRandomNormalV2'],
  ...['StatelessTruncatedNormal', 'StatelessTruncatedNormalV2'],
];

const noise: Fold = (call) => {
  const sides = call.items(0);
  return sides && constant('float', sides);
};

const range: Fold = (call) => {
  const [start, limit, delta] = [0, 1, 2].map((i) => call.items(i)?.[0]);
  if (start === undefined || limit === undefined || delta === undefined) return undefined;
  if (!isNumber(start) || !isNumber(limit) || !isNumber(delta) || delta === 0) return undefined;
  const count = Math.max(0, Math.ceil((limit - start) / delta));
  if (count > MOST_ITEMS) return constant('int', [count]);
  return list(Array.from({ length: count }, (_, i) => start + i * delta));
};

const FOLDS: Readonly<Record<string, Fold>> = {
  Shape: (call) => list(sidesInFile(call, 0)),
  Size: (call) => constant('int', [], [product(sidesInFile(call, 0))]),
  Rank: (call) => constant('int', [], [sidesInFile(call, 0).length]),
  ...Object.fromEntries(['Identity', 'StopGradient', 'Cast', 'ReadVariableOp'].map((op) => [op, itself])),
  Add: combined(both((a, b) => a + b, add)),
  AddV2: combined(both((a, b) => a + b, add)),
  Sub: combined(both((a, b) => a - b, sub)),
  Mul: combined(both((a, b) => a * b, mul)),
  RealDiv: combined((a, b) => divided(a, b, false)),
  Div: combined(divided),
  FloorDiv: combined((a, b) => divided(a, b, true)),
  FloorMod: combined(both((a, b) => a - b * Math.floor(a / b))),
  Maximum: combined(both(Math.max)),
  Minimum: combined(both(Math.min)),
  Less: compared((a, b) => a < b),
  LessEqual: compared((a, b) => a <= b),
  Greater: compared((a, b) => a > b),
  GreaterEqual: compared((a, b) => a >= b),
  Equal: compared((a, b) => a === b),
  NotEqual: compared((a, b) => a !== b),
  LogicalAnd: compared((a, b) => a !== 0 && b !== 0),
  LogicalOr: compared((a, b) => a !== 0 || b !== 0),
  LogicalNot: changed((a) => (isNumber(a) ? Number(a === 0) : undefined)),
  Neg: changed((a) => (isNumber(a) ? -a : mul(a, -1))),
  Floor: changed((a) => (isNumber(a) ? Math.floor(a) : a)),
  Ceil: changed((a) => (isNumber(a) ? Math.ceil(a) : a)),
  Round: changed((a) => (isNumber(a) ? Math.round(a) : a)),
  Pack: (call) => (operands(call).every((one) => one?.shape.length === 0) ? joined(operands(call)) : undefined),
  ConcatV2: (call) => joined(operands(call).slice(0, -1)),
  Concat: (call) => joined(operands(call).slice(1)),
  Prod: reduced(mul, 1),
  Sum: reduced(add, 0),
  Max: reduced(both(Math.max) as (a: Dim, b: Dim) => Dim | undefined),
  Min: reduced(both(Math.min) as (a: Dim, b: Dim) => Dim | undefined),
  Gather: gathered,
  GatherV2: gathered,
  StridedSlice: slicedList,
  Slice: part,
  ExpandDims: (call) => {
    const found = call.constant(0);
    return found?.items?.length === 1 && found.shape.length === 0 ? constant(found.type, [1], found.items) : undefined;
  },
  Squeeze: (call) => {
    const found = call.constant(0);
    return found?.items?.length === 1 && !found.stored ? constant(found.type, [], found.items) : undefined;
  },
  Reshape: reshapedList,
  Fill: filled,
  ZerosLike: (call) => constant('float', sidesInFile(call, 0)),
  OnesLike: (call) => constant('float', sidesInFile(call, 0)),
  BroadcastArgs: (call) => {
    const [a, b] = [call.items(0), call.items(1)];
    const sides = a?.every(isNumber) && b?.every(isNumber) ? broadcastSides(a, b) : undefined;
    return sides && list(sides);
  },
  ...Object.fromEntries(NOISES.map((op) => [op, noise])),
  Range: range,
};

export const folds = (op: string): boolean => Object.hasOwn(FOLDS, op);

export const folded = (call: Call): Results | undefined => (folds(call.op) ? FOLDS[call.op]!(call) : undefined);
