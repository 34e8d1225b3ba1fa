// REVISION:FILE reads what git holds: from the current folder, with files beside it, and with a sentence for all else.

import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { atRevision, fileAtRevision } from '../../src/files/gitFile.js';
import { modelNamed, modelsNamed } from '../../src/files/modelNamed.js';
import { profileOf } from '../../src/model.js';

let folder = '';
const start = process.cwd();
const git = (...args: readonly string[]): string =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd: folder, encoding: 'utf8' });
const net = (channels: number): string =>
  `input: 3x8x8\nlayers:\n  - { conv: { channels: ${channels}, kernel: 3, padding: 1, bias: false }, name: first }\n`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'flopscope-git-'));
  git('init', '--quiet', '--initial-branch=main');
  mkdirSync(join(folder, 'nets'));
  mkdirSync(join(folder, 'empty'));
  writeFileSync(join(folder, 'nets/net.yaml'), net(4));
  writeFileSync(join(folder, 'nets/beside.bin'), 'weights');
  writeFileSync(join(folder, 'empty/none.txt'), '');
  writeFileSync(
    join(folder, 'nets/large.onnx'),
    'version https://git-lfs.github.com/spec/v1\noid sha256:0123\nsize 12345\n',
  );
  copyFileSync(join(start, 'fixtures/files/tiny.cfg'), join(folder, 'a:b.cfg'));
  git('add', '.');
  git('commit', '--quiet', '-m', 'one');
  git('tag', 'v1');
  writeFileSync(join(folder, 'nets/net.yaml'), net(8));
  git('commit', '--quiet', '-am', 'two');
  process.chdir(folder);
});
afterAll(() => {
  process.chdir(start);
  rmSync(folder, { recursive: true });
});

const paramsOf = async (name: string): Promise<number> => profileOf(await modelNamed(name)).totals.params;

describe('a name', () => {
  it.each<[string, ReturnType<typeof atRevision>]>([
    ['main:net.yaml', { revision: 'main', path: 'net.yaml' }],
    ['HEAD@{1}:a/net.onnx', { revision: 'HEAD@{1}', path: 'a/net.onnx' }],
    ['C:net.yaml', undefined],
    ['https://host/net.onnx', undefined],
    ['net.yaml', undefined],
  ])('%s', (name, expected) => {
    expect(atRevision(name)).toEqual(expected);
  });
});

describe('modelNamed', () => {
  it('reads the version of a revision, however it is named', async () => {
    const now = 3 * 9 * 8;
    expect(await paramsOf('nets/net.yaml')).toBe(now);
    for (const revision of ['v1', 'HEAD~1', 'main^', git('rev-parse', 'v1').trim()])
      expect(await paramsOf(`${revision}:nets/net.yaml`), revision).toBe(now / 2);
    expect(await paramsOf('HEAD:nets/net.yaml')).toBe(now);
  });

  it('takes the path from the current folder, and else from the root', async () => {
    process.chdir(join(folder, 'nets'));
    try {
      for (const path of ['net.yaml', './net.yaml', 'nets/net.yaml', '../nets/net.yaml', join(folder, 'nets/net.yaml')])
        expect(await paramsOf(`v1:${path}`), path).toBe(3 * 9 * 4);
    } finally {
      process.chdir(folder);
    }
  });

  it('gives both versions of a file names of their own', async () => {
    const [before, after] = await modelsNamed(['v1:nets/net.yaml', 'nets/net.yaml']);
    expect([before!.name, after!.name]).toEqual(['v1:nets/net.yaml', 'nets/net.yaml']);
  });

  it('a file whose name has a colon is that file, and a detector with fields a detector', async () => {
    expect((await modelNamed('a:b.cfg')).source).toBe('darknet');
    await expect(modelNamed('dsod300:width=2@nothing.yaml')).rejects.toThrow(/nothing\.yaml|width/);
  });

  it('gives the files beside it as they were', () => {
    const { beside } = fileAtRevision('v1:nets/net.yaml', { revision: 'v1', path: 'nets/net.yaml' });
    expect(new TextDecoder().decode(beside!('beside.bin')!.read(0, 7))).toBe('weights');
    expect(beside!('absent.bin')).toBeUndefined();
  });
});

describe('what cannot be had is one sentence', () => {
  it.each<[string, RegExp]>([
    [
      'nowhere:nets/net.yaml',
      /^nowhere:nets\/net\.yaml: there is no revision nowhere here; where the clone is shallow/,
    ],
    ['v1:nets/other.yaml', /^v1:nets\/other\.yaml: v1 has no file nets\/other\.yaml; git ls-tree/],
    ['v1:./empty', /it is a folder without saved_model\.pb/],
    ['--output=x:nets/net.yaml', /--output=x is no revision: it starts with a dash/],
    ['v1:nets/large.onnx', /git holds a pointer of Git LFS and not the file/],
  ])('%s', async (name, message) => {
    await expect(modelNamed(name)).rejects.toThrow(message);
    await expect(modelNamed(name)).rejects.toMatchObject({ name: 'InputError' });
  });

  it('a folder that is in no repository', async () => {
    const other = mkdtempSync(join(tmpdir(), 'flopscope-bare-'));
    process.chdir(other);
    try {
      await expect(modelNamed('main:net.yaml')).rejects.toThrow('this folder is in no git repository: name two files');
    } finally {
      process.chdir(folder);
      rmSync(other, { recursive: true });
    }
  });

  it('a machine without git', async () => {
    vi.stubEnv('PATH', '/nowhere');
    try {
      await expect(modelNamed('main:net.yaml')).rejects.toThrow('git, which is not on the PATH: install git');
    } finally {
      vi.unstubAllEnvs();
    }
  });
});
