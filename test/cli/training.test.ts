// Tests of --training on the command line: output, flags that need each other, refusals.

import { describe, expect, test } from 'vitest';
import { capture } from './capture.js';

const json = async (...line: string[]) =>
  JSON.parse((await capture([...line, '--format', 'json'])).out) as Record<string, never>;

describe('--training', () => {
  test('profile prints what PyTorch 2.13 keeps of DenseNet-121, by stage, and JSON has the profile beside it', async () => {
    const { out, code } = await capture(['profile', 'densenet121', '--training', '--batch', '2', '--by', 'stage']);
    expect(code).toBe(0);
    expect(out).toContain('259,853,056');
    const result = await json('profile', 'densenet121', '--training', '--batch', '2');
    expect(result).toMatchObject({
      schema: 'flopscope.profile/2',
      training: { schema: 'flopscope.training/1', totals: { keptBytes: 259853056, backwardMultAdds: 11100618752 } },
    });
  });

  test('compare shows it beside the counts, formula in closed form, diff before and after', async () => {
    const compared = await capture(['compare', 'resnet50', 'densenet121', '--training', '--batch', '2']);
    expect(compared.out).toContain('A training step, ratios to resnet50');
    const form = await json('formula', 'dense', '--symbol', 'layers=L', '--training');
    expect(form).toMatchObject({ others: { keptBytes: '128 L^2 h n w + 1408 L h n w + 128 L^2 + 1408 L' } });
    const moved = await json('diff', 'resnet18', 'resnet34', '--training');
    expect(moved).toMatchObject({ training: [{ model: 'resnet18' }, { model: 'resnet34' }] });
    const { out } = await capture(['diff', 'resnet18', 'resnet34', '--training', '--by', 'stage']);
    expect(out).toContain('What it costs in training, by stage');
    expect(out).toMatch(/layer4 +\+462,422,016 .* \+409,600 +\+4,720,640/);
  });

  test('a memory budget takes the cheapest checkpoints whose peak fits, and tells the front', async () => {
    const line = ['profile', 'resnet50', '--training', '--batch', '2', '--memory-budget', '100MB'] as const;
    expect(await json(...line)).toMatchObject({
      front: { of: ['stage', 'block', 'layer group', 'concat'], exact: true },
      training: { segments: ['stem', 'layer1'], totals: { recomputedMultAdds: 1571913728 } },
    });
    expect(await json(...line, '--checkpoint', 'block')).toMatchObject({
      front: { of: ['block'], exact: true },
      training: { segments: ['layer1.0', 'layer1.1', 'layer1.2', 'layer2.0', 'layer2.3', 'layer3.0'] },
    });
  });

  test('findings stand under the table and in JSON', async () => {
    const { out } = await capture(['profile', 'vgg16_bn', '--training', '--by', 'stage']);
    expect(out).toContain(
      'The first layers run at the full resolution of the image: 6 layers at the resolution of the image keep',
    );
    const result = await json('profile', 'densenet121', '--training');
    expect(result).toMatchObject({ findings: [{ audit: 'concat-chain-kept', saves: { keptBytes: 67720064 } }] });
  });

  test('flopscope MODEL has the step and its findings among the others', async () => {
    const { out } = await capture(['densenet121', '--training', '--batch', '2']);
    expect(out.replaceAll(/\s+/g, ' ')).toContain(
      'A training step (sgd): 16.8 G multiply-adds, 247.8 MiB kept for backward',
    );
    expect(out).toContain('(concat-chain-kept)');
    expect(out.replaceAll(/\s+/g, ' ')).toContain('Saves: 128.9 MiB kept for backward (52.0 %)');
    const { training, findings } = await json('densenet121', '--training', '--batch', '2');
    expect(training).toMatchObject({ schema: 'flopscope.training/1', totals: { keptBytes: 259853056 } });
    expect(training).not.toHaveProperty('layers');
    expect(findings).toContainEqual(expect.objectContaining({ audit: 'concat-chain-kept' }));
    expect(await json('densenet121')).not.toHaveProperty('training');
  });

  test("reconcile leaves out gradients of frozen layers in torch's count, and in no other", async () => {
    const all = await json('reconcile', 'resnet18', '--training');
    const frozen = await json('reconcile', 'resnet18', '--training', '--freeze', 'layer1');
    const profiled = await json('profile', 'resnet18', '--training', '--freeze', 'layer1');
    const backward = ({ training }: { training?: unknown }): number[] =>
      (training as { backward: number }[]).map((row) => row.backward);
    const [torch, ...others] = backward(frozen);
    const { backwardMultAdds } = (profiled['training'] as unknown as { totals: { backwardMultAdds: number } }).totals;
    expect(torch).toBe(2 * backwardMultAdds);
    expect(torch).toBeLessThan(backward(all)[0]!);
    expect(others).toEqual(backward(all).slice(1));
  });

  test('compare searches the checkpoints of each network', async () => {
    const missing = await capture([
      'compare',
      'resnet18',
      'vgg16_bn',
      'resnet34',
      '--training',
      '--memory-budget',
      '60MB',
    ]);
    expect(missing.out).toMatch(/resnet18[^]*A training step, ratios to resnet18[^]*resnet34/);
    expect(missing.err).toContain('vgg16_bn: no set of checkpoints');
    expect(missing.code).toBe(2);
    const line = ['resnet50', 'resnet18', '--training', '--batch', '2', '--memory-budget', '100MB'];
    const { training } = await json('compare', ...line);
    expect(training).toMatchObject([{ segments: ['stem', 'layer1'] }, { segments: [] }]);
    expect((await capture(['compare', ...line])).out).toContain(
      'resnet50: 2 segments under a checkpoint (stem, layer1).',
    );
  });

  const FOLDED = 'fixtures/golden/onnx/resnet50.op17.folded.ext.onnx';
  test.each([
    [['profile', FOLDED]],
    [['compare', FOLDED]],
    [['diff', FOLDED, 'resnet50']],
    [['formula', FOLDED]],
    [['reconcile', FOLDED]],
    [[FOLDED]],
    [['report', FOLDED, '--format', 'markdown']],
  ])('%j: that its norms are folded is said', async (line) => {
    const { out } = await capture([...line, '--training']);
    expect(out.replaceAll(/\s+/g, ' ')).toContain('are not those of the network that was trained: it has batch norms');
    const { out: without } = await capture(line);
    expect(without).not.toContain('of the network that was trained');
  });

  test('a file with its norms is what is trained', async () => {
    const { out } = await capture([
      'compare',
      'resnet50',
      'fixtures/golden/onnx/resnet50.op17.bn.ext.onnx',
      '--training',
    ]);
    expect(out).not.toContain('of the network that was trained');
  });

  test.each([
    [['profile', 'resnet18', '--freeze', 'layer1'], '--freeze says how a network is trained: add --training'],
    [
      ['profile', 'resnet18', '--training', '--freeze', 'layr1'],
      'no stage, block or layer "layr1": did you mean layer1?',
    ],
    [['profile', 'resnet18', '--training', '--sort', 'params'], '--sort params orders the counts of a profile'],
    [['profile', 'resnet18', '--sort', 'keptBytes'], 'orders the layers of a training step: add --training'],
    [
      ['profile', 'resnet18', '--training', '--memory-budget', '1kB'],
      'no set of checkpoints of stage, block, layer group, concat fits in 1000 bytes: the least peak is',
    ],
    [['profile', 'resnet18', '--training', '--memory-budget', 'much'], 'It must be a size such as 100MB'],
    [
      ['diff', 'resnet18', 'resnet34', '--training', '--memory-budget', '1GB'],
      'name here with --checkpoint what they found',
    ],
    [['formula', 'resnet18', '--training', '--memory-budget', '1GB'], 'It searches checkpoints for one network'],
    [['reconcile', 'resnet18', '--freeze', 'layer1'], '--freeze says how a network is trained: add --training'],
    [['resnet18', '--training', '--device', 'rtx-3090'], '--device predicts inference: leave it out with --training'],
    [['resnet18', '--amp'], '--amp says how a network is trained: add --training, or leave it out'],
    [['compare', 'resnet18', '--training', '--measure'], '--training counts a step and times nothing'],
  ])('%j is refused in one line', async (line, says) => {
    const { err, code } = await capture(line);
    expect(code).toBe(2);
    expect(err).toContain(says);
  });
});

