// An esbuild plugin: libraries as a bundle of ES modules for Node holds them.

import { builtinModules } from 'node:module';
import { resolve } from 'node:path';

const BUILTIN = new Set(builtinModules);
/** Their builds for browsers need nothing of Node, so that the browser entry shares them. */
const WITHOUT_NODE = { yaml: 'yaml/browser/index.js', fflate: 'fflate/esm/browser.js' };
/** tfjs asks for it where there is no fetch; Node has one. */
const ABSENT = /^node-fetch$/;

/**
 * `require('fs')` of a CommonJS library has no `require` in an ES module. `process.getBuiltinModule`
 * gives the same (Node 20.16).
 */
export const librariesForNode = {
  name: 'libraries for Node',
  setup(build) {
    build.onResolve({ filter: /^(node:)?[a-z_/]+$/ }, ({ path, kind }) => {
      const name = path.replace(/^node:/, '');
      return kind === 'require-call' && BUILTIN.has(name) ? { path: name, namespace: 'builtin' } : undefined;
    });
    build.onLoad({ filter: /./, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule('${path}');`,
    }));
    build.onResolve({ filter: ABSENT }, ({ path }) => ({ path, namespace: 'absent' }));
    build.onLoad({ filter: /./, namespace: 'absent' }, () => ({ contents: 'module.exports = undefined;' }));
    build.onResolve({ filter: /^(yaml|fflate)$/ }, ({ path }) => ({
      path: resolve('node_modules', WITHOUT_NODE[path]),
    }));
  },
};
