// Does setting up TensorFlow explain, refuse and fail in one sentence, and end in an engine that passes the suite?

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { reasonIn } from '../../../cli/commands/setup/tool.js';
import { tensorflowHome } from '../../../src/engines/tensorflowHome.js';
import { engineSuite } from '../../engines/suite.js';
import { fakeSmi, gpuLine, smiWith } from '../../nvidia/smi.js';
import { capture } from '../capture.js';

describe('setup tensorflow', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'flopscope-setup-'));
    vi.stubEnv('FLOPSCOPE_HOME', join(folder, 'home'));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  function fakeProgram(name: string, script: string): void {
    mkdirSync(join(folder, 'bin'), { recursive: true });
    writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, 'bin', name), 0o755);
    vi.stubEnv('PATH', [join(folder, 'bin'), process.env['PATH']].join(delimiter));
  }

  function fakeWheel(): string {
    const tensorflow = join(folder, 'shapedNode-packages/tensorflow');
    mkdirSync(join(tensorflow, 'include/tensorflow/c'), { recursive: true });
    for (const file of ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2', 'include/tensorflow/c/c_api.h'])
      writeFileSync(join(tensorflow, file), '');
    return join(folder, 'shapedNode-packages');
  }

  const leftBehind = (): readonly string[] => readdirSync(join(folder, 'home'));

  it('explains both routes when none is chosen, and does nothing', async () => {
    const { out, code } = await capture(['setup', 'tensorflow']);
    expect(code).toBe(0);
    expect(out).toContain('--from-pip [DIR]');
    expect(out).toContain('--package');
    expect(out).toContain(join(folder, 'home/tensorflow'));
    expect(readdirSync(folder)).toEqual([]);
  });

  it('names in its help what each engine takes on disk, and where', async () => {
    const { out, code } = await capture(['setup', 'onnxruntime', '--help']);
    expect(code).toBe(0);
    expect(out).toContain(`onnxruntime-node 1.30.0 (290 MB on disk) in\n  ${join(folder, 'home/onnxruntime')}`);
    expect(out).toContain(join(folder, 'home/tensorflow'));
  });

  it('refuses two routes at once, and engines that need no set-up', async () => {
    expect(await capture(['setup', 'tensorflow', '--package', '--from-pip'])).toMatchObject({ code: 2, out: '' });
    expect(await capture(['setup', 'wasm'])).toMatchObject({ code: 2, out: '' });
  });

  it('names a folder that has no TensorFlow, and what to name instead', async () => {
    const { err, code } = await capture(['setup', 'tensorflow', '--from-pip', folder]);
    expect(code).toBe(2);
    expect(err).toContain(`${folder}: has no libtensorflow_cc.so.2 with its headers`);
    expect(err).toContain('pip show tensorflow');
    expect(leftBehind()).toEqual([]);
  });

  it('says why pip gives no wheel, and leaves nothing behind', async () => {
    fakeProgram(
      'python3',
      'echo "ERROR: Could not find a version that satisfies the requirement tensorflow-cpu (from versions: none)" >&2; echo "ERROR: No matching distribution found for tensorflow-cpu" >&2; exit 1',
    );
    const { err, code } = await capture(['setup', 'tensorflow', '--from-pip']);
    expect(code).toBe(3);
    expect(err).toContain('pip could not give the wheel: No matching distribution found for tensorflow-cpu');
    expect(leftBehind()).toEqual([]);
  });

  it('ends within a second of an interrupt, with what it called, and leaves nothing behind', async () => {
    fakeProgram('python3', 'while true; do mkdir -p "$5/half"; echo more >> "$5/half/file"; sleep 0.02; done');
    const child = spawn(process.execPath, ['dist/cli.js', 'setup', 'tensorflow', '--from-pip'], { stdio: 'ignore' });
    const half = (): boolean =>
      existsSync(join(folder, 'home')) &&
      readdirSync(join(folder, 'home'), { recursive: true }).some((name) => String(name).endsWith('half/file'));
    while (!half()) await setTimeout(20);
    const ended = once(child, 'exit');
    child.kill('SIGINT');
    expect(await Promise.race([ended, setTimeout(1000, 'still running')])).toEqual([130, null]);
    await setTimeout(300);
    expect(leftBehind()).toEqual([]);
  });

  it('asks pip for CUDA where there is an NVIDIA GPU', async () => {
    fakeSmi(smiWith(gpuLine(0, 'NVIDIA H100')));
    fakeProgram('python3', 'echo "ERROR: asked for $*"; exit 1');
    const { err } = await capture(['setup', 'tensorflow', '--from-pip']);
    expect(err).toMatch(/asked for -m pip install .*tensorflow\[and-cuda\]/);
    expect(err).not.toContain('--no-deps');
  });

  it('keeps of onnxruntime-web what the studio serves', async () => {
    const dist = 'node_modules/onnxruntime-web/dist';
    const files = ['ort.min.js', 'ort-wasm-simd-threaded.asyncify.mjs', 'ort-wasm-simd-threaded.asyncify.wasm'];
    fakeProgram(
      'npm',
      `mkdir -p ${dist} node_modules/long && touch ${files.map((file) => `${dist}/${file}`).join(' ')}`,
    );
    const { out, err, code } = await capture(['setup', 'onnxruntime-web']);
    expect([code, err]).toEqual([0, expect.stringContaining('npm fetches onnxruntime-web 1.30.0, 27 MB') as string]);
    expect(out).toContain(`It is in ${join(folder, 'home/onnxruntime-web')}`);
    const modules = join(folder, 'home/onnxruntime-web/node_modules');
    expect(readdirSync(modules)).toEqual(['onnxruntime-web']);
    expect(readdirSync(join(modules, 'onnxruntime-web/dist')).sort()).toEqual(files.slice(1));
    expect(leftBehind()).toEqual(['onnxruntime-web']);
  });

  it('keeps no package that npm gave by halves, and refuses routes that it does not have', async () => {
    fakeProgram('npm', 'mkdir -p node_modules/onnxruntime-web/dist');
    const { err, code } = await capture(['setup', 'onnxruntime-web']);
    expect([code, err]).toEqual([3, expect.stringContaining('its WebAssembly is not in the package') as string]);
    expect(leftBehind()).toEqual([]);
    expect((await capture(['setup', 'webgpu', '--from-pip'])).err).toContain('webgpu needs none');
  });

  it('says why npm gives no tfjs-node', async () => {
    fakeProgram('npm', 'echo "npm error code E404" >&2; echo "npm error 404 Not Found - tfjs-node" >&2; exit 1');
    const { err, code } = await capture(['setup', 'tensorflow', '--from-pip', fakeWheel()]);
    expect(code).toBe(3);
    expect(err).toContain('npm could not give @tensorflow/tfjs-node: 404 Not Found - tfjs-node');
  });

  it('says that there is no compiler', async () => {
    fakeProgram('npm', 'exit 0');
    vi.stubEnv('CXX', 'no-such-compiler');
    const { err, code } = await capture(['setup', 'tensorflow', '--from-pip', fakeWheel()]);
    expect(code).toBe(3);
    expect(err).toContain(
      'the addon could not be compiled: no-such-compiler is not on the PATH; install a C++ compiler',
    );
  });

  it('does not keep a set-up that computes nothing', async () => {
    fakeProgram('npm', 'exit 0');
    vi.stubEnv('CXX', 'true');
    const { err, code } = await capture(['setup', 'tensorflow', '--from-pip', fakeWheel()]);
    expect(code).toBe(3);
    expect(err).toContain('TensorFlow was set up, but ');
    expect(leftBehind()).toEqual([]);
  });

  it('--package passes on that the download failed', async () => {
    fakeProgram(
      'npm',
      'echo "npm error Error: getaddrinfo ENOTFOUND libraries.invalid" >&2; echo "npm error A complete log of this run can be found in: /tmp/log" >&2; exit 1',
    );
    const { err, code } = await capture(['setup', 'tensorflow', '--package']);
    expect(code).toBe(3);
    expect(err).toContain(
      '@tensorflow/tfjs-node could not be installed: Error: getaddrinfo ENOTFOUND libraries.invalid',
    );
  });
});

