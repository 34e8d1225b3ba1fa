// How does flopscope come to a machine without Node, npm and network? As one archive: Node, the build, and the files that it loads.

import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { bringLibraries } from './libraries.js';
import { loadedFiles } from './loadedFiles.js';
import { quietly } from './quietly.js';

/** An archive that counts and measures: without charts, and without the studio's runtime. */
const small = process.argv.includes('--small');
/** What code finds by itself at run time, where no bundler sees it. */
const FOUND_AT_RUN_TIME = [
  'node_modules/webgpu/dist/linux-x64/dawn.node',
  ...filesIn('node_modules/onnxruntime-node/bin/napi-v6/linux/x64', /\.(node|so[.\d]*)$/),
  ...(small
    ? []
    : [
        // The studio serves these two files of its package.
        ...filesIn('node_modules/onnxruntime-web', /^package\.json$/),
        ...filesIn('node_modules/onnxruntime-web/dist', /^ort-wasm-simd-threaded\.asyncify\.(mjs|wasm)$/),
        ...filesIn('node_modules/@napi-rs/canvas-linux-x64-gnu', /\.(node|json)$/),
      ]),
];
const MOST_BYTES = 64 * 2 ** 20;

if (process.platform !== 'linux' || process.arch !== 'x64')
  throw new Error(
    `the archive is made on linux x64, out of the Node that runs: this is ${process.platform} ${process.arch}`,
  );
if (!existsSync('dist/cli.js')) throw new Error('there is no build: npm run build makes it');

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const name = `flopscope-${version}-linux-x64${small ? '-small' : ''}`;
const root = join('out/portable', name);
rmSync('out/portable', { recursive: true, force: true });
mkdirSync(join(root, 'bin'), { recursive: true });

for (const file of ['flopscope', 'measure-gpu.sh', 'pytorch.py'])
  cpSync(join('scripts/portable', file), join(root, file));
cpSync('dist', join(root, 'dist'), { recursive: true, filter: (path) => path !== join('dist', 'types') });
writeFileSync(join(root, 'package.json'), `${JSON.stringify({ name: 'flopscope', version, type: 'module' })}\n`);
for (const file of ['LICENSE', 'README.md', 'docs/gpu.md', 'docs/measuring.md'])
  if (existsSync(file)) cpSync(file, join(root, file));
for (const file of [...(await loadedFiles(small)), ...FOUND_AT_RUN_TIME])
  if (existsSync(file)) cpSync(file, join(root, file));
// Their packages have no licence text.
for (const name of ['onnxruntime-node', ...(small ? [] : ['onnxruntime-web'])])
  cpSync('scripts/portable/onnxruntime.LICENSE', join(root, 'node_modules', name, 'LICENSE'));

const node = join(root, 'bin/node');
cpSync(process.execPath, node, { dereference: true });
const terms = [join(dirname(process.execPath), '../LICENSE'), '/usr/share/doc/nodejs/LICENSE'].find((path) =>
  existsSync(path),
);
if (terms) cpSync(terms, join(root, 'bin/node.LICENSE'));
quietly('strip', [node]); // 13 MB of symbols less, where there is a strip
bringLibraries(join(root, 'lib'));

const archive = pack();
const { size } = statSync(archive);
console.log(`${archive}: ${mib(size)}, unpacked ${mib(sizeOf(root))}`);
if (size > MOST_BYTES) throw new Error(`${archive} has more than ${mib(MOST_BYTES)}`);

/** xz packs a third tighter than gzip, but not every machine has it. */
function pack() {
  for (const [ending, program] of [
    ['tar.xz', 'xz -T0 -1'], // in a third of the time that the default level takes
    ['tar.gz', 'gzip -9'],
  ]) {
    const path = `${root}.${ending}`;
    const flags = ['--owner=0', '--group=0', '--sort=name', `--use-compress-program=${program}`];
    if (quietly('tar', [...flags, '-C', dirname(root), '-cf', path, basename(root)])) return path;
  }
  throw new Error('tar packs neither with xz nor with gzip: install tar and one of them');
}

function filesIn(folder, pattern) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => pattern.test(file))
    .map((file) => join(folder, file));
}

function sizeOf(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}

function mib(bytes) {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
