// A command that measures works in a process of its own: only what flopscope says reaches stderr.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { isMeasuring } from '../../../cli/measuring/isMeasuring.js';

const CLI = 'dist/cli.js';
const SHORT = ['--input', '3x32x32', '--windows', '2', '--min-window', '0.02', '--no-ceilings'];

it.each([
  [['measure', 'resnet18'], true],
  [['device', 'calibrate', '-o', 'x.json'], true],
  [['device', 'list'], false],
  [['--debug', 'guidelines', '--measure'], true],
  [['guidelines'], false],
  [['report', 'resnet18', '--measure'], true],
  [['report', 'resnet18'], false],
  [['profile', 'measure'], false],
  [['study', 'osa', '--measure'], true],
  [['study', 'osa'], false],
  [['study', 'memory'], false],
  [['explain', 'resnet18'], true],
  [['explain', '--times', 'times.csv'], false],
  [['explain', '--runs=run.json'], false],
  [[], false],
])('%j opens engines: %s', (args, measures) => {
  expect(isMeasuring(args)).toBe(measures);
});

it('shows its result, its progress as plain lines, and nothing of a library', () => {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [CLI, 'measure', 'resnet20', '--engine', 'wasm', ...SHORT, '--format', 'json'],
    { encoding: 'utf8' },
  );
  expect(status).toBe(0);
  expect((JSON.parse(stdout) as { engine: string }).engine).toBe('wasm');
  const lines = stderr.trim().split('\n');
  expect(lines[0]).toBe('0 % done, session 1');
  expect(lines.every((line) => /^\d+ % done, /.test(line))).toBe(true);
});

it('is silent with --quiet, but for errors', () => {
  const call = (...args: readonly string[]) =>
    spawnSync(process.execPath, [CLI, 'measure', ...args, ...SHORT, '--quiet'], { encoding: 'utf8' });
  expect(call('resnet20', '--engine', 'auto')).toMatchObject({ status: 0, stderr: '' });
  const failed = call('nosuch');
  expect(failed.status).toBe(2);
  expect(failed.stderr).toMatch(/^error: there is no built-in model "nosuch".*\n$/);
});

it('ends with the signal that it got', async () => {
  const child = spawn(process.execPath, [CLI, 'measure', 'resnet50', '--engine', 'wasm', '--windows', '50'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await once(child.stderr, 'data');
  child.kill('SIGINT');
  expect(await once(child, 'exit')).toEqual([null, 'SIGINT']);
});
