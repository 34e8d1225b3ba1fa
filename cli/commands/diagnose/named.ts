// Tells what the words after flopscope are: one model, or a mistyped command.

import { existsSync } from 'node:fs';
import { builtInNames, isBuiltIn } from '../../../src/builtIn.js';
import { InputError } from '../../../src/inputError.js';
import { near } from '../../../src/nearest.js';
import { abbreviate } from '../../../src/visible.js';

/**
 * @param words after flopscope, without flags
 * @throws InputError for a mistyped command, and for several models
 */
export function demandModel([word, ...more]: readonly string[], commands: readonly string[]): void {
  const command = word === undefined || isModel(word) ? undefined : near(word, commands)[0];
  if (command !== undefined && (more.length > 0 || near(word!, builtInNames()).length === 0))
    throw new InputError(`unknown command '${abbreviate(word!)}' (Did you mean ${command}?)`);
  if (more.length > 0)
    throw new InputError('flopscope MODEL takes one model: name a command before several, as in flopscope compare');
}

/** A built-in name, a path, `-` or DETECTOR@BACKBONE. */
const isModel = (word: string): boolean => isBuiltIn(word) || /[./\\@]|^-$/.test(word) || existsSync(word);
