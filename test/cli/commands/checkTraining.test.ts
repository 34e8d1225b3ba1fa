// Tests of flopscope check with limits of a training step: settings, baselines, and what cannot be compared.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CheckResult } from '../../../src/budgets/check.js';
import { capture, type Captured } from '../capture.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flopscope-check-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const FILE = 'flopscope.budgets.yaml';
const budgets = (entry: string): void => {
  writeFileSync(join(folder, FILE), `budgets:\n  - ${entry}\n`);
};
const check = (...flags: readonly string[]): Promise<Captured> => capture(['check', join(folder, FILE), ...flags]);
const json = async (...flags: readonly string[]): Promise<CheckResult> =>
  JSON.parse((await check(...flags, '--format', 'json')).out) as CheckResult;

describe('limits of a training step', () => {
  it('are held to the byte: PyTorch keeps 43,193,856 bytes of resnet18 at batch 2', async () => {
    budgets(
      '{ model: resnet18, batch: 2, limits: { training: { keptBytes: 43_193_856, backwardMultAdds: 7_020_265_472 } } }',
    );
    expect((await check()).code).toBe(0);
    budgets('{ model: resnet18, batch: 2, limits: { training: { keptBytes: 43_193_855 } } }');
    const { code, out } = await check();
    expect(code).toBe(1);
    expect(out).toContain('bytes kept for backward: the largest layers');
    const { limits } = await json();
    expect(limits[0]).toMatchObject({ metric: 'training.keptBytes', value: 43193856, excess: 1 });
    expect(limits[0]!.contributors!.parts[0]!.value).toBeGreaterThan(limits[0]!.contributors!.parts[4]!.value);
  });

  it('say how it is trained: in the file, by flags, and by both', async () => {
    budgets(
      '{ model: resnet18, batch: 2, training: { optimizer: adam, freeze: [layer1] }, limits: { training: { optimizerBytes: 1 GB } } }',
    );
    const [file] = (await json()).limits;
    // Two numbers for each parameter but the 147,968 of layer1.
    expect(file!.value).toBe(8 * (11_689_512 - 147_968));
    const [both] = (await json('--training', '--optimizer', 'momentum')).limits;
    expect(both).toMatchObject({
      value: 4 * (11_689_512 - 147_968),
      training: { optimizer: 'momentum', freeze: ['layer1'] },
    });
    expect((await check()).out).toContain('resnet18 is trained with adam, layer1 frozen.');
    expect((await check('--format', 'markdown')).out).toContain('resnet18 is trained with adam, layer1 frozen.');
  });

  it('are measured from a baseline that was trained alike, and not from another', async () => {
    budgets('{ model: resnet18, limits: { training: { keptBytes: +0% } } }');
    expect((await check()).err).toContain('the baseline does not have training.keptBytes of resnet18');
    expect((await check('--update-baseline')).code).toBe(0);
    expect(readFileSync(join(folder, 'flopscope.baseline.json'), 'utf8')).toContain('"options": {"freeze":[],');
    expect((await check()).code).toBe(0);
    const { code, err } = await check('--training', '--amp');
    expect(code).toBe(2);
    expect(err).toContain('the baseline was trained with sgd, and this count is with sgd, autocast (resnet18)');
    budgets('{ model: resnet18, batch: 1, limits: { training: { keptBytes: -1% } } }');
    expect((await check()).err).toContain('would refuse the baseline itself');
  });

  it('name the layers that grew', async () => {
    budgets('{ model: resnet18, name: net, limits: { training: { keptBytes: +0% } } }');
    await check('--update-baseline');
    budgets('{ model: resnet34, name: net, limits: { training: { keptBytes: +0% } } }');
    const [grown] = (await json()).limits;
    expect(grown!.contributors).toMatchObject({ why: 'grew', unit: 'bytes' });
    expect(grown!.contributors!.parts.every(({ value, baseline }) => value > baseline!)).toBe(true);
    expect((await check()).out).toContain('bytes kept for backward: what grew most since the baseline');
  });
});

describe('what makes no sense', () => {
  it.each([
    ['{ model: resnet18, limits: { training: { keptBytes: 2.5 } } }', 'is a unit missing, as in 2.5MB?'],
    ['{ model: resnet18, limits: { training: { keptBytes: 2 Mb } } }', 'which is not a unit of it: write B, kB'],
    [
      '{ model: resnet18, limits: { training: { kept: 2MB } } }',
      'training has no field "kept"; the nearest is keptBytes',
    ],
    ['{ model: resnet18, limits: { training: 2MB } }', 'training'],
    [
      '{ model: resnet18, training: { optimizer: adamm }, limits: { params: 12M } }',
      'training.optimizer must be one of sgd',
    ],
    ['{ model: resnet18, training: { freeze: [layr1] }, limits: { params: 12M } }', 'did you mean layer1'],
    ['{ model: resnet18, training: yes, limits: { params: 12M } }', 'training'],
  ])('%s', async (entry, sentence) => {
    budgets(entry);
    const { code, err } = await check();
    expect(code).toBe(2);
    expect(err).toContain(`${FILE}:2:`);
    expect(err).toContain(sentence);
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  it('flags of training without --training', async () => {
    budgets('{ model: resnet18, limits: { params: 12M } }');
    expect((await check('--optimizer', 'adam')).err).toContain('add --training');
  });
});
