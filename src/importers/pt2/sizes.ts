// Evaluates symbolic sizes. A division that must be exact raises the promises of its symbols.

import { add, div, equal, floorDiv, isNumber, mul, sub, symbol, type Dim } from '../../dim/dim.js';
import { NoClosedForm } from '../../dim/noClosedForm.js';
import { InputError } from '../../inputError.js';
import { type Expression, symbolsIn } from './expression.js';

/** What each symbol stands for. */
export type Bindings = ReadonlyMap<string, Dim>;

/** A fraction of polynomials: an intermediate value need not be whole, as in s/2 times 4. */
interface Ratio {
  readonly over: Dim;
  readonly under: Dim;
}

const whole = (over: Dim): Ratio => ({ over, under: 1 });
const settled = ({ over, under }: Ratio): Dim => (under === 1 ? over : div(over, under));

/**
 * @throws InputError for a symbol that nothing binds, or NoClosedForm where a symbol must promise
 * more
 */
export const sizeOf = (expression: Expression, bindings: Bindings): Dim => settled(ratioOf(expression, bindings));

function ratioOf(expression: Expression, bindings: Bindings): Ratio {
  if (expression.kind === 'number') return fractionOf(expression.value);
  if (expression.kind === 'symbol') {
    const bound = bindings.get(expression.name);
    if (bound === undefined)
      throw new InputError(`the size ${expression.name} depends on the image's content and not on its shape`);
    return whole(bound);
  }
  const rule = RULES[expression.name];
  if (rule === undefined || !Object.hasOwn(RULES, expression.name))
    throw new InputError(`sizes with ${expression.name}(...) are not understood`);
  const parts = expression.parts.map((part) => ratioOf(part, bindings));
  if (parts.length === 0) throw new InputError(`sizes with an empty ${expression.name}() are not understood`);
  return rule(parts);
}

/** 0.5 is 1 / 2. */
function fractionOf(value: number): Ratio {
  let under = 1;
  while (!Number.isInteger(value * under) && under < 2 ** 20) under *= 2;
  return { over: value * under, under };
}

/** A real size has a few terms. */
const MOST_TERMS = 1000;

function times(a: Dim, b: Dim): Dim {
  if (!isNumber(a) && !isNumber(b) && a.terms.length * b.terms.length > MOST_TERMS)
    throw new InputError('a size has too many terms');
  return mul(a, b);
}

const timesAll = (sizes: readonly Dim[]): Dim => sizes.reduce(times, 1);

type Rule = (parts: readonly Ratio[]) => Ratio;

const summed: Rule = (parts) =>
  parts.reduce((a, b) =>
    equal(a.under, b.under)
      ? { over: add(a.over, b.over), under: a.under }
      : { over: add(times(a.over, b.under), times(b.over, a.under)), under: times(a.under, b.under) },
  );

const multiplied: Rule = (parts) => ({
  over: timesAll(parts.map(({ over }) => over)),
  under: timesAll(parts.map(({ under }) => under)),
});

const divided: Rule = ([a, b = whole(1)]) => ({ over: times(a!.over, b.under), under: times(a!.under, b.over) });

/** Rounded down. A division by symbols must leave no remainder. */
function roundedDown({ over, under }: Ratio): Dim {
  if (!isNumber(under)) return div(over, under);
  if (under === 0) throw new InputError('a size is divided by 0');
  return under < 0 ? floorDiv(mul(over, -1), -under) : floorDiv(over, under);
}

const floored: Rule = (parts) => whole(roundedDown(parts.length > 1 ? divided(parts) : parts[0]!));

const raisedUp: Rule = (parts) => {
  const { over, under } = parts.length > 1 ? divided(parts) : parts[0]!;
  return whole(mul(roundedDown({ over: mul(over, -1), under }), -1));
};

const rest: Rule = ([a, b = whole(1)]) => {
  const [value, by] = [settled(a!), settled(b)];
  return whole(sub(value, times(by, roundedDown({ over: value, under: by }))));
};

const raised: Rule = ([base, exponent = whole(1)]) => {
  const power = settled(exponent);
  if (!isNumber(power) || Math.abs(power) > 64)
    throw new InputError('a size is raised to a power that is not a number');
  const { over, under } = base!;
  const to = (value: Dim): Dim => timesAll(Array.from({ length: Math.abs(power) }, () => value));
  return power < 0 ? { over: to(under), under: to(over) } : { over: to(over), under: to(under) };
};

const extreme =
  (pick: (a: number, b: number) => number, name: string): Rule =>
  (parts) =>
    parts.reduce((a, b) => {
      const [left, right] = [settled(a), settled(b)];
      if (isNumber(left) && isNumber(right)) return whole(pick(left, right));
      const difference = sub(left, right);
      if (!isNumber(difference)) throw new InputError(`there is no closed form of the ${name} of two sizes`);
      return whole(pick(difference, 0) === difference ? left : right);
    });

/** The functions of sizes, by the names of sympy and torch. */
const RULES: Readonly<Record<string, Rule>> = {
  Add: summed,
  Mul: multiplied,
  Rational: divided,
  TrueDiv: divided,
  IntTrueDiv: divided,
  FloatTrueDiv: divided,
  FloorDiv: floored,
  CleanDiv: floored,
  CeilDiv: raisedUp,
  floor: floored,
  FloorToInt: floored,
  TruncToInt: floored,
  ceiling: raisedUp,
  CeilToInt: raisedUp,
  Mod: rest,
  PythonMod: rest,
  Pow: raised,
  PowByNatural: raised,
  Max: extreme(Math.max, 'larger'),
  Min: extreme(Math.min, 'smaller'),
  ToFloat: ([a]) => a!,
};

/**
 * What the only unbound symbol of a size must be, so that the size is `wanted`.
 * @returns undefined where the size is not a multiple of one symbol plus a number
 */
export function solved(
  expression: Expression,
  bindings: Bindings,
  wanted: Dim,
): { readonly name: string; readonly value: Dim } | undefined {
  const open = [...symbolsIn(expression)].filter((name) => !bindings.has(name));
  const [name] = open;
  if (name === undefined || open.length > 1) return undefined;
  const at = (value: Dim): Dim => sizeOf(expression, new Map([...bindings, [name, value]]));
  if (!isLine(() => at(symbol(name)))) return undefined;
  const [first, factor] = [at(0), sub(at(1), at(0))];
  return factor === 0 ? undefined : { name, value: div(sub(wanted, first), factor) };
}

/** Whether a size grows with its symbols by the same step everywhere. */
function isLine(size: () => Dim): boolean {
  try {
    const found = size();
    return !isNumber(found) && found.terms.every(({ powers }) => powers.every(({ exponent }) => exponent === 1));
  } catch (error) {
    // A part of the size is rounded, so that its step is not constant.
    if (error instanceof NoClosedForm) return false;
    throw error;
  }
}
