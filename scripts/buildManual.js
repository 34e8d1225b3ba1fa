// Writes the manual pages from the definitions of the commands: node scripts/buildManual.js FOLDER

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** What makes the pages is built by itself, and is no part of the package. */
const BUILT = 'out/manual';

/** @param folder made if it is not there */
export async function buildManual(folder) {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  await build({
    entryPoints: ['cli/help/manual.ts'],
    outdir: BUILT,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
    define: { FLOPSCOPE_VERSION: JSON.stringify(version) },
  });
  const { manualPages } = await import(pathToFileURL(resolve(BUILT, 'manual.js')).href);
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of manualPages()) writeFileSync(join(folder, name), text);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await buildManual(process.argv[2] ?? 'dist/man');
