// The error for a size without closed form, with the promise of a symbol that would give one.

import { InputError } from '../inputError.js';
import type { Needs } from './promise.js';

/** What a symbol would have to promise. */
export interface Choice {
  readonly symbol: string;
  readonly needs: Needs;
}

/**
 * A size has no closed form unless a symbol promises more. Callers raise a promise and try again.
 */
export class NoClosedForm extends InputError {
  override name = 'NoClosedForm';
  /** @param choices promises of which one is enough; the message names the first */
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
