// Does - name standard input wherever a file is read?

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const RUNS = 'fixtures/runs/amd-epyc-wasm.json';

/** @param input what is piped into the built program */
const piped = (
  input: string | Buffer,
  ...args: readonly string[]
): { out: string; err: string; code: number | null } => {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['dist/cli.js', ...args], {
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  return { out: stdout, err: stderr, code: status };
};

it.each<readonly [string, readonly string[], string]>([
  ['family: densenet\ngrowth: 16\nblocks: [2, 2]\n', ['profile', '-', '--by', 'op'], 'multiply-adds'],
  ['family: densenet\ngrowth: 16\nblocks: [2, 2]\n', ['compare', 'resnet18', '-'], 'ratios to resnet18'],
  ['budgets:\n  - { model: resnet18, limits: { params: 12M } }\n', ['check', '-'], 'resnet18'],
  ['model: vovnet39\nbatches: [1, 2]\n', ['sweep', '-'], '"point":1'],
  [readFileSync(RUNS, 'utf8'), ['compare', '--runs', '-'], '3 measured runs'],
  [
    'model,time_ms\nresnet18,1\nresnet34,2\nresnet50,3\nvgg16,6\nvgg19,8\ndensenet121,5\n',
    ['explain', '--times', '-'],
    'resnet18',
  ],
])('case %# is read', (input, args, wanted) => {
  const { out, err, code } = piped(input, ...args);
  expect(code, err).toBe(0);
  expect(out).toContain(wanted);
});

it.each<readonly [string, readonly string[], string]>([
  ['family: densenet\ngrowht: 16\n', ['profile', '-'], 'error: standard input:2:1: densenet has no field "growht"'],
  [
    'budgets:\n  - { model: resnet5, limits: { params: 12M } }\n',
    ['check', '-'],
    'error: standard input:2:5: there is no built-in model',
  ],
  ['{', ['compare', '--runs', '-'], 'standard input'],
  ['', ['check', '-'], 'standard input:1:1: the file is empty'],
  ['#'.repeat(6_000_000), ['check', '-'], 'standard input: there are more than the 5 MB that such a file may have'],
])('%#: bad input is named standard input', (input, args, message) => {
  const { out, err, code } = piped(input, ...args);
  expect([out, code]).toEqual(['', 2]);
  expect(err).toContain(message);
});
