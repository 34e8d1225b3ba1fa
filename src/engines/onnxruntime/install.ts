// Finds the package onnxruntime-node, and says how to install it.

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { flopscopeHome } from '../tensorflowHome.js';

export const PACKAGE = 'onnxruntime-node';
export const VERSION = '1.30.0';
/** On disk, with the libraries of all systems. */
export const SIZE = '290 MB';

/** An npm project whose node_modules has onnxruntime-node. */
export const onnxruntimeHome = (): string => join(flopscopeHome(), 'onnxruntime');

/** Its install script would download 400 MB of CUDA libraries on Linux. */
export const INSTALL = `run flopscope setup onnxruntime (${SIZE}), or in your project ONNXRUNTIME_NODE_INSTALL=skip npm install ${PACKAGE}@${VERSION}`;

/**
 * The package that `flopscope setup onnxruntime` installed is used before one beside flopscope.
 * @returns the path of the package's manifest; undefined where it is not installed
 */
export function installed(): string | undefined {
  for (const from of [join(onnxruntimeHome(), 'package.json'), import.meta.url]) {
    try {
      return createRequire(from).resolve(`${PACKAGE}/package.json`);
    } catch {
      // The next place may have it.
    }
  }
  return undefined;
}
