// Arithmetic on small constants: sums of sizes, comparisons of counters, casts and choices.

import { isNumber } from '../../../dim/dim.js';
import { constant, MOST_ITEMS, type Item } from '../../kit/operand.js';
import { broadcastAt, broadcastSides, count, fill } from '../../kit/fold/arrays.js';
import { chosen } from '../../kit/fold/constants.js';
import { BINARY, UNARY } from '../../kit/fold/numbers.js';
import { optionsOf } from '../network.js';
import { known, type Fold } from './known.js';

export const binary =
  (name: keyof typeof BINARY): Fold =>
  (call) => {
    const [a, b] = [known(call, 0), known(call, 1)];
    const sides = a && b && broadcastSides(a.sides, b.sides);
    if (!sides || !(count(sides) <= MOST_ITEMS)) return undefined;
    const whole = a.type === 'int' && b.type === 'int';
    const items = fill(sides, (at) =>
      BINARY[name](broadcastAt(a.items, a.sides, at), broadcastAt(b.items, b.sides, at), whole),
    );
    return items.includes(undefined) ? undefined : constant(whole ? 'int' : 'float', sides, items as readonly Item[]);
  };

/** The opposite of a comparison. */
export const contrary =
  (name: keyof typeof BINARY): Fold =>
  (call) => {
    const made = binary(name)(call);
    if (!made || !('constant' in made) || !made.items) return undefined;
    return constant(
      'int',
      made.shape,
      made.items.map((item) => (item === 0 ? 1 : 0)),
    );
  };

export const unary =
  (name: keyof typeof UNARY): Fold =>
  (call) => {
    const a = known(call, 0);
    const items = a?.items.map((item) => UNARY[name](item));
    return a && items && !items.includes(undefined) ? constant(a.type, a.sides, items as readonly Item[]) : undefined;
  };

export const reduce =
  (name: keyof typeof BINARY): Fold =>
  (call) => {
    const [a, axes] = [known(call, 0), known(call, 1)];
    // Lists of sizes are reduced, to the number of elements for example.
    if (a?.sides.length !== 1 || axes?.items.length !== 1 || a.items.length === 0) return undefined;
    const [first, ...rest] = a.items;
    const result = rest.reduce<Item | undefined>(
      (all, item) => (all === undefined ? undefined : BINARY[name](all, item, true)),
      first,
    );
    const sides = optionsOf(call.file, 'Reducer').keep === 1 ? [1] : [];
    return result === undefined ? undefined : constant(a.type, sides, [result]);
  };

const INTEGERS: ReadonlySet<number> = new Set([2, 3, 4, 7, 9, 12, 15, 16, 17, 19, 20]);
const BOOL = 6;

export const cast: Fold = (call) => {
  const a = known(call, 0);
  const { to } = optionsOf(call.file, 'Cast');
  if (!a) return call.constant(0);
  if (to === BOOL)
    return constant(
      'int',
      a.sides,
      a.items.map((item) => (item === 0 ? 0 : 1)),
    );
  if (INTEGERS.has(to))
    return constant(
      'int',
      a.sides,
      a.items.map((item) => (isNumber(item) ? Math.trunc(item) : item)),
    );
  return constant('float', a.sides, a.items);
};

export const select: Fold = (call) => {
  const [test, a, b] = [known(call, 0), known(call, 1), known(call, 2)];
  return test && a && b && chosen(test, a, b);
};

const ofNumber =
  (change: (item: number) => number): Fold =>
  (call) => {
    const a = known(call, 0);
    const items = a?.items.map((item) => (isNumber(item) ? change(item) : undefined));
    return a && items && !items.includes(undefined) ? constant(a.type, a.sides, items as readonly Item[]) : undefined;
  };

export const square = ofNumber((item) => item * item);
export const inverseRoot = ofNumber((item) => 1 / Math.sqrt(item));
