// The polynomial in a number that cannot be a symbol (a depth), interpolated and then checked.

import { InputError } from '../inputError.js';
import { add, equal, sub, toPoly, type Dim } from './dim.js';
import { substitute } from './evaluate.js';
import { constant, symbol, product, scale, sum, type Poly } from './poly.js';
import { promise, type Promised } from './promise.js';
import { rational } from './rational.js';

const HIGHEST_DEGREE = 8;
const CHECKS = 3;
/** Counts far from those that a polynomial is fitted to: floor(L / 5) is 0 for the first four. */
export const FAR = [12, 40, 100] as const;
export const FARTHEST = FAR[2];

/** The promise of a repetition count: any positive integer. */
const COUNT = promise(rational(1n));

/**
 * The polynomial in `name` that equals `at(count)` for every count from 1 on, by Newton's forward
 * differences. `at` is asked for as many counts as the degree needs, for CHECKS more, and for those
 * of `far`: the polynomial must predict all of them.
 * @param promised what `name` may stand for
 * @throws InputError when no polynomial of degree at most HIGHEST_DEGREE does
 */
export function interpolate(
  name: string,
  at: (count: number) => Dim,
  promised: Promised = COUNT,
  far: readonly number[] = FAR,
): Dim {
  let row: Dim[] = [];
  const leading: Dim[] = [];
  for (let count = 1; count <= HIGHEST_DEGREE + 1 + CHECKS; count++) {
    const next = [at(count)];
    for (const [order, value] of row.entries()) next.push(sub(next[order]!, value));
    row = next;
    leading.push(next[next.length - 1]!);
    const degree = leading.findLastIndex((value) => value !== 0);
    if (count - 1 - degree < CHECKS) continue;
    const found = newton(symbol(name, promised), leading.slice(0, degree + 1));
    if (far.every((distant) => predicts(found, name, distant, at))) return found;
  }
  throw new InputError(
    `no polynomial of degree ${HIGHEST_DEGREE} or less in ${name} fits: the count is not a closed form of it`,
  );
}

/** Whether the polynomial is right at a count. Counts above 2^53 are skipped. */
function predicts(found: Dim, name: string, count: number, at: (count: number) => Dim): boolean {
  let predicted: Dim;
  try {
    predicted = substitute(found, { [name]: count });
  } catch (error) {
    if (error instanceof InputError) return true;
    throw error;
  }
  return equal(predicted, at(count));
}

/** sum of differences[k] x binomial(variable - 1, k). */
function newton(variable: Poly, differences: readonly Dim[]): Dim {
  let result: Dim = 0;
  let binomial: Poly = constant(rational(1n));
  for (const [k, value] of differences.entries()) {
    result = add(result, product(toPoly(value), binomial));
    const next = sum(variable, constant(rational(BigInt(-1 - k))));
    binomial = scale(product(binomial, next), rational(1n, BigInt(k + 1)));
  }
  return result;
}
