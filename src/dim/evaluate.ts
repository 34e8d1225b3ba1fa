// The exact value of a closed form at given values. Values that break a promise are refused.

import { InputError } from '../inputError.js';
import { isNumber, settle, toPoly, type Dim } from './dim.js';
import { constant, symbol, product, sum, withoutSymbols, type SizeSymbol, type Poly } from './poly.js';
import { keeps } from './promise.js';
import { compare, decimal, isWhole, over, showRational, type Rational } from './rational.js';
import { show } from './text.js';

/**
 * Replaces each symbol that has a value: a number, an exact fraction or another symbol.
 * @throws InputError when a value breaks its symbol's promise
 */
export function substitute(dim: Dim, values: Readonly<Record<string, Dim>>): Dim {
  if (isNumber(dim)) return dim;
  let result: Poly = { terms: [] };
  for (const { coefficient, powers } of dim.terms) {
    let term = constant(coefficient);
    for (const power of powers) {
      const value = valueOf(power.symbol, values);
      for (let i = 0; i < power.exponent; i++) term = product(term, value);
    }
    result = sum(result, term);
  }
  return settle(result);
}

/**
 * The number that results when every symbol has a value.
 * @param values numbers as they are written: 0.29 is 29/100
 * @throws InputError when a symbol has no value, breaks its promise, or the count is a fraction or
 * passes 2^53.
 */
export function evaluate(dim: Dim, values: Readonly<Record<string, number>>): number {
  const result = substitute(dim, values);
  if (isNumber(result)) return result;
  const power = result.terms[0]?.powers[0];
  if (power)
    throw new InputError(
      `the symbol ${power.symbol.name} has no value: give one, as in ${power.symbol.name}=${showRational(power.symbol.least)}`,
    );
  throw new InputError(`${show(result)} is not a whole number`);
}

/** The number of a size without symbols. @throws InputError when a symbol is left */
export const numberOf = (dim: Dim): number => (isNumber(dim) ? dim : evaluate(dim, {}));

function valueOf(own: SizeSymbol, values: Readonly<Record<string, Dim>>): Poly {
  const { name } = own;
  if (!Object.hasOwn(values, name)) return symbol(name, own);
  const value = values[name]!;
  if (isNumber(value) && !Number.isFinite(value)) throw new InputError(broken(own, String(value)));
  const exactly = isNumber(value) ? decimal(value) : withoutSymbols(value);
  if (exactly === undefined) return toPoly(value);
  if (!keeps(own, exactly)) throw new InputError(whyBroken(own, exactly));
  return constant(exactly);
}

const ELSEWHERE = 'elsewhere sizes may be rounded, which no polynomial follows: use profile there';
const broken = ({ name, unit }: SizeSymbol, value: string): string =>
  `${name} = ${value} is not a positive multiple of ${showRational(unit)}, which the closed form promises; ${ELSEWHERE}`;

function whyBroken(own: SizeSymbol, value: Rational): string {
  const { name, unit, least, most } = own;
  const text = showRational(value);
  if (value.numerator <= 0n || !isWhole(over(value, unit))) return broken(own, text);
  const [side, bound] = compare(value, least) < 0n ? (['below', least] as const) : (['above', most!] as const);
  return `${name} = ${text} is ${side} ${showRational(bound)}, as far as the closed form holds: use profile there`;
}
