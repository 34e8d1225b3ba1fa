// Writes a built-in model as a config.

import { builtIn, memberOf } from '../../../src/builtIn.js';
import { writeFamily } from '../../../src/exporters/config/writeFamily.js';
import { InputError } from '../../../src/inputError.js';

/** @throws InputError for what is no member of a family: a detector on one */
export function configOf(name: string): string {
  const member = memberOf(name);
  if (member) return writeFamily(member.family, member.given, name);
  if (name.includes('@'))
    throw new InputError(`${name} is a detector: take its backbone alone, ${name.slice(name.indexOf('@') + 1)}`);
  throw new Error(`${builtIn(name).name} has no family`);
}
