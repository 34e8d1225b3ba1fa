// What the words of flopscope WORD... mean: one model, or a command that was mistyped.

import { existsSync } from 'node:fs';
import { builtInNames, isBuiltIn } from '../../../src/builtIn.js';
import { InputError } from '../../../src/inputError.js';
import { near } from '../../../src/nearest.js';
import { abbreviate } from '../../../src/visible.js';

/**
 * @param words what stands after flopscope, flags apart
 * @throws InputError for a mistyped command, and for several models
 */
export function demandModel([word, ...more]: readonly string[], commands: readonly string[]): void {
  if (word === undefined || isBuiltIn(word)) return several(more);
  if (existsSync(word) || /[./\\@]|^-$/.test(word)) return several(more);
  const [command] = near(word, commands);
  if (command !== undefined && (more.length > 0 || near(word, builtInNames()).length === 0))
    throw new InputError(`unknown command '${abbreviate(word)}' (Did you mean ${command}?)`);
  several(more);
}

function several(more: readonly string[]): void {
  if (more.length > 0)
    throw new InputError('flopscope MODEL takes one model: name a command before several, as in flopscope compare');
}
