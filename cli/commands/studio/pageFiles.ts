// The files of the studio's page, and where each is: in the build, and in an installed package.

import { readdir } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { readFileSync } from 'node:fs';
import { installedFile, OPTIONAL } from '../../../src/engines/optionalPackage.js';
import { packageFile } from '../../../src/files/packageFile.js';

/** Addresses from the page's root, and the files that answer them. A file NAME.br is packed. */
export type PageFiles = ReadonlyMap<string, string>;

/** The parts of a report's page, with which the studio saves reports. */
const SHARED = {
  '/report/page.js': 'report/page.js.br',
  '/report/style.css': 'report/style.css.br',
  '/inter-400.woff': 'fonts/inter-400.woff',
  '/inter-600.woff': 'fonts/inter-600.woff',
} as const;

/** The page as it is built, with ONNX Runtime where that is installed. */
export async function studioFiles(): Promise<PageFiles> {
  return new Map([
    ...(await filesIn(dirname(packageFile('studio/index.html.br')))),
    ...Object.entries(SHARED).map(([address, path]) => [address, packageFile(path)] as const),
    ...onnxRuntime(),
  ]);
}

/** A folder's files by their paths, without the ending of packed ones. */
export async function filesIn(folder: string): Promise<PageFiles> {
  const files = new Map<string, string>();
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const at = join(entry.parentPath, entry.name);
    if (entry.isFile()) files.set(`/${relative(folder, at).split(sep).join('/').replace(/\.br$/, '')}`, at);
  }
  const index = files.get('/index.html');
  return index === undefined ? files : files.set('/', index);
}

/** The page runs this version alone: its script and its WebAssembly belong together. */
function onnxRuntime(): readonly (readonly [string, string])[] {
  const { version, found } = OPTIONAL['onnxruntime-web'];
  const wasm = installedFile('onnxruntime-web');
  if (wasm === undefined || versionBeside(wasm) !== version) return [];
  return [found, found.replace(/wasm$/, 'mjs')].map((name) => [`/ort/${name}`, join(dirname(wasm), name)]);
}

function versionBeside(wasm: string): string | undefined {
  try {
    const manifest = readFileSync(join(dirname(wasm), '../package.json'), 'utf8');
    return (JSON.parse(manifest) as { readonly version?: string }).version;
  } catch {
    return undefined;
  }
}
