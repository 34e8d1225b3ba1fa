// Lists the files of node_modules that the build loads: a bundler follows the imports of packages that are not in it.

import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

/** Packages with an addon. Those that need libraries of a desktop, or that a user builds, are left out. */
const ENTRIES = ['node_modules/onnxruntime-node/dist/index.js', 'node_modules/webgpu/index.js'];
const RENDERER = 'node_modules/@napi-rs/canvas/index.js';
/** onnxruntime-node brings its addon for every system. */
const OTHER_SYSTEM = /onnxruntime-node\/bin\/napi-v\d+\/(?!linux\/x64\/)/;

/**
 * Their paths, with each package's manifest and licence.
 * @param small leaves out what draws charts
 */
export async function loadedFiles(small = false) {
  const { metafile } = await build({
    entryPoints: small ? ENTRIES : [...ENTRIES, RENDERER],
    outdir: 'out',
    write: false,
    bundle: true,
    metafile: true,
    platform: 'node',
    format: 'esm',
    loader: { '.node': 'empty' },
    preserveSymlinks: true, // a linked node_modules keeps its name
    logLevel: 'error',
  });
  const files = Object.keys(metafile.inputs).filter(
    (path) => path.startsWith('node_modules/') && !OTHER_SYSTEM.test(path),
  );
  const packages = new Set(files.map((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)[1]));
  return [...new Set([...files, ...files.flatMap(manifestsWithin), ...[...packages].flatMap(manifestAndLicence)])];
}

/** Manifests in folders of a package say which kind of module its files are. */
function manifestsWithin(path) {
  const found = [];
  for (let folder = dirname(path); !folder.endsWith('node_modules'); folder = dirname(folder))
    if (existsSync(join(folder, 'package.json'))) found.push(join(folder, 'package.json'));
  return found;
}

const manifestAndLicence = (folder) =>
  readdirSync(folder)
    .filter((file) => /^(package\.json|licen[cs]e.*|copying.*|notice.*)$/i.test(file))
    .map((file) => join(folder, file));
