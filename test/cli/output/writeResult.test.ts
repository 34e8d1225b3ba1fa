// Is a result whole or not there, whatever interrupts the writing? A child writes a large one and is told to stop.

import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { build } from 'esbuild';
import { beforeAll, expect, it } from 'vitest';
import { checkWritable, writeResult } from '../../../cli/output/writeResult.js';
import { InputError } from '../../../src/inputError.js';

const SCRIPT = 'out/writeResult.mjs';
const MIB = 2 ** 20;

beforeAll(async () => {
  await build({
    stdin: {
      contents: `
        import { writeResult } from './cli/output/writeResult.js';
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

it('writes through a link to the file that it names, and leaves the link', async () => {
  const place = folder();
  writeFileSync(join(place, 'real.json'), 'before');
  symlinkSync('real.json', join(place, 'link.json'));
  await writeResult(join(place, 'link.json'), 'after');
  expect(readFileSync(join(place, 'real.json'), 'utf8')).toBe('after');
  expect(readlinkSync(join(place, 'link.json'))).toBe('real.json');
  expect(readdirSync(place).sort()).toEqual(['link.json', 'real.json']);
});

it('puts no file in the place of a device, a pipe or a directory', async () => {
  const pipe = join(folder(), 'pipe');
  execFileSync('mkfifo', [pipe]);
  for (const path of ['/dev/null', pipe]) {
    await expect(checkWritable(path)).rejects.toThrow(/is a device or a pipe, not a file/);
    await expect(writeResult(path, 'x')).rejects.toThrow(InputError);
    expect(statSync(path).isFile()).toBe(false);
  }
  await expect(writeResult(folder(), 'x')).rejects.toThrow(/is a directory; name a file/);
});
