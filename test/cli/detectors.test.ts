// Can a detector stand wherever a model stands? Both ways of naming it, and one sentence for everything that is wrong.

import { describe, expect, it } from 'vitest';
import { DETECTOR_NAMES } from '../../cli/flags/detectorOptions.js';
import { detectorNames } from '../../src/detectors/table.js';
import { capture } from './capture.js';

describe('a detector on a backbone', () => {
  it('is named with an @ or with two flags', async () => {
    const at = await capture(['profile', 'dsod300@vovnet27_slim', '--by', 'stage']);
    const flags = await capture(['profile', '--detector', 'dsod300', '--backbone', 'vovnet27_slim', '--by', 'stage']);
    expect(at.code).toBe(0);
    expect(at.out).toContain('dsod300@vovnet27_slim, input [1, 3, 300, 300]: 4.42 G multiply-adds, 5.97 M parameters');
    expect(flags).toEqual(at);
  });

  it('is compared with its fields in its name', async () => {
    const { out, code } = await capture([
      ...[
        'compare',
        'resnet50',
        '--detector',
        'maskrcnn:proposals=300',
        '--backbone',
        'fixtures/configs/resnet26.yaml',
      ],
      ...['--format', 'json'],
    ]);
    expect(code).toBe(0);
    const { models } = JSON.parse(out) as { models: { model: string; source: string }[] };
    expect(models.map(({ model, source }) => [model, source])).toEqual([
      ['maskrcnn:proposals=300@resnet50', 'built-in'],
      ['maskrcnn:proposals=300@resnet26', 'config'],
    ]);
  });

  it('is listed by the help', () => {
    expect(DETECTOR_NAMES).toBe(detectorNames().join(', '));
  });
});

describe('is refused in one sentence with exit code 2', () => {
  it.each([
    [['dsod30@resnet50'], 'there is no detector "dsod30"; the nearest name is dsod300'],
    [['my@file.yaml'], 'for a file of that name write ./my@file.yaml'],
    [['dsod300@resnet51'], 'there is no built-in model "resnet51"; the nearest names are resnet50'],
    [['fasterrcnn@densenet67'], 'densenet67 has no feature map of stride 32, which fasterrcnn needs'],
    [['dsod300@densenet40_k12'], 'densenet40_k12 has no feature map of stride 8 and 16'],
    [['maskrcnn:propsals=3@resnet50'], 'maskrcnn has no field "propsals"; the nearest name is proposals'],
    [['maskrcnn:proposals=x@resnet50'], 'maskrcnn: proposals is "x": give a whole number'],
    [['maskrcnn:proposals=0@resnet50'], 'proposals holds 0: give whole numbers from 1 up'],
    [['maskrcnn:proposals@resnet50'], '"proposals" is not name=value'],
    [['maskrcnn:classes=1,classes=2@resnet50'], 'maskrcnn is given classes twice'],
    [['refinedet320:style=vgg@resnet50'], 'style is "vgg": give one of auto, resnet101, vgg16'],
    [['dsod300:priors=4/4@resnet50'], 'dsod300: priors has 2 of its 6 items'],
    [['refinedet320@dsod300@resnet50'], 'dsod300@resnet50 is a detector, and refinedet320 needs a backbone'],
    [['maskrcnn@resnet50', '--input', '3x300x300'], 'multiples of 32'],
    [['refinedet320@resnet50', '--input', '3x300x300'], 'multiples of 64'],
    [['--backbone', 'resnet50'], '--backbone names what a detector stands on'],
    [['--detector', 'dsod300'], '--detector dsod300 stands on a backbone'],
    [[], 'name one model'],
  ])('%s', async (args, says) => {
    const { out, err, code } = await capture(['profile', ...args]);
    expect(err).toContain(says);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect([out, code]).toEqual(['', 2]);
  });

  it('measure and compare without a model', async () => {
    for (const command of ['measure', 'compare']) expect((await capture([command])).code).toBe(2);
  });
});
