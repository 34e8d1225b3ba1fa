// Collects what a command prints for the file of -o, and writes it when the command has ended.

import { stat } from 'node:fs/promises';
import { InputError } from '../../src/inputError.js';
import { plainLook, type Screen } from '../screen.js';
import { checkWritable, writeResult } from './writeResult.js';

export interface ResultFile {
  /** What the command prints to. */
  readonly screen: Screen;
  /**
   * From now on the result goes to the file.
   * @param read what the command reads, which is not written over
   * @throws InputError where it cannot be written
   */
  open(path: string, read: readonly string[]): Promise<void>;
  /** Writes what was printed, also where the command failed after its result. */
  finish(): Promise<void>;
}

export function resultFile(screen: Screen): ResultFile {
  let path: string | undefined;
  let text = '';
  return {
    screen: {
      ...screen,
      out(part) {
        if (path === undefined) screen.out(part);
        else text += part;
      },
      get look() {
        return path === undefined ? screen.look : plainLook;
      },
    },
    async open(output, read) {
      await checkWritable(output);
      await demandOther(output, read);
      path = output;
    },
    async finish() {
      if (path === undefined || text === '') return;
      await writeResult(path, text);
      screen.err(`wrote ${path}\n`);
    },
  };
}

async function demandOther(output: string, read: readonly string[]): Promise<void> {
  const own = await stat(output).catch(() => undefined);
  if (own === undefined) return;
  for (const path of read) {
    const other = await stat(path).catch(() => undefined);
    if (other && other.ino === own.ino && other.dev === own.dev)
      throw new InputError(`-o ${output}: the command reads this file: choose another path`);
  }
}
