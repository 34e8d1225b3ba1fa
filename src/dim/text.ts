// Writes and reads a size as text: "52.84375 g^2 h w + 32000 g". The text is canonical.

import { InputError } from '../inputError.js';
import { isNumber, settle, type Dim } from './dim.js';
import { constant, symbol, product, sum, type Poly, type Term } from './poly.js';
import { promise, type Promised } from './promise.js';
import { rational, showRational } from './rational.js';

/** Writes the canonical text. Equal sizes have equal texts. */
export function show(dim: Dim): string {
  if (isNumber(dim)) return String(dim);
  return dim.terms.map(showTerm).join(' + ').replaceAll('+ -', '- ');
}

function showTerm({ coefficient, powers }: Term): string {
  const number = showRational(coefficient);
  const symbols = powers.map(({ symbol, exponent }) => (exponent === 1 ? symbol.name : `${symbol.name}^${exponent}`));
  if (symbols.length === 0) return number;
  const sign = number === '1' ? [] : number === '-1' ? ['-'] : [number];
  return number === '-1' ? `-${symbols.join(' ')}` : [...sign, ...symbols].join(' ');
}

type Promises = Readonly<Record<string, number | Promised>>;

const NUMBER = /^(\d+)(?:\.(\d+)|\/([1-9]\d*))?$/;
const LETTERS = /^([A-Za-z][A-Za-z0-9_]*)(?:\^(\d{1,3}))?$/;

/**
 * Reads what `show` writes.
 * @param promises the multiple, or the whole promise, of each known symbol
 * @throws InputError naming the part that is no coefficient and no known symbol
 */
export function parse(text: string, promises: Promises): Dim {
  let result: Poly = { terms: [] };
  const pieces = [
    ...text
      .trim()
      .replaceAll(/\s+/g, ' ')
      .matchAll(/([+-]?)([^+-]*)/g),
  ].slice(0, -1);
  for (const [, sign, body] of pieces) {
    let term = constant(rational(sign === '-' ? -1n : 1n));
    for (const factor of body!.trim().split(' ')) term = product(term, parseFactor(factor, promises, text));
    result = sum(result, term);
  }
  return settle(result);
}

function parseFactor(factor: string, promises: Promises, text: string): Poly {
  const number = NUMBER.exec(factor);
  if (number) {
    const [, whole = '', decimals = '', denominator] = number;
    return constant(
      denominator === undefined
        ? rational(BigInt(whole + decimals), 10n ** BigInt(decimals.length))
        : rational(BigInt(whole), BigInt(denominator)),
    );
  }
  const [, name, exponent = '1'] = LETTERS.exec(factor) ?? [];
  if (name === undefined || !Object.hasOwn(promises, name))
    throw new InputError(`"${factor}" in the size "${text}" is neither a number nor a known symbol`);
  const known = promises[name]!;
  const promised = typeof known === 'number' ? promise(rational(BigInt(known))) : known;
  let result = constant(rational(1n));
  for (let i = 0; i < Number(exponent); i++) result = product(result, symbol(name, promised));
  return result;
}
