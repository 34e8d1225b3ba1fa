// Does a run on a GPU have the power of that very GPU? A TensorFlow that says it uses one, and a nvidia-smi that knows two.

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Run } from '../../src/measure/run.js';
import { fakeSmi, gpuLine, smiWith, uuidOf } from '../nvidia/smi.js';
import { capture } from './capture.js';

const require = createRequire(import.meta.url);

/** tfjs's cpu backend under the name of TensorFlow's: it blocks the host while it works, as tfjs-node does. */
const TFJS_NODE = `
const tf = require(${JSON.stringify(require.resolve('@tensorflow/tfjs-core'))});
const { MathBackendCPU } = require(${JSON.stringify(require.resolve('@tensorflow/tfjs-backend-cpu'))});
if (!tf.engine().backendNames().includes('tensorflow')) {
  tf.registerBackend('tensorflow', () =>
    Object.assign(new MathBackendCPU(), { isUsingGpuDevice: true, binding: { TF_Version: '2.99.0' } }));
  tf.copyRegisteredKernels('cpu', 'tensorflow');
}
module.exports = tf;
`;

beforeEach(() => {
  const home = mkdtempSync(join(tmpdir(), 'flopscope-energy-'));
  const place = join(home, 'tensorflow/node_modules/@tensorflow/tfjs-node');
  mkdirSync(place, { recursive: true });
  writeFileSync(join(home, 'tensorflow/package.json'), '{}');
  writeFileSync(join(place, 'package.json'), '{ "name": "@tensorflow/tfjs-node", "version": "4.22.0" }');
  writeFileSync(join(place, 'index.js'), TFJS_NODE);
  vi.stubEnv('FLOPSCOPE_HOME', home);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const TWO = [gpuLine(0, 'NVIDIA A10'), gpuLine(1, 'NVIDIA T4')];
/** A small image: what takes time is the window, in which power is sampled. */
const SMALL = ['--input', '3x8x8', '--min-window', '0.2', '--no-ceilings'];
const ARGS = ['--engine', 'tensorflow', ...SMALL, '--format', 'json'];
const measured = async (): Promise<Run> => {
  const { out, err, code } = await capture(['measure', 'resnet20', ...ARGS]);
  expect({ err, code }).toEqual({ err: '', code: 0 });
  return JSON.parse(out) as Run;
};

describe('measure on a GPU', () => {
  it('names the GPU that CUDA was given, with its driver, and has the joules of that one', async () => {
    fakeSmi(smiWith(...TWO));
    vi.stubEnv('CUDA_VISIBLE_DEVICES', uuidOf(1));
    const { device, energy, noEnergy, imagesPerSecond } = await measured();
    expect(device).toEqual({ kind: 'gpu', vendor: 'nvidia', name: 'NVIDIA T4', software: false, driver: '550.54.14' });
    expect(noEnergy).toBeNull();
    expect(energy!.meter).toContain(`GPU 1, NVIDIA T4 (${uuidOf(1)})`);
    expect(energy).toMatchObject({ idleWatts: 250.5, idleHow: 'the last 2 s before anything ran in this session' });
    expect(energy!.meanWatts).toBeCloseTo(250.5);
    expect(energy!.joulesPerImage * imagesPerSecond).toBeGreaterThan(0.8 * 250.5);
    expect(energy!.samples).toBeGreaterThan(5);
  });

  it('says below the table whose power it is', async () => {
    fakeSmi(smiWith(gpuLine(0, 'NVIDIA T4')));
    const { out } = await capture(['measure', 'resnet20', ...ARGS.slice(0, -2)]);
    expect(out).toContain('1 measured run on NVIDIA T4 (tensorflow)');
    expect(out).toContain(`GPU 0, NVIDIA T4 (${uuidOf(0)}); its idle power, 251 W (the last 2 s before`);
  });

  it.each<[string, string, RegExp]>([
    ['does not say which of two GPUs it was', smiWith(...TWO), /set CUDA_DEVICE_ORDER=PCI_BUS_ID/],
    [
      'tells no power',
      smiWith(gpuLine(0, 'NVIDIA T4', { power: '[N/A]', instant: '[N/A]' })),
      /NVIDIA T4 does not tell its power/,
    ],
    ['prints nonsense', 'echo nonsense', /not understood: nonsense/],
    [
      'dies in the middle',
      smiWith(gpuLine(0, 'NVIDIA T4')).replace('while true;', 'for i in 1 2 3 4 5;'),
      /fell silent before the run ended/,
    ],
    [
      'has another clock',
      smiWith(gpuLine(0, 'NVIDIA T4')).replace("date '", "date -d '-200 seconds' '"),
      /timestamps are \d+ s off this machine's clock/,
    ],
  ])('has no joules, and says why, where nvidia-smi %s', async (_, script, reason) => {
    fakeSmi(script);
    const { energy, noEnergy } = await measured();
    expect(energy).toBeNull();
    expect(noEnergy).toMatch(reason);
  });
}, 60_000);
