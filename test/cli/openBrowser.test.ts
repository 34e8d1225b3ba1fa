// Does --open give the page to the system's browser, and say what to do where there is none?

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { capture } from './capture.js';

const folder = mkdtempSync(join(tmpdir(), 'flopscope-open-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const seen = join(folder, 'seen');

/** A folder of programs in which xdg-open is this script. */
function programs(name: string, script: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  writeFileSync(join(path, 'xdg-open'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(path, 'xdg-open'), 0o755);
  return path;
}

const report = join(folder, 'r.html');
const reported = (path: string): ReturnType<typeof spawnSync> =>
  spawnSync(process.execPath, ['dist/cli.js', 'report', 'resnet18', '-o', report, '--open'], {
    ...{ encoding: 'utf8', env: { ...process.env, PATH: path } },
  });

describe.skipIf(process.platform !== 'linux')('--open', () => {
  const works = programs('works', `printf '%s' "$1" > '${seen}'`);

  it('report: the page that was written', () => {
    const { status, stderr } = reported(works);
    expect([status, stderr]).toEqual([0, '']);
    expect(readFileSync(seen, 'utf8')).toBe(`file://${report}`);
  });

  it.each([
    ['no opener', join(folder, 'nowhere'), 'xdg-open is not installed'],
    ['an opener without a browser', programs('fails', 'exit 3'), 'xdg-open found none'],
  ])('report: %s is a sentence, and the page is there', (_, path, why) => {
    rmSync(report, { force: true });
    const { status, stderr } = reported(path);
    expect([status, stderr]).toEqual([0, `No browser could be opened (${why}): open the link yourself.\n`]);
    expect(existsSync(report)).toBe(true);
  });

  it('report: Markdown is no page', async () => {
    const { err, code } = await capture(['report', 'resnet18', '-o', join(folder, 'r.md'), '--open']);
    expect([code, err]).toEqual([2, expect.stringContaining('--open opens a page, and Markdown is none')]);
  });

  it('studio: the address that it prints', async () => {
    const address = join(folder, 'address');
    const path = programs('studio', `printf '%s' "$1" > '${address}'`);
    const env = { ...process.env, PATH: [path, dirname(process.execPath), '/bin', '/usr/bin'].join(delimiter) };
    const child = spawn(process.execPath, ['dist/cli.js', 'studio', '--open'], {
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [text] = (await once(child.stdout, 'data')) as [Buffer];
    while (!existsSync(address) || readFileSync(address, 'utf8') === '')
      await new Promise((resolve) => setTimeout(resolve, 50));
    child.kill('SIGINT');
    await once(child, 'exit');
    expect(readFileSync(address, 'utf8')).toBe(text.toString().trim());
  });
});
