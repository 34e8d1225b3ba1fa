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
      schema: 'flopscope.profile/1',
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
  });

  test('a memory budget takes the cheapest checkpoints whose peak fits, and tells the front', async () => {
    const line = ['profile', 'resnet50', '--training', '--batch', '2', '--memory-budget', '100MB'] as const;
    // Of blocks, stages and concats: three stages pay less again than six blocks.
    expect(await json(...line)).toMatchObject({
      front: { of: ['stage'], exact: true },
      training: { segments: ['stem', 'layer1', 'head'], totals: { recomputedMultAdds: 1571913728 } },
    });
    expect(await json(...line, '--checkpoint', 'block')).toMatchObject({
      front: { of: ['block'], exact: true },
      training: { segments: ['layer1.0', 'layer1.1', 'layer1.2', 'layer2.0', 'layer2.1', 'layer3.0'] },
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

  test.each([
    [['profile', 'resnet18', '--freeze', 'layer1'], '--freeze says how a network is trained: add --training'],
    [
      ['profile', 'resnet18', '--training', '--freeze', 'layr1'],
      'no stage, block or layer "layr1": did you mean layer1?',
    ],
    [['profile', 'resnet18', '--training', '--sort', 'params'], '--sort orders the counts of a profile'],
    [
      ['profile', 'resnet18', '--training', '--memory-budget', '1kB'],
      'no set of checkpoints that was looked at fits in 1000 bytes',
    ],
    [['profile', 'resnet18', '--training', '--memory-budget', 'much'], 'It must be a size such as 100MB'],
    [['compare', 'resnet18', '--training', '--measure'], '--training counts and measures nothing'],
  ])('%j is refused in one line', async (line, says) => {
    const { err, code } = await capture(line);
    expect(code).toBe(2);
    expect(err).toContain(says);
  });
});
