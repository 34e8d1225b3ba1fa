// The error for a valid call that is not counted. --allow-unknown leaves such calls out.

import { InputError } from '../../inputError.js';

/** What can be done about ops that are not counted. */
export const REMEDY = '--allow-unknown counts the rest as a lower bound';

/**
 * Thrown by a row: the form of the call has no count, or its output shape is not known before the
 * network runs.
 */
export class Uncounted extends InputError {
  override name = 'Uncounted';

  /** The same sentence for a user who did not ask to leave anything out. */
  get withRemedy(): InputError {
    return new InputError(`${this.message}; ${REMEDY}`);
  }
}

/**
 * Thrown by a row whose result has as many elements as the data decide. Such calls are always left
 * out.
 */
export class DataDependent extends Uncounted {
  override name = 'DataDependent';
}
