// Does flopscope predict never show a prediction as a measurement, and refuse what it cannot know?

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { capture } from '../capture.js';

const folder = mkdtempSync(join(tmpdir(), 'flopscope-predict-'));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const TIMES = file('amp-nchw.csv', 'model,infer_samples_per_sec,infer_batch_size\nresnet50,3000,1024\nx,,\n');

describe('flopscope predict', () => {
  it('prints predicted times with intervals, the order, and where networks cannot be told apart', async () => {
    const { code, out, err } = await capture([
      ...[
        'predict',
        'vgg19',
        'resnet50',
        'vovnet39',
        'mobilenet_v2',
        '--device',
        'rtx-4090,rtx-3090',
        '--batch',
        '512',
      ],
    ]);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('Predicted times (not measured)');
    expect(out).toMatch(/ predicted ms +90 % interval/);
    expect(out).toContain(
      'On rtx-4090, most images per second first: mobilenet_v2; then vovnet39 and resnet50 (cannot tell: their intervals overlap); then vgg19.',
    );
    expect(out).not.toContain('Warning');
  });

  it('says of one network where its time goes, by stage and layer, and warns outside of the record', async () => {
    const { out } = await capture(['predict', 'resnet50', '--device', 'rtx-4090', '--top', '3']);
    expect(out).toContain('by stage');
    expect(out).toContain('The 3 slowest of 174 layers');
    expect(out).toContain('Warning: outside of what rtx-4090 was fitted on: batch 1 (fitted: 512 to 1024)');
  });

  it('has JSON with records, predictions and ranks, and CSV with the ends of the interval', async () => {
    const args = ['predict', 'resnet50', 'vgg19', '--device', 'rtx-4090', '--batch', '512', '--format'];
    const result = JSON.parse((await capture([...args, 'json'])).out) as Record<string, unknown>;
    expect(result).toMatchObject({
      schema: 'flopscope.prediction/1',
      devices: [{ name: 'rtx-4090' }],
      rankings: [{ device: 'rtx-4090', ranks: [['resnet50'], ['vgg19']] }],
    });
    const csv = (await capture([...args, 'csv'])).out.split('\n');
    expect(csv[0]).toContain('model,input,device,predictedMilliseconds,leastMilliseconds,mostMilliseconds');
    expect(csv).toHaveLength(4);
    expect((await capture([...args, 'markdown'])).out).toContain('| predicted ms |');
  });

  it('stands on a time on another device where --times has one, and says so', async () => {
    const { out, code } = await capture([
      ...['predict', 'resnet50', 'vgg19', '--device', 'rtx-4090', '--batch', '512'],
      ...['--times', TIMES, '--times-device', 'rtx-3090'],
    ]);
    expect(code).toBe(0);
    expect(out.match(/a time of the same network on rtx-3090/g)).toHaveLength(1);
  });

  it('is on profile and compare, below the counts', async () => {
    const profiled = await capture(['profile', 'resnet18', '--device', 'rtx-3090', '--by', 'stage', '--batch', '512']);
    expect(profiled.out).toMatch(/multiply-adds[^]*Predicted times \(not measured\)/);
    const compared = await capture(['compare', 'resnet18', 'vgg19', '--device', 'rtx-3090', '--format', 'json']);
    expect(JSON.parse(compared.out)).toMatchObject({ predictions: [{ model: 'resnet18' }, { model: 'vgg19' }] });
  });

  it.each([
    [
      ['predict', 'resnet50', '--device', 'rtx-409'],
      'there is no built-in device "rtx-409"; the nearest names are rtx-4090',
    ],
    [['predict', 'resnet50', '--device', 'rtx-4090,'], 'has an empty name'],
    [['predict', 'resnet50', '--device', 'rtx-4090,RTX-4090'], '--device names rtx-4090 twice'],
    [['predict', 'resnet50', '--device', 'none.json'], 'none.json: cannot be read'],
    [['predict', 'resnet50', '--device', file('run.json', '{"schema":"flopscope.run/1"}')], 'is not a device record'],
    [['predict', 'resnet50', 'resnet50', '--device', 'rtx-4090'], 'resnet50 is named twice'],
    [['predict', 'resnet5O', '--device', 'rtx-4090'], 'there is no built-in model'],
    [['predict', 'resnet50', '--device', 'rtx-4090', '--times', TIMES], '--times and --times-device go together'],
    [
      ['predict', 'resnet50', '--device', 'rtx-4090-compiled', '--times', TIMES, '--times-device', 'rtx-3090'],
      'a time says little across modes',
    ],
    [['profile', 'resnet50', '--device', 'rtx-4090', '--training'], '--device predicts inference'],
    [['compare', 'resnet50', '--device', 'rtx-4090', '--measure'], '--device predicts from counts'],
  ])('%j ends with exit code 2 and a sentence: %s', async (args, message) => {
    const { code, err, out } = await capture(args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
  });
});
