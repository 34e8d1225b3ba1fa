// bench/selfComparison.ts: it runs `flopscope compare --measure` itself, with the flags that it is given.

import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';

const FOLDER = 'out/bench/self-test';

beforeAll(() =>
  build({
    ...{ entryPoints: ['bench/selfComparison.ts'], outdir: FOLDER, bundle: true, packages: 'external' },
    ...{ platform: 'node', format: 'esm', logLevel: 'warning' },
  }),
);
afterAll(() => {
  rmSync(FOLDER, { recursive: true, force: true });
});

const run = (...args: readonly string[]) =>
  spawnSync(process.execPath, [`${FOLDER}/selfComparison.js`, ...args], { encoding: 'utf8' });

it('prints a sentence for each comparison, and how often the network was called different', () => {
  const flags = ['--engine', 'wasm', '--sessions=3', '--windows', '3', '--min-window', '0.02', '--no-ceilings'];
  const { stdout } = run('--times', '2', ...flags);
  const lines = stdout.trimEnd().split('\n');
  expect(lines).toHaveLength(3);
  for (const line of lines.slice(0, 2)) expect(line).toMatch(/^ {2}[12] {2}\d+\.\d\dx \(\d.*(slower|faster|: .+)$/);
  const different = lines.slice(0, 2).filter((line) => /(slower|faster)$/.test(line)).length;
  expect(lines[2]).toMatch(
    new RegExp(
      `^${different} of 2 comparisons of resnet20 with itself were called different \\(3 sessions of 3 windows of 0.02 s, engine wasm; load `,
    ),
  );
});

it('ends with the error of the command', () => {
  expect(run('--network', 'resnet21', '--times', '1')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('resnet21') as unknown,
  });
});
