// Completion scripts name every command and flag, and bash completes with the one that is written.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { capture } from '../capture.js';

const script = async (shell: string): Promise<string> => (await capture(['completion', shell])).out;

it.each(['bash', 'zsh', 'fish'])('%s: every command, its flags and the models', async (shell) => {
  const text = await script(shell);
  for (const command of ['profile', 'compare', 'study', 'calibrate', 'guidelines', 'completion'])
    expect(text).toContain(command);
  for (const flag of ['bytes-per-element', 'budget-time', 'strides', 'quiet', 'json']) expect(text).toContain(flag);
  expect(text).toContain('densenet121');
  expect(text.split('\n')[0]).toMatch(/^#/);
});

/** fish reads no script from a socket, which standard input is here. */
function inFile<T>(text: string, read: (file: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'flopscope-completion-'));
  try {
    const file = join(folder, 'script');
    writeFileSync(file, text);
    return read(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const missing = (shell: string): boolean => {
  const isMissing = spawnSync(shell, ['--version']).error !== undefined;
  if (isMissing) console.warn(`completion of ${shell} is not tried: there is no ${shell} here`);
  return isMissing && !process.env['CI'];
};
for (const [shell, flag] of [
  ['bash', '-n'],
  ['zsh', '-n'],
  ['fish', '--no-execute'],
] as const)
  it.skipIf(missing(shell))(`${shell} reads its script without a mistake`, async () => {
    const { status, stderr } = inFile(await script(shell), (file) =>
      spawnSync(shell, [flag, file], { encoding: 'utf8' }),
    );
    expect([status, stderr]).toEqual([0, '']);
  });

it('fish: tells list from device list, and offers what is below a command until it is named', async () => {
  const lines = (await script('fish')).split('\n');
  const condition = (part: string): string => /-n '([^']*)'/.exec(lines.find((one) => one.includes(part))!)![1]!;
  expect(condition('-l formats ')).toBe('__fish_seen_subcommand_from list; and not __fish_seen_subcommand_from device');
  expect(condition('-l peak-tflops ')).toBe(
    '__fish_seen_subcommand_from device; and __fish_seen_subcommand_from guess',
  );
  expect(condition("-a 'calibrate'")).toBe(
    '__fish_seen_subcommand_from device; and not __fish_seen_subcommand_from list calibrate guess',
  );
});

it.skipIf(missing('fish'))(
  'fish: models where a model may stand, and no models among the commands of device',
  async () => {
    const source = await script('fish');
    const completed = (line: string): readonly string[] => {
      const read = (file: string) => spawnSync('fish', ['--no-config', file], { encoding: 'utf8' });
      return inFile(`${source}\ncomplete -C '${line}'\n`, read).stdout.split('\n');
    };
    expect(completed('flopscope profile densenet16')).toEqual(['densenet161', 'densenet169', '']);
    expect(completed('flopscope diff --by ')).toEqual(expect.arrayContaining([expect.stringMatching(/^stage\b/)]));
    const below = completed('flopscope device ');
    expect(below).toEqual(expect.arrayContaining([expect.stringMatching(/^guess\t/)]));
    expect(below).not.toContain('resnet50');
  },
);

it('zsh: no models among the commands of device', async () => {
  const text = await script('zsh');
  const device = /^_flopscope_device\(\) \{$.*?^\}$/ms.exec(text)![0];
  expect(device).toMatch(/_describe command commands\n\s+return\n/);
});

it('zsh: takes the value of a long option behind "=", too', async () => {
  expect(await script('zsh')).toContain("'*--format=[how to print]: :(table json csv markdown latex)'");
});

it('of another shell is refused', async () => {
  const { err, code } = await capture(['completion', 'tcsh']);
  expect([code, err]).toEqual([2, expect.stringContaining('Allowed choices are bash, zsh, fish')]);
});

describe.skipIf(spawnSync('bash', ['-c', 'type compgen']).status !== 0)('bash', () => {
  const completed = async (...words: readonly string[]): Promise<readonly string[]> => {
    const folder = mkdtempSync(join(tmpdir(), 'flopscope-completion-'));
    try {
      writeFileSync(join(folder, 'script'), await script('bash'));
      const body = `source ./script; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _flopscope; printf '%s\\n' "\${COMPREPLY[@]}"`;
      const { stdout, stderr } = spawnSync('bash', ['-c', body, 'flopscope', ...words], {
        ...{ cwd: folder, encoding: 'utf8' },
      });
      expect(stderr).toBe('');
      return stdout.trim().split('\n');
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  it.each<readonly [readonly string[], readonly string[]]>([
    [['flopscope', 'recon'], ['reconcile']],
    [['flopscope', 'vovnet5'], ['vovnet57']],
    [
      ['flopscope', 'profile', 'densenet16'],
      ['densenet161', 'densenet169'],
    ],
    [['flopscope', 'profile', 'resnet18', '--form'], ['--format']],
    [
      ['flopscope', 'profile', '--format', ''],
      ['table', 'json', 'csv', 'markdown', 'latex'],
    ],
    [['flopscope', 'study', 'guide'], ['guidelines']],
    [
      ['flopscope', 'study', 'guidelines', '--widths', ''],
      ['gpu', 'arm'],
    ],
    [['flopscope', 'device', 'cal'], ['calibrate']],
    [
      ['flopscope', 'setup', 'onnx'],
      ['onnxruntime', 'onnxruntime-web'],
    ],
    [['flopscope', '--top-le'], ['']],
  ])('%j is completed as %j', async (words, wanted) => {
    expect(await completed(...words)).toEqual(wanted);
  });
});
