// What is a closed form worth at given values? Exact, and refused where a symbol's promise is broken.

import { InputError } from '../inputError.js';
import { isNumber, settle, toPoly, type Dim } from './dim.js';
import { constant, letter, product, sum, type Letter, type Poly } from './poly.js';
import { decimal } from './rational.js';
import { show } from './text.js';

/** Replaces the symbols that have a value (a number, a fraction for a ratio, or another symbol), leaving the others in place. */
export function substitute(dim: Dim, values: Readonly<Record<string, Dim>>): Dim {
  if (isNumber(dim)) return dim;
  let result: Poly = { terms: [] };
  for (const { coefficient, powers } of dim.terms) {
    let term = constant(coefficient);
    for (const power of powers) {
      const value = valueOf(power.letter, values);
      for (let i = 0; i < power.exponent; i++) term = product(term, value);
    }
    result = sum(result, term);
  }
  return settle(result);
}

/**
 * The number that `dim` is once every symbol has a value.
 * @throws InputError when a symbol has no value, breaks its promise, or the count is a fraction or passes 2^53.
 */
export function evaluate(dim: Dim, values: Readonly<Record<string, number>>): number {
  for (const [name, value] of Object.entries(values))
    if (!Number.isInteger(value))
      throw new InputError(`${name} = ${value} is not a positive multiple of 1: give a whole number`);
  const result = substitute(dim, values);
  if (isNumber(result)) return result;
  const power = result.terms[0]?.powers[0];
  if (power)
    throw new InputError(
      `the symbol ${power.letter.name} has no value: give one, as in ${power.letter.name}=${power.letter.multipleOf}`,
    );
  throw new InputError(`${show(result)} is not a whole number`);
}

function valueOf({ name, multipleOf }: Letter, values: Readonly<Record<string, Dim>>): Poly {
  if (!Object.hasOwn(values, name)) return letter(name, multipleOf);
  const value = values[name]!;
  if (isNumber(value) && !(value > 0 && (multipleOf === 1 || value % multipleOf === 0)))
    throw new InputError(
      `${name} = ${value} is not a positive multiple of ${multipleOf}, which the closed form promises: use profile for other sizes`,
    );
  // A fraction is the decimal that it is written as, so that what it makes whole is whole.
  return isNumber(value) && !Number.isInteger(value) ? constant(decimal(value)) : toPoly(value);
}
