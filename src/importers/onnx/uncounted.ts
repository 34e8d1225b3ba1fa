// Which nodes are sound, and still not counted? Forms of a known op that no op of flopscope has: --allow-unknown leaves them out.

import { InputError } from '../../inputError.js';

/** What can be done about ops that are not counted. */
export const REMEDY = 'where a command takes --allow-unknown, that counts the rest as a lower bound';

/** The file is no worse for it: what comes out of the node is not known, or has no op. */
export class Uncounted extends InputError {
  override name = 'Uncounted';

  /** The same for someone who did not ask to leave anything out. */
  get withRemedy(): InputError {
    return new InputError(`${this.message}; ${REMEDY}`);
  }
}