describe('--memory-budget', () => {
  const line = ['densenet169', '--training', '--checkpoint', 'stage', '--memory-budget', '109801472B'];

  test('profile says that the set is the cheapest, how to have it again, and shows peaks of the front', async () => {
    const { out } = await capture(['profile', ...line, '--by', 'stage']);
    expect(out).toContain(
      'It is the cheapest set: no set of stage checkpoints whose peak fits in 109,801,472 bytes recomputes fewer',
    );
    expect(out).toContain('The same set again: --checkpoint denseblock1');
    expect(out).toMatch(/peak +kept +paid again +under a checkpoint/);
    expect(out).toMatch(/104\.7 MiB +104\.1 MiB +1\.14 G +denseblock1 +<- taken/);
  });

  test('compare, report and flopscope MODEL say it too', async () => {
    for (const command of [['compare', ...line], ['report', ...line, '--format', 'markdown'], line]) {
      const { out } = await capture(command);
      expect(out.replaceAll(/\s+/g, ' ')).toContain('It is the cheapest set: no set of stage checkpoints');
    }
  });

  test.each(['ese_vovnet39b', 'mobilenet_v2', 'V-39-eSE', 'densenet121'])(
    '%s: the flags that are printed give the same set and figures',
    async (model) => {
      const start = ['profile', model, '--training', '--format', 'json'];
      const read = async (...more: string[]) =>
        (JSON.parse((await capture([...start, ...more])).out) as { training: Record<string, unknown> }).training;
      const { peak } = (await read())['totals'] as { peak: { bytes: number } };
      const found = await read('--memory-budget', `${Math.floor(0.8 * peak.bytes)}B`);
      const { checkpoint } = found['search'] as { checkpoint: string[] };
      const again = await read('--checkpoint', ...checkpoint);
      expect(again['segments']).toEqual(found['segments']);
      expect(again['totals']).toEqual(found['totals']);
      expect((found['segments'] as string[]).length).toBeGreaterThan(0);
      const frozen = await read('--freeze', ...(found['segments'] as string[]));
      expect(frozen['totals']).not.toEqual(again['totals']);
    },
  );
});

