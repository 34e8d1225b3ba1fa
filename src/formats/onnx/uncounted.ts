// Which nodes are sound, and still not counted? Forms of a known op that no op of flopscope has: --allow-unknown leaves them out.

import { InputError } from '../../inputError.js';

/** The file is no worse for it: what comes out of the node is not known, or has no op. */
export class Uncounted extends InputError {
  override name = 'Uncounted';
}
