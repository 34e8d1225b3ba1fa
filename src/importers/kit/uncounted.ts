// The error for a valid call that is not counted. `ReadOptions.allowUnknown` leaves such calls out.

import { InputError } from '../../inputError.js';

/**
 * Thrown by a row: the form of the call has no count, or its output shape is not known before the
 * network runs.
 */
export class Uncounted extends InputError {
  override name = 'Uncounted';

  /** The same error for a caller who did not ask to leave anything out. */
  get refusal(): InputError {
    return new InputError(this.message, undefined, 'allowUnknown');
  }
}

/**
 * Thrown by a row whose result has as many elements as the data decide. Such calls are always left
 * out.
 */
export class DataDependent extends Uncounted {
  override name = 'DataDependent';
}
