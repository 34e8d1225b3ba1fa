// The promises of a closed form's symbols: weak at first, raised as the network requires.

import { finestUnit, promise, samePromise, strengthened, type Promised } from '../dim/promise.js';
import { commonMeasure, compare, decimal, ONE, toNumber, type Rational } from '../dim/rational.js';
import { numberAt } from '../fieldPath.js';
import { InputError } from '../inputError.js';
import type { Choice, NoClosedForm } from '../dim/noClosedForm.js';
import type { Model } from '../model.js';

/** Batch, height and width are always symbols. */
const OWN_SYMBOLS = ['n', 'h', 'w'];
/** A promise above this would exclude every usual input. */
const LARGEST_PROMISE = 100_000;

/** By the symbol's name. */
export type Promises = ReadonlyMap<string, Promised>;

/** Config fields and the symbols that stand for them. */
export type Assigned = readonly (readonly [path: string, name: string])[];

/**
 * The first promises. Sizes: positive integers. Ratios: what the field may hold, in a fine unit.
 */
export function firstPromises(model: Model, fields: Assigned): Promises {
  const promises = new Map<string, Promised>(OWN_SYMBOLS.map((name) => [name, promise(ONE)]));
  for (const [path, name] of fields) {
    const { kind, least, most } = model.fieldAt(path.split('.')) ?? {};
    const range = {
      ...(most === undefined ? {} : { most: decimal(most) }),
      ...(least ? { least: decimal(least) } : {}),
    };
    const unit = kind === 'ratio' ? finestUnit() : ONE;
    const known = promises.get(name);
    // A symbol of several fields takes the coarsest of their units.
    const coarser = known && compare(known.unit, unit) > 0n ? known.unit : unit;
    promises.set(name, strengthened(known ?? promise(coarser), { ...range, unit: coarser }));
  }
  return promises;
}

/**
 * The model's own values by symbol, in the order of its fields. A promise should not exclude them.
 */
export type OwnValues = ReadonlyMap<string, Rational | undefined>;

export function ownValues(model: Model, fields: Assigned): OwnValues {
  const keys = Object.keys(model.fields);
  const rank = (path: string): number => keys.findIndex((key) => path === key || path.startsWith(`${key}.`));
  const byField = ([a]: Assigned[number], [b]: Assigned[number]): number =>
    rank(a) - rank(b) || a.localeCompare(b, 'en', { numeric: true });
  const own = new Map<string, Rational | undefined>();
  for (const [path, name] of [...fields].sort(byField)) {
    const value = numberAt(model, path);
    if (!own.has(name)) own.set(name, value === undefined ? undefined : decimal(value));
  }
  return own;
}

/**
 * Raises one promise as an error requires. Among several it chooses one that still allows the
 * network's own value, whatever the names of the symbols.
 * @throws the error itself where the promise would exceed its limit
 */
export function raised(promises: Promises, error: NoClosedForm, own: OwnValues): Promises {
  const order = [...own.keys()];
  const rank = ({ symbol }: Choice): number =>
    promises.get(symbol)?.unit.denominator === 1n
      ? 1 + ((order.indexOf(symbol) + order.length + 1) % (order.length + 1))
      : 0;
  const choices = [...error.choices].sort((a, b) => rank(a) - rank(b));
  for (const { symbol, needs } of choices) {
    const [known, value] = [promises.get(symbol), own.get(symbol)];
    if (!known || !needs.unit) continue;
    const next = strengthened(known, { unit: value ? commonMeasure(value, needs.unit) : needs.unit });
    if (compare(next.unit, known.unit) > 0n && isPossible(next)) return new Map([...promises, [symbol, next]]);
  }
  const [{ symbol, needs }] = choices as [Choice, ...Choice[]];
  const known = promises.get(symbol);
  const next = known && strengthened(known, needs);
  if (!known || !next || samePromise(known, next) || !isPossible(next)) throw error;
  return new Map([...promises, [symbol, next]]);
}

function isPossible({ unit, least, most }: Promised): boolean {
  const tooMuch = Math.max(toNumber(unit), toNumber(least)) > LARGEST_PROMISE;
  return !tooMuch && (most === undefined || compare(least, most) <= 0n);
}

/** @throws InputError for an invalid name, or one that is taken */
export function checkNames(names: readonly string[]): void {
  for (const name of names) {
    if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name))
      throw new InputError(`"${name}" cannot be a symbol: use a letter followed by letters, digits or underscores`);
    if (OWN_SYMBOLS.includes(name))
      throw new InputError(`the symbol ${name} is taken: n, h and w are batch, height and width; use another letter`);
  }
}
