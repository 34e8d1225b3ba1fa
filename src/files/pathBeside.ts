// A path that a file names, taken from the folder of that file.

import { dirname, isAbsolute, join } from 'node:path';

/** The path names a file even where it looks like the name of a built-in model: "./resnet50". */
export function pathBeside(file: string, path: string): string {
  if (isAbsolute(path)) return path;
  const joined = join(dirname(file), path);
  return /[/\\.]/.test(joined) ? joined : `./${joined}`;
}
