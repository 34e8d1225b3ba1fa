// Reads a text file up to a size limit. An error is one sentence.

import { open } from 'node:fs/promises';
import { unreadable } from './openFile.js';
import { pathName, STANDARD_INPUT, standardInput } from './standardInput.js';
import { InputError } from '../inputError.js';

const MIB = 1024 * 1024;

/**
 * @param path `-` for standard input
 * @param mostMib what no file of its kind passes
 * @throws InputError naming the file
 */
export async function readText(path: string, mostMib = 5): Promise<string> {
  try {
    if (path === STANDARD_INPUT) return new TextDecoder().decode(standardInput(mostMib));
    const file = await open(path);
    try {
      const { size } = await file.stat();
      if (size > mostMib * MIB)
        throw new InputError(`${path}: ${size} bytes are more than the ${mostMib} MB that such a file may have`);
      return await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch (error) {
    throw error instanceof InputError ? error : unreadable(pathName(path), error);
  }
}
