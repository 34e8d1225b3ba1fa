// Are several mistakes of one input all said, each in a line of its own with its place?

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { InputError, InputErrors, forAll, locate } from '../../src/inputError.js';
import { capture } from './capture.js';

const folder = mkdtempSync(join(tmpdir(), 'flopscope-mistakes-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const refused = async (...args: readonly string[]): Promise<readonly string[]> => {
  const { out, err, code } = await capture(args);
  expect([out, code]).toEqual(['', 2]);
  return err.trim().split('\n');
};

it('a budgets file: every mistake of its text', async () => {
  const path = file(
    'a.yaml',
    'budgets:\n  - { model: resnet18, limits: { parms: 1M } }\n  - { model: resnet34, limits: { params: two } }\n  - { limits: { params: 1M } }\n',
  );
  const lines = await refused('check', path);
  expect(lines.map((line) => /a\.yaml:(\d+):\d+: /.exec(line)?.[1])).toEqual(['2', '3', '4']);
  for (const line of lines) expect(line).toMatch(/^error: /);
});

it('a budgets file: every network that cannot be had', async () => {
  const path = file(
    'b.yaml',
    'budgets:\n  - { model: resnet18, limits: { params: 1M } }\n  - { model: resnet5, limits: { params: 1M } }\n  - { file: ./none.onnx, limits: { params: 1M } }\n',
  );
  const lines = await refused('check', path);
  expect(lines).toHaveLength(2);
  expect(lines[0]).toContain('b.yaml:3:5: there is no built-in model "resnet5"');
  expect(lines[1]).toMatch(/b\.yaml:4:5: \S*none\.onnx: cannot be read/);
});

it('a config file: every field that is wrong', async () => {
  const lines = await refused('profile', file('c.yaml', 'family: vgg\nstages: [1]\nwidths: x\n'));
  expect(lines.length).toBeGreaterThan(1);
  expect(new Set(lines.map((line) => /c\.yaml:(\d+):/.exec(line)?.[1]))).toEqual(new Set(['2', '3']));
});

it.each<readonly [readonly string[], number]>([
  [['compare', 'resnet5', 'resnet18', 'densenet1'], 2],
  [['report', 'resnet5', 'vovnet3', '-o', join(folder, 'r.html')], 2],
  [['predict', 'resnet18', '--device', 'rtx-30,rtx-4090,gtx'], 2],
  [
    [
      'check',
      file('d.yaml', 'budgets:\n  - { model: resnet18, limits: { params: 1G } }\n'),
      '--forbid',
      'a,dead-ends,b',
    ],
    2,
  ],
])('%j: each name that is not known', async (args, count) => {
  expect(await refused(...args)).toHaveLength(count);
});

it('says twenty, and how many more', async () => {
  const networks = Array.from({ length: 30 }, () => '  - { model: resnet18, limits: { parms: 1M } }');
  const lines = await refused('check', file('e.yaml', `budgets:\n${networks.join('\n')}\n`));
  expect([lines.length, lines.at(-1)]).toEqual([21, 'and 10 more']);
});

it('the message of several is the first one, and a place goes before each', async () => {
  const failing = forAll([1, 2, 3], (n) => {
    if (n === 2) return n;
    throw new InputError(`${n} is odd`, 'n');
  });
  const error = await failing.catch((caught: unknown) => locate(caught, 'here'));
  expect(error).toBeInstanceOf(InputErrors);
  expect((error as InputErrors).message).toBe('here: 1 is odd (and 1 more)');
  expect((error as InputErrors).errors.map(({ message }) => message)).toEqual(['here: 1 is odd', 'here: 3 is odd']);
  await expect(forAll([1], () => { throw new TypeError('ours'); })).rejects.toThrow(TypeError); // prettier-ignore
});

it.each<readonly [readonly string[], string]>([
  [
    ['profile', 'resnet18', '--open'],
    "unknown option '--open' of flopscope profile; flopscope report and flopscope studio take it",
  ],
  [['resnet18', '--merge', 'a'], "unknown option '--merge' of flopscope MODEL; flopscope sweep takes it"],
  [
    ['list', '--batch', '2'],
    "unknown option '--batch' of flopscope list; flopscope MODEL, flopscope profile, flopscope compare and ",
  ],
])('%j: an option of other commands names them', async (args, sentence) => {
  expect(await refused(...args)).toEqual([expect.stringContaining(sentence) as string]);
});
