// Bundles dist/ with esbuild; packages stay outside. `npm run build` writes the types after it.

import { readFileSync, rmSync } from 'node:fs';
import { build } from 'esbuild';
import { buildFonts } from './buildFonts.js';
import { buildManual } from './buildManual.js';
import { buildStudio } from './buildStudio.js';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

rmSync('dist', { recursive: true, force: true });
await build({
  entryPoints: {
    cli: 'cli/main.ts',
    probe: 'src/engines/probeChild.ts',
    rendererProbe: 'cli/probing/rendererChild.ts',
    measuring: 'cli/measuring/supervised.ts',
    onnxruntime: 'src/engines/onnxruntime/child.ts',
    redesignWorker: 'src/redesign/searchWorker.ts',
    index: 'src/index.ts',
    reports: 'reports/index.ts',
  },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  define: { FLOPSCOPE_VERSION: JSON.stringify(version) },
});
// The library without Node, with its packages bundled, so that a page can import it.
await build({
  entryPoints: { browser: 'src/browser.ts' },
  outdir: 'dist/browser',
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  format: 'esm',
  platform: 'browser',
  target: ['chrome109', 'firefox115', 'safari16'],
});
// What runs in a browser: a script for the report and one for the lab's pages, and one style sheet,
// which pages carry inside.
await build({
  entryPoints: { page: 'reports/page/page.ts', lab: 'reports/page/lab.ts', style: 'reports/page/style.css' },
  outdir: 'dist/report',
  bundle: true,
  minify: true,
  charset: 'utf8',
  format: 'iife',
  platform: 'browser',
  target: ['chrome109', 'firefox115', 'safari16'],
});
buildFonts('dist/fonts');
await buildStudio('dist/studio');
await buildManual('dist/man');
