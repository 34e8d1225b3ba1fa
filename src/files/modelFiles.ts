// Finds the model files below a folder, by their endings.

import { readdirSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { SAVED_MODEL } from './openFile.js';
import { FORMATS } from '../importers/formats.js';

/** Folders of tools and of results. */
const PASSED_OVER = /^(\..*|node_modules|dist|build|out|target|venv|__pycache__|site-packages)$/;
/** Endings that most often belong to other files. */
const ALSO_OTHERS: readonly string[] = ['.yaml', '.yml', '.json', '.cfg', '.pb', '.pbtxt', '.prototxt', '.h5', '.hdf5'];
const MOST_ENTRIES = 50_000;
const DEEPEST = 12;

const ENDINGS = [...new Set(FORMATS.flatMap(({ endings }) => endings.filter((ending) => ending.startsWith('.'))))];

export interface FoundFile {
  /** From the folder, with slashes; of a SavedModel its folder, with a slash at its end. */
  readonly path: string;
  /** Whether its ending says that it is a network. */
  readonly sure: boolean;
}

/**
 * Links are not followed.
 * @returns in the order of their paths; undefined where the folder holds too much to look through
 */
export function modelFiles(folder: string): readonly FoundFile[] | undefined {
  const found: FoundFile[] = [];
  let left = MOST_ENTRIES;
  const look = (at: string, depth: number): void => {
    const entries = entriesOf(join(folder, at));
    left -= entries.length;
    if (left < 0) return;
    if (at !== '' && entries.some(({ name }) => name === SAVED_MODEL)) {
      found.push({ path: at, sure: true });
      return;
    }
    for (const entry of entries) {
      const { name } = entry;
      if (entry.isDirectory() && depth < DEEPEST && !PASSED_OVER.test(name)) look(`${at}${name}/`, depth + 1);
      const ending = entry.isFile() ? ENDINGS.find((one) => name.toLowerCase().endsWith(one)) : undefined;
      if (ending !== undefined) found.push({ path: at + name, sure: !ALSO_OTHERS.includes(ending) });
    }
  };
  look('', 0);
  return left < 0 ? undefined : found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A folder without permission to read counts as empty. */
function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
