// The large packages that `flopscope setup` installs. Counting does not need them.

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { flopscopeHome } from './tensorflowHome.js';

interface OptionalPackage {
  readonly package: string;
  readonly version: string;
  /** On disk, after the set-up. */
  readonly size: string;
  /** A file of the package that can be resolved from outside. */
  readonly found: string;
}

/** By the name that `flopscope setup` takes. The versions are those that are tested. */
export const OPTIONAL = {
  onnxruntime: { package: 'onnxruntime-node', version: '1.30.0', size: '290 MB', found: 'package.json' },
  webgpu: { package: 'webgpu', version: '0.6.2', size: '130 MB', found: 'package.json' },
  'onnxruntime-web': {
    ...{ package: 'onnxruntime-web', version: '1.30.0', size: '27 MB' },
    found: 'ort-wasm-simd-threaded.asyncify.wasm',
  },
  'chartjs-node-canvas': { package: 'chartjs-node-canvas', version: '5.0.0', size: '40 MB', found: 'package.json' },
} as const satisfies Readonly<Record<string, OptionalPackage>>;
export type OptionalName = keyof typeof OPTIONAL;

/** An npm project whose node_modules has the package. */
export const homeOf = (name: OptionalName): string => join(flopscopeHome(), name);

/**
 * The package that `flopscope setup` installed is used before one beside flopscope.
 * @param file of the package; the one that is known to be there, where it is left out
 * @returns its path; undefined where it is not installed
 */
export function installedFile(name: OptionalName, file: string = OPTIONAL[name].found): string | undefined {
  for (const from of [join(homeOf(name), 'package.json'), import.meta.url]) {
    try {
      return createRequire(from).resolve(`${OPTIONAL[name].package}/${file}`);
    } catch {
      // Another folder may have it.
    }
  }
  return undefined;
}

/** What to do where it is missing. */
export const setUp = (name: OptionalName): string => `run flopscope setup ${name} (${OPTIONAL[name].size})`;
