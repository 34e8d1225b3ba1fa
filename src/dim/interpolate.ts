// What is the polynomial in a number that cannot be a symbol (how many layers)? Exact interpolation, then checked.

import { InputError } from '../inputError.js';
import { add, sub, toPoly, type Dim } from './dim.js';
import { constant, letter, product, scale, sum, type Poly } from './poly.js';
import { rational } from './rational.js';

const HIGHEST_DEGREE = 8;
const CHECKS = 3;

/**
 * The polynomial in `name` that equals `at(count)` for every count from 1 on, by Newton's forward differences.
 * `at` is asked for as many counts as the degree needs and for CHECKS more, which the polynomial must predict.
 * @throws InputError when no polynomial of degree at most HIGHEST_DEGREE does
 */
export function interpolate(name: string, at: (count: number) => Dim): Dim {
  let row: Dim[] = [];
  const leading: Dim[] = [];
  for (let count = 1; count <= HIGHEST_DEGREE + 1 + CHECKS; count++) {
    const next = [at(count)];
    for (const [order, value] of row.entries()) next.push(sub(next[order]!, value));
    row = next;
    leading.push(next[next.length - 1]!);
    const degree = leading.findLastIndex((value) => value !== 0);
    if (count - 1 - degree >= CHECKS) return newton(name, leading.slice(0, degree + 1));
  }
  throw new InputError(
    `no polynomial of degree ${HIGHEST_DEGREE} or less in ${name} fits: the count is not a closed form of it`,
  );
}

/** sum of differences[k] x binomial(name - 1, k). */
function newton(name: string, differences: readonly Dim[]): Dim {
  const variable = letter(name, 1);
  let result: Dim = 0;
  let binomial: Poly = constant(rational(1n));
  for (const [k, value] of differences.entries()) {
    result = add(result, product(toPoly(value), binomial));
    const next = sum(variable, constant(rational(BigInt(-1 - k))));
    binomial = scale(product(binomial, next), rational(1n, BigInt(k + 1)));
  }
  return result;
}
