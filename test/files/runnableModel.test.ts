// A file whose graph cannot run may run itself.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runnableModel } from '../../src/files/runnableModel.js';
import { branch, bytesOf, type Small } from '../importers/onnx/small.js';

const folder = mkdtempSync(join(tmpdir(), 'flopscope-runnable-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const written = (name: string, small: Small): string => {
  const path = join(folder, name);
  writeFileSync(path, bytesOf(small));
  return path;
};
const NOTHING = branch({ nodes: [['Identity', 'a', 'e']] });
const TANH = branch({ nodes: [['Tanh', 'a', 't']] });

it('is the model alone where its graph is whole', async () => {
  const { model, onlyFile } = await runnableModel(written('whole.onnx', { nodes: [['Sigmoid', 'x', 'y']] }));
  expect([model.name, onlyFile]).toEqual(['whole', undefined]);
});

it.each<readonly [string, Small['nodes'], RegExp]>([
  ['an op that is not known', [['Fancy', 'x', 'y']], /flopscope does not know Fancy/],
  [
    'a branch that the image chooses',
    [
      ['Sigmoid', 'x', 'a'],
      ['ReduceMax', 'x', 'm', { keepdims: 0 }],
      ['Cast', 'm', 'cond', { to: 9 }],
      ['If', 'cond', 'y', { then_branch: NOTHING, else_branch: TANH }],
    ],
    /its condition is computed from the image/,
  ],
])('says why only the file runs: %s', async (_, nodes, why) => {
  const { onlyFile } = await runnableModel(written('part.onnx', { nodes }));
  expect(onlyFile?.message).toMatch(why);
});
