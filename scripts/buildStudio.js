// Builds the studio as a folder of static files, which any web host can serve.

import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { buildFonts } from './buildFonts.js';

const TARGET = ['chrome109', 'firefox115', 'safari16'];

/**
 * @param folder is emptied first
 * @param alone whether it gets all that a host has to serve; dist/ has the rest elsewhere
 * @returns esbuild's metafile
 */
export async function buildStudio(folder, { alone }) {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { metafile } = await build({
    entryPoints: {
      studio: 'reports/studio/studio.ts',
      worker: 'reports/studio/core/worker.ts',
      measurer: 'reports/studio/measuring/measurer.ts',
      style: 'reports/studio/style.css',
    },
    outdir: folder,
    bundle: true,
    splitting: true,
    chunkNames: 'parts/[name]-[hash]',
    minify: true,
    legalComments: alone ? 'eof' : 'none',
    charset: 'utf8',
    format: 'esm',
    platform: 'browser',
    target: TARGET,
    external: ['*.woff'],
    // The WebAssembly of ONNX Runtime stays a file of its own, which is loaded when it is used.
    conditions: ['onnxruntime-web-use-extern-wasm'],
    define: { FLOPSCOPE_VERSION: JSON.stringify(version) },
    metafile: true,
  });
  copyFileSync('reports/studio/index.html', join(folder, 'index.html'));
  if (!alone) return metafile;
  // The page of a report, which the studio writes: as its own script, and not as a part of this one.
  await build({
    entryPoints: { page: 'reports/page/page.ts', style: 'reports/page/style.css' },
    outdir: join(folder, 'report'),
    bundle: true,
    minify: true,
    charset: 'utf8',
    format: 'iife',
    platform: 'browser',
    target: TARGET,
  });
  if (!existsSync('dist/fonts/inter-400.woff')) buildFonts('dist/fonts');
  for (const weight of [400, 600])
    copyFileSync(`dist/fonts/inter-${weight}.woff`, join(folder, `inter-${weight}.woff`));
  mkdirSync(join(folder, 'ort'));
  for (const ending of ['mjs', 'wasm']) {
    const name = `ort-wasm-simd-threaded.asyncify.${ending}`;
    copyFileSync(join('node_modules/onnxruntime-web/dist', name), join(folder, 'ort', name));
  }
  return metafile;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const folder = process.argv[2] ?? 'out/studio';
  await buildStudio(folder, { alone: true });
  console.log(`${folder}: copy it to any web host, or open it with npx serve`);
}
