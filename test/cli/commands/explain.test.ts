// Does flopscope explain read what was measured here and elsewhere, and say plainly what it cannot?

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { capture } from '../capture.js';

const RUNS = 'fixtures/runs/networks/amd-epyc-tensorflow.json';
const TIMM = 'fixtures/times/timm-rtx3090-amp.csv';
const folder = mkdtempSync(join(tmpdir(), 'flopscope-explain-'));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const explained = async (...args: readonly string[]) => {
  const { out, code, err } = await capture(['explain', ...args, '--format', 'json']);
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out) as Record<string, never> & {
    networks: { model: string }[];
    models: { unseen: number; p90: number }[];
    bytesPerElement: number;
  };
};

describe('flopscope explain', () => {
  it('takes recorded runs and names their device', async () => {
    const result = await explained('--runs', RUNS);
    expect(result).toMatchObject({ schema: 'flopscope.explain/2', device: 'AMD EPYC CPU (tensorflow)' });
    expect(result.networks).toHaveLength(28);
  });

  it('takes a results file of timm, under timm names, with the precision and the mode that its name says', async () => {
    const result = await explained('--times', TIMM, '--times-device', 'RTX 3090');
    expect(result.networks.map(({ model }) => model)).toContain('vovnet39');
    expect(result.models[0]).toMatchObject({ mode: 'eager', reading: 'eager' });
    expect(result.bytesPerElement).toBe(2);
    expect(result.models[0]!.unseen).toBeLessThan(0.1);
    expect(result.models[0]!.p90).toBeLessThan(0.25);
  });

  it('leaves out models that it does not know where they are most of a file, and counts what it leaves out', async () => {
    const rows = [
      'resnet18,1,11.69',
      'resnet50,3,25.56',
      'vgg11,4,132.86',
      'mobilenetv2_100,1,3.5',
      'densenet121,4,7.98',
    ];
    const others = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => `${name},1,1`);
    const text = ['model,time,param_count', ...rows, 'resnet34,,', 'resnet101,5,30.1', ...others].join('\n');
    const { code, err, out } = await capture(['explain', '--times', file('most.csv', text), '--format', 'json']);
    expect(code).toBe(0);
    expect(err).toContain('left out 1 row without a time');
    expect(err).toContain('left out 7 rows of models that are not known (most of the file');
    expect(err).toContain('left out 1 row whose parameters are those of another network');
    expect(JSON.parse(out)).toMatchObject({ distinct: 5 });
  });

  it('prints three tables, and to csv the one of the networks', async () => {
    const table = await capture(['explain', '--times', TIMM]);
    expect(table.out.match(/^(Which cost|The device|Where the time)/gm)).toHaveLength(3);
    const csv = await capture(['explain', '--times', TIMM, '--format', 'csv']);
    expect(csv.out.split('\n')[0]).toBe('model,input,milliseconds,predicted,ratio,compute,traffic,launches');
    expect(csv.out.trim().split('\n')).toHaveLength(25);
  });

  it('says the same of images per second whether --batch or a column says how many make an inference', async () => {
    const rows = ['resnet18,900', 'resnet50,300', 'vgg11,280', 'mobilenet_v2,850', 'densenet121,275'];
    const flagged = file('flag.csv', ['model,fps', ...rows].join('\n'));
    const column = file('column.csv', ['model,fps,batch', ...rows.map((row) => `${row},32`)].join('\n'));
    const result = await explained('--times', flagged, '--batch', '32');
    expect(result.networks[0]).toMatchObject({ milliseconds: 32e3 / 900, input: { n: 32 } });
    expect(result).toEqual(await explained('--times', column));
  });

  it('counts models of the user by their files', async () => {
    const config = file('mine.yaml', readFileSync('fixtures/configs/densenet121.yaml', 'utf8'));
    const rows = ['resnet18', 'resnet50', 'vgg11', 'mobilenet_v2', config].map((name, i) => `${name},${10 + i}`);
    const times = file('mine.csv', ['model,time', ...rows].join('\n'));
    expect((await explained('--times', times)).networks).toHaveLength(5);
  });

  it.each([
    [[], 'there is too little to explain'],
    [['resnet50'], 'there is too little to explain'],
    [['--runs', RUNS, '--times', TIMM], 'give --runs or --times, not both'],
    [['--times', TIMM, '--batch', '1,2'], 'the batch of rows that name none: give one'],
    [['--times', 'none.csv'], 'none.csv: cannot be read'],
    [['--times', file('few.csv', 'model,time\nresnet50,4')], 'times of 1 network explain nothing'],
    [
      ['--times', file('odd.csv', 'model,time\nresnet18,4\nresnet5O,4')],
      /odd\.csv:3: there is no built-in model .*did you mean resnet50 or resnet56\?.*--skip-unknown/,
    ],
    [
      ['--times', file('vit.csv', 'model,time\nresnet18,4\ntest_vit,4')],
      /no built-in model "test_vit" \(--skip-unknown/,
    ],
    [['--times', file('s.csv', 'model,time\nx1,4\nx2,4'), '--skip-unknown'], 'times of 0 networks explain nothing'],
  ])('%j ends with exit code 2 and a sentence: %s', async (args, message) => {
    const { out, err, code } = await capture(['explain', ...args]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
  });

  it('refuses runs of two devices, of a model that nobody has, and of one that has changed since', async () => {
    const record = JSON.parse(readFileSync(RUNS, 'utf8')) as { runs: Record<string, unknown>[] };
    const changed = (name: string, change: object): string =>
      file(
        name,
        JSON.stringify({ ...record, runs: record.runs.map((run, i) => (i === 0 ? { ...run, ...change } : run)) }),
      );
    const message = async (path: string) => (await capture(['explain', '--runs', path])).err;
    expect(await message(changed('two.json', { engine: 'wasm' }))).toContain('2 devices or engines');
    expect(await message(changed('who.json', { model: 'mine' }))).toContain('name its file as MODEL');
    const totals = { ...(record.runs[0]!['totals'] as object), params: 1 };
    expect(await message(changed('old.json', { totals }))).toContain('it has changed since; measure it again');
  });
});
