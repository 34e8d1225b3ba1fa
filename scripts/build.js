// Bundles dist/ with esbuild, libraries included. `npm run build` writes the types after it.

import { copyFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { build } from 'esbuild';
import { buildFonts } from './buildFonts.js';
import { buildManual } from './buildManual.js';
import { buildStudio } from './buildStudio.js';
import { writeLicences } from './licences.js';
import { librariesForNode } from './librariesForNode.js';
import { packFolder } from './packed.js';

const BROWSERS = ['chrome109', 'firefox115', 'safari16'];
/** Found at run time, where they are installed: native addons, and what users choose. */
const NOT_BUNDLED = [
  ...['@napi-rs/canvas', 'chartjs-node-canvas', 'canvas'],
  ...['webgpu', 'onnxruntime-node', '@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu'],
];
/** tfjs turns its build with threads off in Node. */
const WASM = ['tfjs-backend-wasm-simd.wasm', 'tfjs-backend-wasm.wasm'];

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

rmSync('dist', { recursive: true, force: true });
// The command line, the entries of the library, and the scripts of its processes share their modules.
const program = await build({
  entryPoints: {
    cli: 'cli/main.ts',
    probe: 'src/engines/probeChild.ts',
    rendererProbe: 'cli/probing/rendererChild.ts',
    measuring: 'cli/measuring/supervised.ts',
    onnxruntime: 'src/engines/onnxruntime/child.ts',
    redesignWorker: 'src/redesign/searchWorker.ts',
    index: 'src/index.ts',
    browser: 'src/browser.ts',
    reports: 'reports/index.ts',
  },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  minify: true,
  legalComments: 'none', // they stand in one file
  format: 'esm',
  platform: 'node',
  mainFields: ['module', 'main'],
  target: ['node20', ...BROWSERS],
  external: NOT_BUNDLED,
  plugins: [librariesForNode],
  define: {
    FLOPSCOPE_VERSION: JSON.stringify(version),
    // tfjs's WebAssembly asks for them, and gets its bytes from us.
    ...{ __dirname: '""', __filename: '""' },
  },
  metafile: true,
});
// What runs in a browser: a script for the report and one for the lab's pages, and one style sheet,
// which pages carry inside.
const pages = await build({
  entryPoints: { page: 'reports/page/page.ts', lab: 'reports/page/lab.ts', style: 'reports/page/style.css' },
  outdir: 'dist/report',
  bundle: true,
  minify: true,
  legalComments: 'none',
  charset: 'utf8',
  format: 'iife',
  platform: 'browser',
  target: BROWSERS,
  metafile: true,
});
packFolder('dist/report', /\.(js|css)$/);
mkdirSync('dist/tfjs');
for (const name of WASM) copyFileSync(`node_modules/@tensorflow/tfjs-backend-wasm/dist/${name}`, `dist/tfjs/${name}`);
packFolder('dist/tfjs', /\.wasm$/);
buildFonts('dist/fonts');
await buildManual('dist/man');
// Fonts, the report's page and ONNX Runtime are served from where they are.
const studio = await buildStudio('dist/studio', { alone: false });
packFolder('dist/studio', /\.(js|css|html)$/);
writeLicences('dist/LICENSES.txt', [program.metafile, pages.metafile, studio]);
