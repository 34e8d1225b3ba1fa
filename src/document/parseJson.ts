// Parses the JSON text of a record. flopscope wrote it, so an error names no line.

import { InputError } from '../inputError.js';

/**
 * @param help ends the sentence: "; make one with flopscope measure -o"
 * @throws InputError naming the file
 */
export function parseJson(text: string, file: string, help: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError(`${file}: is not JSON (${(error as Error).message})${help}`);
  }
}
