// Is the text of a record JSON at all? One that we wrote ourselves, so that no line of it is worth naming.

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
