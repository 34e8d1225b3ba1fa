// What do the symbols of a closed form promise? At first next to nothing, and then what the network asks for, no more.

import { finestUnit, promise, samePromise, strengthened, type Promised } from './dim/promise.js';
import { compare, decimal, ONE, toNumber } from './dim/rational.js';
import { InputError, type NoClosedForm } from './inputError.js';
import type { Model } from './model.js';

/** Batch, height and width are always symbols. */
const OWN_SYMBOLS = ['n', 'h', 'w'];
/** Past this a promise would exclude every input that anyone uses. */
const LARGEST_PROMISE = 100_000;

/** By the symbol's name. */
export type Promises = ReadonlyMap<string, Promised>;

/** Config fields and the symbols that stand for them. */
export type Assigned = readonly (readonly [path: string, name: string])[];

/** Any positive integer for a size; for a ratio, any number that its field may hold, until the sizes ask for a unit. */
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
    // Several fields in one symbol: it may be no finer than the coarsest of them.
    const coarser = known && compare(known.unit, unit) > 0n ? known.unit : unit;
    promises.set(name, strengthened(known ?? promise(coarser), { ...range, unit: coarser }));
  }
  return promises;
}

/**
 * What is promised and what was asked for.
 * @throws the error itself where that is too much
 */
export function stronger(known: Promised | undefined, error: NoClosedForm): Promised {
  if (!known) throw error;
  const next = strengthened(known, error.needs);
  const tooMuch = Math.max(toNumber(next.unit), toNumber(next.least)) > LARGEST_PROMISE;
  const nothingLeft = next.most !== undefined && compare(next.least, next.most) > 0n;
  if (samePromise(known, next) || tooMuch || nothingLeft) throw error;
  return next;
}

/** @throws InputError for a name that is none, or that is taken */
export function checkNames(names: readonly string[]): void {
  for (const name of names) {
    if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name))
      throw new InputError(`"${name}" cannot be a symbol: use a letter followed by letters, digits or underscores`);
    if (OWN_SYMBOLS.includes(name))
      throw new InputError(`the symbol ${name} is taken: n, h and w are batch, height and width; use another letter`);
  }
}
