// Exact fractions of two integers, in lowest terms and with a positive denominator.

export interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export const ONE: Rational = Object.freeze({ numerator: 1n, denominator: 1n });

const magnitude = (a: bigint): bigint => (a < 0n ? -a : a);

/** The greatest common divisor, never negative. That of 0 and a is |a|. */
export function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [magnitude(a), magnitude(b)];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

/** @throws RangeError when the denominator is zero. */
export function rational(numerator: bigint, denominator = 1n): Rational {
  if (denominator === 0n) throw new RangeError('a coefficient cannot be divided by zero');
  const common = greatestCommonDivisor(numerator, denominator) * (denominator < 0n ? -1n : 1n);
  return { numerator: numerator / common, denominator: denominator / common };
}

/** The fraction of a number's decimal text: 0.29 is 29/100, not the double nearest to it. */
export function decimal(value: number): Rational {
  const [digits = '', exponent = '0'] = String(value).split('e');
  const [whole = '', decimals = ''] = digits.split('.');
  const shift = BigInt(Number(exponent) - decimals.length);
  const numerator = BigInt(whole + decimals);
  return shift < 0n ? rational(numerator, 10n ** -shift) : rational(numerator * 10n ** shift);
}

export const plus = (a: Rational, b: Rational): Rational =>
  rational(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator);

export const times = (a: Rational, b: Rational): Rational =>
  rational(a.numerator * b.numerator, a.denominator * b.denominator);

export const over = (a: Rational, b: Rational): Rational =>
  rational(a.numerator * b.denominator, a.denominator * b.numerator);

export const negate = (a: Rational): Rational => ({ numerator: -a.numerator, denominator: a.denominator });

export const isWhole = (a: Rational): boolean => a.denominator === 1n;

/** Negative where a < b, 0 where a = b, positive where a > b. */
export const compare = (a: Rational, b: Rational): bigint => a.numerator * b.denominator - b.numerator * a.denominator;

/** The greatest fraction that divides two positive fractions without remainder. */
export const commonMeasure = (a: Rational, b: Rational): Rational =>
  rational(
    greatestCommonDivisor(a.numerator * b.denominator, b.numerator * a.denominator),
    a.denominator * b.denominator,
  );

/** The double nearest to `a`. */
export const toNumber = (a: Rational): number => Number(a.numerator) / Number(a.denominator);

export const isZero = (a: Rational): boolean => a.numerator === 0n;

/** The greatest integer that is not above `a`. */
export function floor(a: Rational): bigint {
  const truncated = a.numerator / a.denominator;
  return a.numerator % a.denominator < 0n ? truncated - 1n : truncated;
}

/** The least integer that is not below `a`. */
export const ceil = (a: Rational): bigint => -floor(negate(a));

/** "1/3" where the decimal expansion does not end, "52.84375" where it does. */
export function showRational(a: Rational): string {
  const decimals = terminatingDecimals(a.denominator);
  if (decimals === undefined) return `${a.numerator}/${a.denominator}`;
  const sign = a.numerator < 0n ? '-' : '';
  const digits = ((magnitude(a.numerator) * 10n ** BigInt(decimals)) / a.denominator)
    .toString()
    .padStart(decimals + 1, '0');
  return decimals === 0 ? sign + digits : `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** The number of decimals of 1/denominator. It is undefined when they never end. */
function terminatingDecimals(denominator: bigint): number | undefined {
  let [twos, fives, rest] = [0, 0, denominator];
  for (; rest % 2n === 0n; rest /= 2n) twos++;
  for (; rest % 5n === 0n; rest /= 5n) fives++;
  return rest === 1n ? Math.max(twos, fives) : undefined;
}
