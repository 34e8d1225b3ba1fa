// The error for a zip archive that contradicts itself.

import { InputError } from '../../inputError.js';

export const damaged = (what: string): InputError =>
  new InputError(`the zip archive is damaged or cut short (${what}): export or copy it again`);
