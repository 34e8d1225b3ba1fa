// What follows from constants alone? Sides always; values where they are numbers of shapes.

import { add, mul, product, sub, type Dim } from '../../dim/dim.js';
import { InputError } from '../../inputError.js';
import type { Constant } from './constants.js';
import { isConstant, type NodeCall } from './nodeCall.js';
import { broadcastSides, numbersOf } from './sides.js';

type Fold = (call: NodeCall, inputs: readonly Constant[]) => Constant;

const one =
  (values: (x: readonly Dim[], call: NodeCall) => readonly Dim[] | undefined): Fold =>
  (call, [x]) => {
    const made = x!.values && values(x!.values, call);
    return { sides: x!.sides, values: made };
  };

const two =
  (combine: ((a: Dim, b: Dim) => Dim) | undefined): Fold =>
  (_, [a, b]) => {
    if (!a || !b) throw new InputError('takes two inputs');
    const sides = broadcastSides(a.sides, b.sides);
    const [p, q] = [a.values, b.values];
    const count = sides.reduce((all, side) => all * side, 1);
    if (!combine || !p || !q || sides.length > 1 || count > 64) return { sides, values: undefined };
    const at = (values: readonly Dim[], i: number): Dim => values[values.length === 1 ? 0 : i]!;
    return { sides, values: Array.from({ length: count }, (_, i) => combine(at(p, i), at(q, i))) };
  };

const joined = (inputs: readonly Constant[]): readonly Dim[] | undefined =>
  inputs.every(({ values }) => values) ? inputs.flatMap(({ values }) => values!) : undefined;

/** Of a list: elements from `begin` to `end`, or one of them. */
const stridedSlice: Fold = ({ attributes }, [x, begin, end, step]) => {
  const [from, to, by] = [begin, end, step].map((bound) => numbersOf(bound?.values));
  const mask = (key: string): boolean => (attributes.integer(key, 0) & 1) === 1;
  const shrinks = mask('shrink_axis_mask');
  if (x?.sides.length !== 1 || from?.length !== 1 || to?.length !== 1 || by?.[0] !== 1)
    return { sides: shrinks ? [] : [1], values: undefined };
  const length = x.sides[0]!;
  const placed = (place: number): number => Math.min(Math.max(place < 0 ? place + length : place, 0), length);
  const first = mask('begin_mask') ? 0 : placed(from[0]!);
  const last = shrinks ? first + 1 : mask('end_mask') ? length : placed(to[0]!);
  const values = x.values?.slice(first, last);
  return { sides: shrinks ? [] : [Math.max(0, last - first)], values };
};

const FOLDS: Readonly<Record<string, Fold>> = {
  Identity: one((x) => x),
  StopGradient: one((x) => x),
  Cast: one((x) => x),
  Add: two(add),
  AddV2: two(add),
  Sub: two(sub),
  Mul: two(mul),
  RealDiv: two(undefined),
  Maximum: two(undefined),
  Minimum: two(undefined),
  Rsqrt: one(() => undefined),
  Sqrt: one(() => undefined),
  Exp: one(() => undefined),
  Neg: one(() => undefined),
  Pack: (_, inputs) => ({ sides: [inputs.length], values: joined(inputs) }),
  ConcatV2: (_, inputs) => {
    const parts = inputs.slice(0, -1);
    return { sides: [parts.reduce((sum, { sides }) => sum + (sides[0] ?? 1), 0)], values: joined(parts) };
  },
  StridedSlice: stridedSlice,
  Prod: (_, [x]) => ({ sides: [], values: x!.values && [product(x!.values)] }),
};

export const folds = (op: string): boolean => Object.hasOwn(FOLDS, op);

/** @returns undefined where an operand is computed from the image, or the op is not among these */
export function folded(call: NodeCall): Constant | undefined {
  const inputs = call.operands.filter(isConstant);
  if (inputs.length === 0 || inputs.length < call.operands.length || !folds(call.op)) return undefined;
  return FOLDS[call.op]!(call, inputs);
}
