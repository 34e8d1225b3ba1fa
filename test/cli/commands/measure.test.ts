import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Run, RunFile } from '../../../src/measure/run.js';
import { capture } from '../capture.js';

const folder = mkdtempSync(join(tmpdir(), 'flopscope-measure-'));
const SMALL = ['--engine', 'wasm', '--input', '3x32x32', '--min-window', '0.05', '--no-ceilings'];
const recorded = join(folder, 'recorded.json');

describe('flopscope measure', () => {
  it('writes one record per model and batch, with counts, times and environment', async () => {
    const { out, code } = await capture([
      ...['measure', 'resnet20', 'densenet40_k12', '--batch', '1,2', ...SMALL, '-o', recorded],
    ]);
    expect(code).toBe(0);
    const { schema, runs } = JSON.parse(readFileSync(recorded, 'utf8')) as RunFile;
    expect(schema).toBe('flopscope.runs/1');
    expect(runs.map(({ model, input }) => [model, input.n])).toEqual([
      ...[1, 2].map((n) => ['resnet20', n]),
      ...[1, 2].map((n) => ['densenet40_k12', n]),
    ]);
    for (const run of runs) {
      expect(run.times.windows).toHaveLength(5);
      expect(run.times.median).toBeGreaterThan(0);
      expect(run).toMatchObject({
        engine: 'wasm',
        energy: null,
        ceilings: null,
        device: { kind: 'cpu', software: false },
      });
    }
    expect(out).toContain('images/s');
    expect(readdirSync(folder).filter((name) => name.includes('recorded'))).toEqual(['recorded.json']);
  });

  it('--layers times every layer that is launched, and their sum is no more than the whole could be', async () => {
    const { out, code } = await capture(['measure', 'resnet20', ...SMALL, '--layers', '--format', 'json']);
    expect(code).toBe(0);
    const run = JSON.parse(out) as Run;
    expect(run.layers!.filter(({ op }) => op === 'conv')).toHaveLength(19);
    const sum = run.layers!.reduce((all, { milliseconds }) => all + milliseconds, 0);
    expect(sum).toBeGreaterThan(0);
    expect(sum / run.times.median).toBeLessThan(4);
  });

  it('the table of layers says that the host timed them, as the record does', async () => {
    const path = join(folder, 'layers.json');
    const { out } = await capture(['measure', 'resnet20', ...SMALL, '--layers', '-o', path]);
    expect(out).toContain(
      "layers were timed by the host's clock: a wait for the device is in the time of every layer.",
    );
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ layerClock: 'host', device: { vendor: null } });
  });

  it('of two windows no spread is shown', async () => {
    const { out } = await capture(['measure', 'resnet20', ...SMALL, '--windows', '2', '--format', 'csv']);
    const [head, row] = out
      .trim()
      .split('\n')
      .map((line) => line.split(','));
    expect(row![head!.indexOf('spread')]).toBe('');
  });

  it('--eager runs every op as written', async () => {
    const { out } = await capture(['measure', 'resnet20', ...SMALL, '--layers', '--eager', '--format', 'json']);
    const run = JSON.parse(out) as Run;
    expect(run.mode).toBe('eager');
    expect(run.layers!.some(({ op }) => op === 'batchNorm')).toBe(true);
  });

  it('its records are read back by compare --runs, in every format', async () => {
    for (const format of ['table', 'csv', 'markdown', 'json']) {
      const { out, code } = await capture(['compare', '--runs', recorded, '--format', format]);
      expect(code).toBe(0);
      expect(out).toContain('densenet40_k12');
    }
  });

  const broken = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  it.each([
    ['an unknown model', ['measure', 'resnet21', ...SMALL], /no built-in model/],
    [
      'an unknown engine',
      ['measure', 'resnet20', '--engine', 'cuda'],
      /Allowed choices are auto, tensorflow, onnxruntime, webgpu/,
    ],
    ['a batch that is not a number', ['measure', 'resnet20', '--batch', '1,x'], /whole number of at least 1/],
    ['a window of no time', ['measure', 'resnet20', '--min-window', '0'], /seconds from 0.01 to 600/],
    [
      'a path that cannot be written, before anything runs',
      ['measure', 'resnet20', ...SMALL, '-o', '/nowhere/run.json'],
      /cannot be written/,
    ],
    [
      'a folder that takes no files, though it may be written',
      ['measure', 'resnet20', ...SMALL, '-o', '/proc/run.json'],
      /^error: \/proc\/run\.json: cannot be written \([A-Z]+\)|^error: .+ not writable/m,
    ],
    ['a directory to write to', ['measure', 'resnet20', ...SMALL, '-o', folder], /is a directory/],
    [
      'an input that the network does not admit',
      ['measure', 'squeezenet1_1', '--engine', 'wasm', '--input', '3x8x8', '--no-ceilings'],
      /does not fit/,
    ],
    [
      'a run file that is a config',
      ['compare', '--runs', broken('a.json', '{"family":"resnet"}')],
      /holds no measured run/,
    ],
    ['a run file that is no JSON', ['compare', '--runs', broken('b.json', 'nope')], /is not JSON/],
    ['a run file without times', ['compare', '--runs', broken('c.json', '{"schema":"flopscope.run/1"}')], /is wrong/],
    ['runs and models at once', ['compare', 'resnet20', '--runs', 'a.json'], /name no models/],
    ['nothing to compare', ['compare'], /nothing to compare/],
  ])('refuses %s: exit code 2, one sentence, nothing on stdout', async (_, args, message) => {
    const { out, err, code } = await capture(args);
    expect({ out, code }).toEqual({ out: '', code: 2 });
    expect(err).toMatch(message);
  });

  /** Each convolution doubles the variance, and nothing halves it: the outputs pass what a float32 holds. */
  const exploding = (): string =>
    broken(
      'exploding.yaml',
      ['input: 16x4x4', 'layers:', ...Array<string>(500).fill('  - conv: { channels: 16, kernel: 1 }')].join('\n'),
    );

  it('shows what was finished before a run failed, then why: exit code 3', async () => {
    const path = join(folder, 'until.json');
    for (const format of ['table', 'csv', 'json', 'markdown']) {
      const args = ['measure', 'resnet20', exploding(), ...SMALL.filter((text) => !/--input|3x32/.test(text))];
      const { out, err, code } = await capture([...args, '--format', format, '-o', path]);
      expect(code).toBe(3);
      expect(out).toContain('resnet20');
      expect(err).toMatch(/^error: exploding at batch 1: the output ".+" is (NaN|-?Infinity) at element/m);
      expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ schema: 'flopscope.run/1', model: 'resnet20' });
    }
  });

  it('compare --measure shows it too', async () => {
    const args = [
      'compare',
      'resnet20',
      exploding(),
      '--measure',
      '--engine',
      'wasm',
      '--sessions',
      '1',
      '--min-window',
      '0.05',
    ];
    const { out, err, code } = await capture([...args, '--no-ceilings']);
    expect(code).toBe(3);
    expect(out).toContain('1 measured run on');
    expect(err).toContain('exploding at batch 1');
  });

  it('report --measure writes the page of what was finished', async () => {
    const path = join(folder, 'until.html');
    const args = [
      'report',
      'resnet20',
      exploding(),
      '--measure',
      ...['--sessions', '1'],
      '--engine',
      'wasm',
      '--min-window',
      '0.05',
      '-o',
      path,
    ];
    const { err, code } = await capture([...args, '--no-ceilings']);
    expect(code).toBe(3);
    expect(err).toContain('exploding at batch 1');
    expect(readFileSync(path, 'utf8')).toContain('resnet20');
  });

  it('says before anything runs which of several runs cannot fit, and the batch that can', async () => {
    const { out, err, code } = await capture(['measure', 'resnet20', '--batch', '1,100000', ...SMALL]);
    expect({ out, code }).toEqual({ out: '', code: 3 });
    expect(err).toMatch(/^error: resnet20 at batch 100000: node ".+" needs a tensor of .*: use --batch \d+ or less$/m);
    expect(err).not.toContain('fault of flopscope');
  });

  it('ends within a second of an interrupt, and leaves no file behind', async () => {
    const place = mkdtempSync(join(folder, 'interrupted-'));
    const child = spawn(
      process.execPath,
      ['dist/cli.js', 'measure', 'resnet50', '--engine', 'wasm', '--no-ceilings', '-o', join(place, 'run.json')],
      { stdio: 'ignore' },
    );
    await setTimeout(2500);
    const ended = new Promise<NodeJS.Signals | null>((resolve) =>
      child.on('exit', (_, signal) => {
        resolve(signal);
      }),
    );
    child.kill('SIGINT');
    expect(await Promise.race([ended, setTimeout(1000, 'still running')])).toBe('SIGINT');
    expect(existsSync(place) && readdirSync(place)).toEqual([]);
  });
});
