// Loads the built parts of a page: the script of one kind of page, the style, the fonts.

import { readFile } from 'node:fs/promises';
import { brotliDecompressSync } from 'node:zlib';
import { packageFile } from '../../src/files/packageFile.js';
import type { PageParts } from './shell.js';

/** @param script of the report's page, or of the lab's */
export async function pageParts(script: 'page' | 'lab'): Promise<PageParts> {
  const [text, style, regular, bold] = await Promise.all([
    packed(`report/${script}.js.br`),
    packed('report/style.css.br'),
    readFile(packageFile('fonts/inter-400.woff')),
    readFile(packageFile('fonts/inter-600.woff')),
  ]);
  return {
    ...{ script: text, style },
    fonts: [
      { weight: 400, data: regular },
      { weight: 600, data: bold },
    ],
  };
}

const packed = async (path: string): Promise<string> =>
  brotliDecompressSync(await readFile(packageFile(path))).toString();