it('the reason is the network where it was the network, else the last error', () => {
  expect(reasonIn('a\nnpm error connect ECONNREFUSED 127.0.0.1:1\nerror: at last')).toBe(
    'connect ECONNREFUSED 127.0.0.1:1',
  );
  expect(reasonIn('first\nx.cc:1: fatal error: no header\n1 note\n')).toBe('x.cc:1: fatal error: no header');
  expect(reasonIn('\n')).toBeUndefined();
});

/** What a network may refuse; anything else that goes wrong is a fault of ours. */
const NOT_GIVEN = /(pip|npm) could not give[^]*/;

const alreadyThere = existsSync(join(tensorflowHome(), 'package.json'));

if (process.env['CI'] === undefined) it.skip('the real set-up, skipped: it takes 1 GB; CI=1 runs it', () => undefined);
else if (alreadyThere) it.skip('the real set-up, skipped: it was done before, see tensorflow.test.ts', () => undefined);
else {
  const home = mkdtempSync(join(tmpdir(), 'flopscope-home-'));
  process.env['FLOPSCOPE_HOME'] = home;
  afterAll(() => {
    rmSync(home, { recursive: true });
  });
  const { out, err, code } = await capture(['setup', 'tensorflow', '--from-pip']);
  const refused = NOT_GIVEN.exec(err);
  if (refused) {
    console.log(`tensorflow engine suite skipped: ${refused[0].split('\n')[0]!}`);
    it.skip(`tensorflow from pip, skipped: ${refused[0].split('\n')[0]!}`, () => undefined);
  } else {
    it('sets up a TensorFlow from pip and runs a convolution on it', () => {
      expect({ err, code }).toMatchObject({ code: 0 });
      expect(out).toMatch(/^tensorflow works .*: a convolution ran on the [CG]PU, .*, off by \d/);
    });
    if (code === 0) await engineSuite('tensorflow');
  }
}
