// Checks that a size has a least value for all permitted values of its symbols.

import { InputError } from '../inputError.js';
import { NoClosedForm } from './noClosedForm.js';
import { isNumber, symbolNames, type Dim } from './dim.js';
import * as poly from './poly.js';
import { ceil, over, plus, rational, showRational, times, toNumber, type Rational } from './rational.js';

/**
 * Checks that a size is at least `least` for all values that its symbols promise.
 * @param what the message's name of the size
 * @throws NoClosedForm naming the symbol and what it would have to promise; InputError where no one
 * symbol could
 */
export function demandAtLeast(dim: Dim, least: number, what: string): void {
  if (!raiseToLeast(dim, least, what))
    throw new InputError(
      `there is no closed form in ${symbolNames(dim)} together: ${what} is at least ${least} only where they fit each other`,
    );
}

/**
 * The same check, as far as the promise of one symbol can assure it.
 * @returns false where it depends on a difference of two symbols; the caller checks their values
 * @throws NoClosedForm
 */
export function raiseToLeast(dim: Dim, least: number, what: string): boolean {
  if (isNumber(dim) || (least <= 1 && dim.terms.every(countsUp))) return true;
  const excess = poly.difference(dim, poly.integer(least));
  if (isMet(lowest(excess))) return true;
  const variable = excess.terms.filter(({ powers }) => powers.length > 0);
  const falling = variable.filter(({ coefficient }) => coefficient.numerator < 0n);
  const grows = falling.length === 0;
  const symbols = poly.symbols({ terms: variable });
  const [symbol] = symbols;
  if (!symbol || (!grows && (falling.length < variable.length || symbols.length > 1))) return false;
  const bound = boundOf(excess, symbol, grows);
  const says = `${what} has no closed form unless ${symbol.name} is at ${grows ? 'least' : 'most'} ${showRational(bound)}`;
  throw new NoClosedForm(says, [{ symbol: symbol.name, needs: grows ? { least: bound } : { most: bound } }]);
}

/**
 * Whether a term is positive and has only integer symbols. It is smallest at their least values.
 */
const countsUp = ({ coefficient, powers }: poly.Term): boolean =>
  coefficient.numerator > 0n && powers.every(({ symbol }) => symbol.unit.denominator === 1n);

const isMet = (value: Rational | undefined): boolean => value !== undefined && value.numerator >= 0n;

/** The least value of a polynomial with each symbol at its own bound. Undefined if unbounded. */
function lowest({ terms }: poly.Poly, fixed?: readonly [name: string, value: Rational]): Rational | undefined {
  let result = rational(0n);
  for (const { coefficient, powers } of terms) {
    let term = coefficient;
    for (const { symbol, exponent } of powers) {
      const end = coefficient.numerator > 0n ? symbol.least : symbol.most;
      const value = symbol.name === fixed?.[0] ? fixed[1] : end;
      if (value === undefined) return undefined;
      for (let i = 0; i < exponent; i++) term = times(term, value);
    }
    result = plus(result, term);
  }
  return result;
}

/** A bound above this would exclude every usual input. */
const FARTHEST = 2 ** 40;

/**
 * The bound of a symbol that keeps a polynomial from being negative: a least or a greatest value.
 */
function boundOf(excess: poly.Poly, { name, unit, least }: poly.SizeSymbol, grows: boolean): Rational {
  const at = (units: bigint): Rational => times(unit, rational(units));
  const met = (units: bigint): boolean => isMet(lowest(excess, [name, at(units)]));
  // For a lower bound: the greatest number of units that is too small.
  // For an upper bound: the greatest number of units that is small enough.
  let [low, high] = [0n, ceil(over(least, unit))];
  while (toNumber(at(high)) < FARTHEST && met(high) !== grows) [low, high] = [high, 2n * high];
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (met(middle) === grows) high = middle;
    else low = middle;
  }
  return at(grows ? high : low);
}
