// An esbuild plugin: libraries as a bundle of ES modules for Node holds them.

import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { resolve } from 'node:path';

const BUILTIN = new Set(builtinModules);
/** Their builds for browsers need nothing of Node, so that the browser entry shares them. */
const WITHOUT_NODE = { yaml: 'yaml/browser/index.js', fflate: 'fflate/esm/browser.js' };
/** tfjs asks for it where there is no fetch; Node has one. */
const ABSENT = /^node-fetch$/;
/**
 * What string-width makes when it is loaded, for texts beyond ASCII alone: it is made when such a
 * text comes, since it takes as long as counting a network.
 */
const MADE_LATER = [
  ['const segmenter = new Intl.Segmenter();', 'let segmenter;'],
  ['segmenter.segment(', '(segmenter ??= new Intl.Segmenter()).segment('],
  ['const rgiEmojiRegex = /^\\p{RGI_Emoji}$/v;', 'let rgiEmoji;'],
  ['rgiEmojiRegex.test(', "(rgiEmoji ??= new RegExp('^\\\\p{RGI_Emoji}$', 'v')).test("],
];

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
    build.onLoad({ filter: /[\\/]string-width[\\/]index\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      // The old version that cli-progress has makes none.
      return text.includes('Segmenter') ? { contents: MADE_LATER.reduce(replaced, text) } : undefined;
    });
  },
};

function replaced(text, [from, to]) {
  if (!text.includes(from)) throw new Error(`string-width has no "${from}" any more: see MADE_LATER`);
  return text.replace(from, () => to);
}
