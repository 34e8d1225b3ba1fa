// The error for a size without closed form, with the promise of a symbol that would give one.

import { InputError } from '../inputError.js';
import type { Needs } from './promise.js';

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

  override saying(message: string): NoClosedForm {
    return new NoClosedForm(message, this.choices);
  }
}