test('--by block tells blocks of one name in several stages apart', async () => {
  const { out } = await capture(['profile', 'ese_vovnet39b', '--by', 'block', '--format', 'csv']);
  const trained = await capture(['profile', 'ese_vovnet39b', '--by', 'block', '--format', 'csv', '--training']);
  const namesIn = (csv: string): readonly string[] =>
    csv
      .trim()
      .split('\n')
      .slice(1)
      .map((row) => row.split(',')[0]!);
  expect(namesIn(out).filter((name) => name !== 'total')).toEqual(
    namesIn(trained.out).filter((name) => name !== 'total'),
  );
  expect(new Set(namesIn(out)).size).toBe(namesIn(out).length);
  expect(namesIn(out).length).toBeGreaterThan(6);
});

test('compare --training --format csv has the counts and the training step of each network in one row', async () => {
  const { out } = await capture(['compare', 'resnet50', 'densenet121', '--training', '--format', 'csv']);
  const [head, ...rows] = out.trim().split('\n');
  const columns = head!.split(',');
  expect(new Set(columns).size).toBe(columns.length);
  const at = (name: string) => rows.map((row) => row.split(',')[columns.indexOf(name)]);
  expect(at('multAdds')).toEqual(['4089184256', '2834161664']);
  expect(at('keptBytes')).toEqual(['85519872', '130093824']);
  expect(at('peakBytesRatio')[0]).toBe('1');
});

test('a name that means nothing is no matter of symbols', async () => {
  const { err } = await capture(['formula', 'densenet121', '--training', '--freeze', 'denseblock']);
  expect(err).toContain('densenet121 has no stage, block or layer "denseblock": did you mean denseblock1');
  expect(err).not.toContain('closed form');
});

test.each([
  ['--checkpoint', ''],
  ['--freeze', ' '],
])('%s %j names nothing', async (flag, name) => {
  const { err, code } = await capture(['profile', 'resnet18', '--training', flag, name]);
  expect([code, err]).toEqual([2, `error: ${flag} names nothing: give a stage, a block or a layer\n`]);
});

test('more threads than any CPU has are refused before an engine starts', async () => {
  const { err, code } = await capture(['measure', 'resnet20', '--threads', '1000000']);
  expect([code, err]).toEqual([2, expect.stringContaining('It must be at most 1024.')]);
});
