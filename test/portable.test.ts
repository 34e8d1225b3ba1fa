// Does the portable archive run where there is nothing? Unpacked into a root of its own with a shell and glibc, no PATH, no environment.

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DoctorReport } from '../src/doctor.js';
import { gpuLine } from './nvidia/smi.js';

const ARCHIVES = 'out/portable';
const LIBRARIES = '/lib/x86_64-linux-gnu';
/** All that a program of this Node needs of a system, but for the C++ runtime, which comes along. */
const GLIBC = ['libc.so.6', 'libm.so.6', 'libdl.so.2', 'libpthread.so.0', 'librt.so.1'];
const CHROMIUM = '/usr/lib/chromium/libvk_swiftshader.so';

const skipped = reasonToSkip();
if (skipped !== undefined) it.skip(`the portable archive, skipped: ${skipped}`, () => undefined);
else
  describe('the portable archive', () => {
    let root: string;
    let archive: string;

    beforeAll(() => {
      const packed = spawnSync(process.execPath, ['scripts/portable/pack.js'], { encoding: 'utf8' });
      expect(packed).toMatchObject({ status: 0, stderr: '' });
      archive = join(
        ARCHIVES,
        readdirSync(ARCHIVES).find((name) => name.includes('.tar.'))!,
      );
      root = bareRoot();
      spawnSync('tar', ['-C', join(root, 'opt'), '-xf', archive]);
    }, 600_000);
    afterAll(() => {
      rmSync(root, { recursive: true, force: true });
    });

    /** Runs it in the bare root, from a folder that is not its own. */
    function flopscope(...args: readonly string[]): { out: string; err: string; code: number | null } {
      const [name] = readdirSync(join(root, 'opt'));
      const script = `cd /work && exec /opt/${name!}/flopscope "$@"`;
      const { stdout, stderr, status } = spawnSync('/usr/sbin/chroot', [root, '/bin/sh', '-c', script, 'sh', ...args], {
        env: {},
        encoding: 'utf8',
      });
      return { out: stdout, err: stderr, code: status };
    }

    it('has less than 64 MiB', () => {
      expect(statSync(archive).size).toBeLessThan(64 * 2 ** 20);
    });

    it('says its version and profiles', () => {
      expect(flopscope('--version')).toMatchObject({ code: 0, err: '' });
      const { out, code } = flopscope('profile', 'densenet121', '--format', 'json');
      expect(code).toBe(0);
      expect((JSON.parse(out) as { totals: { multAdds: number } }).totals.multAdds).toBe(2_834_161_664);
    });

    // One diagnosis starts every engine: it finds what containers put there, too.
    it('finds its engines, its renderer with letters, and the nvidia-smi and Vulkan driver of containers', () => {
      const bin = join(root, 'usr/local/nvidia/bin');
      mkdirSync(bin, { recursive: true });
      const script = `#!/bin/sh\necho '${gpuLine(0, 'NVIDIA H100 80GB HBM3')}'\n`;
      writeFileSync(join(bin, 'nvidia-smi'), script, { mode: 0o755 });
      const drivers = join(root, 'usr/local/nvidia/lib64');
      mkdirSync(drivers, { recursive: true });
      // SwiftShader plays NVIDIA's driver: what is proven is how a driver is found, and that our Vulkan loader loads it.
      if (existsSync(CHROMIUM)) cpSync(CHROMIUM, join(drivers, 'libEGL_nvidia.so.0'));

      const { engines, renderers, nvidia } = JSON.parse(flopscope('doctor', '--format', 'json').out) as DoctorReport;
      for (const name of ['onnxruntime', 'wasm', 'cpu'])
        expect(engines.find((engine) => engine.name === name)).toMatchObject({ works: true, problem: null });
      // The build carries the letters; there is no font in the root.
      const works = existsSync('dist/fonts');
      expect(renderers.find(({ name }) => name === '@napi-rs/canvas')).toMatchObject({ works, version: '1.0.11' });
      expect(nvidia).toMatchObject({ problem: null, gpus: [{ name: 'NVIDIA H100 80GB HBM3', watts: 68.91 }] });
      if (existsSync(CHROMIUM))
        expect(engines.find(({ name }) => name === 'webgpu')).toMatchObject({
          works: true,
          device: { software: true },
        });
    });

    it.each(['onnxruntime', 'wasm'])('measures on %s', (engine) => {
      const flags = ['--engine', engine, '--windows', '2', '--min-window', '0.1', '--no-ceilings', '--format', 'json'];
      const { out, err, code } = flopscope('measure', 'resnet20', ...flags);
      expect(code, err).toBe(0);
      expect(JSON.parse(out)).toMatchObject({ model: 'resnet20', engine });
    });

    it('brings ONNX Runtime of this system alone, with its licence, and the script for a GPU', () => {
      const [name] = readdirSync(join(root, 'opt'));
      const inside = (path: string): string => join(root, 'opt', name!, path);
      expect(readdirSync(inside('node_modules/onnxruntime-node/bin/napi-v6'))).toEqual(['linux']);
      expect(readdirSync(inside('node_modules/onnxruntime-node/bin/napi-v6/linux'))).toEqual(['x64']);
      for (const file of ['node_modules/onnxruntime-node/LICENSE', 'measure-gpu.sh', 'pytorch.py'])
        expect(existsSync(inside(file)), file).toBe(true);
    });
  });

function reasonToSkip(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'it is made for linux x64';
  if (process.env['CI'] === undefined) return 'packing takes a minute; CI=1 runs it';
  if (process.getuid?.() !== 0 || !existsSync('/usr/sbin/chroot')) return 'only root can enter a root of its own';
  if (!existsSync(join(LIBRARIES, 'libc.so.6'))) return `there is no glibc in ${LIBRARIES}`;
  return undefined;
}

function bareRoot(): string {
  const root = mkdtempSync(join(tmpdir(), 'flopscope-bare-'));
  for (const folder of ['bin', 'dev', 'lib64', 'opt', 'tmp', 'work', LIBRARIES])
    mkdirSync(join(root, folder), { recursive: true });
  const copy = (path: string): void => {
    cpSync(path, join(root, path), { dereference: true });
  };
  copy('/bin/sh');
  copy('/lib64/ld-linux-x86-64.so.2');
  for (const name of GLIBC) copy(join(LIBRARIES, name));
  spawnSync('mknod', ['-m', '666', join(root, 'dev/null'), 'c', '1', '3']);
  return root;
}
