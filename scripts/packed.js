// Writes files of dist/ packed with brotli: what a browser or WebAssembly runs, and Node only reads.

import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';

/** The file beside it is its only copy then: NAME.br for NAME. */
export function packFile(path) {
  writeFileSync(`${path}.br`, brotliCompressSync(readFileSync(path)));
  rmSync(path);
}

/** @param pattern of the names that are packed */
export function packFolder(folder, pattern) {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true }))
    if (entry.isFile() && pattern.test(entry.name)) packFile(join(entry.parentPath, entry.name));
}
