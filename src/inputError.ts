// What is the user's mistake rather than ours? Each message is one sentence: what, where, what to do.

import type { Needs } from './dim/promise.js';

/** Wrong input or usage: the command line answers it with one line and exit code 2. */
export class InputError extends Error {
  override name = 'InputError';
  /** @param field the field whose value is at fault, where it is known */
  constructor(
    message: string,
    readonly field?: string,
  ) {
    super(message);
  }
}

/** What a symbol would have to promise. */
export interface Choice {
  readonly symbol: string;
  readonly needs: Needs;
}

/** A size that has no closed form unless one of some symbols promises more: callers may promise that and try again. */
export class NoClosedForm extends InputError {
  override name = 'NoClosedForm';
  /** @param choices any of them would do; the message speaks of the first */
  constructor(
    message: string,
    readonly choices: readonly [Choice, ...Choice[]],
  ) {
    super(message);
  }

  saying(message: string): NoClosedForm {
    return new NoClosedForm(message, this.choices);
  }
}

/** Prefixes the sentence of an InputError with the place it happened; other errors pass unchanged. `field` is at fault. */
export function locate(error: unknown, place: string, field?: string): unknown {
  if (error instanceof NoClosedForm) return error.saying(`${place}: ${error.message}`);
  if (error instanceof InputError) return new InputError(`${place}: ${error.message}`, field ?? error.field);
  return error;
}
