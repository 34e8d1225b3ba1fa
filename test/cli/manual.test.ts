// Are the manual pages whole: a page for each command, every option in it, and roff that groff takes?

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { manualPages } from '../../cli/help/manual.js';
import { commandsBelow } from '../../cli/help/texts.js';
import { program } from '../../cli/program.js';
import { plainLook } from '../../cli/screen.js';

const pages = manualPages();
const root = program({ out: () => undefined, err: () => undefined, look: plainLook, progress: 'none' });

it('there is one of each command, the package names them, and the build has written them', () => {
  const names = commandsBelow(root).flatMap((command) => [
    command.name(),
    ...commandsBelow(command).map((one) => `${command.name()}-${one.name()}`),
  ]);
  expect([...pages.keys()]).toEqual(['flopscope.1', ...names.map((name) => `flopscope-${name}.1`)]);
  const { man } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly man: readonly string[] };
  expect([...man].sort()).toEqual([...pages.keys()].map((name) => `dist/man/${name}`).sort());
  if (existsSync('dist/man')) expect(readdirSync('dist/man').sort()).toEqual([...pages.keys()].sort());
});

it('the page of the program lists every command, and the exit codes', () => {
  const page = pages.get('flopscope.1')!;
  for (const command of commandsBelow(root).filter((one) => one.name() !== 'diagnose'))
    expect(page).toContain(`.B flopscope ${command.name()}\n`);
  expect(page).toContain('.B flopscope MODEL\n');
  expect(page).toContain('.SH "EXIT STATUS"');
});

it('how networks are run is described by the page of measure alone', () => {
  expect(pages.get('flopscope-measure.1')).toContain('inferences before the first timed one');
  const compare = pages.get('flopscope-compare.1')!;
  expect(compare).not.toContain('inferences before');
  expect(compare).toContain('as in flopscope\\-measure(1): \\-\\-engine');
  expect(compare).toContain('Defaults here: \\-\\-min\\-window 0.5, \\-\\-sessions 5.');
});

it('names no folder of the machine that built it', () => {
  for (const page of pages.values()) expect(page).not.toContain(homedir());
});

describe.skipIf(spawnSync('groff', ['--version']).status !== 0)('groff', () => {
  it.each([...pages])('takes %s without a warning', (_, text) => {
    const { status, stderr, stdout } = spawnSync('groff', ['-man', '-Tascii', '-ww'], {
      input: text,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout.length).toBeGreaterThan(500);
  });
});
