// Finds dist/ of the package, whether flopscope runs from there or from source.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** @throws where the package is incomplete */
export function packageFile(path: string): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (isOurs(join(folder, 'package.json'))) {
      const file = join(folder, 'dist', path);
      if (existsSync(file)) return file;
      throw new Error(`dist/${path} is missing from the package: run npm run build, or install flopscope again`);
    }
    if (folder === dirname(folder)) throw new Error('the package.json of flopscope is missing');
  }
}

const isOurs = (path: string): boolean =>
  existsSync(path) && (JSON.parse(readFileSync(path, 'utf8')) as { name?: string }).name === 'flopscope';
