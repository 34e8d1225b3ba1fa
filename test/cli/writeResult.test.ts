// Is a result whole or not there, whatever interrupts the writing? A child writes a large one and is told to stop.

import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { build } from 'esbuild';
import { beforeAll, expect, it } from 'vitest';
import { writeResult } from '../../cli/writeResult.js';

const SCRIPT = 'out/writeResult.mjs';
const MIB = 2 ** 20;

beforeAll(async () => {
  await build({
    stdin: {
      contents: `
        import { writeResult } from './cli/writeResult.js';
        const [path, size] = process.argv.slice(2);
        for (;;) await writeResult(path, new Uint8Array(Number(size)));
      `,
      resolveDir: process.cwd(),
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: SCRIPT,
    logLevel: 'silent',
  });
});

const folder = (): string => mkdtempSync(join(tmpdir(), 'flopscope-write-'));

it.each(['SIGINT', 'SIGTERM'] as const)('leaves no half file when %s comes while it writes', async (signal) => {
  const place = folder();
  const child = spawn(process.execPath, [SCRIPT, join(place, 'run.json'), String(64 * MIB)], { stdio: 'ignore' });
  const ended = new Promise((resolve) =>
    child.on('exit', (_, by) => {
      resolve(by);
    }),
  );
  while (!readdirSync(place).some((name) => name.endsWith('.part'))) await setTimeout(1);
  child.kill(signal);
  expect(await ended).toBe(signal);
  const left = readdirSync(place);
  expect(left.filter((name) => name.endsWith('.part'))).toEqual([]);
  for (const name of left) expect(statSync(join(place, name)).size).toBe(64 * MIB);
});

it('writes over an earlier result, and leaves the listeners of signals as they were', async () => {
  const path = join(folder(), 'run.json');
  writeFileSync(path, 'before');
  await writeResult(path, 'after');
  expect(readFileSync(path, 'utf8')).toBe('after');
  expect(process.listenerCount('SIGHUP')).toBe(0);
});

it('keeps the earlier result where the folder cannot be written, and names the path', async () => {
  const place = folder();
  await writeResult(join(place, 'run.json'), 'before');
  await expect(writeResult(join(place, 'no/run.json'), 'x')).rejects.toThrow(
    /no\/run\.json: cannot be written \(ENOENT\)/,
  );
  expect(readdirSync(place)).toEqual(['run.json']);
});
