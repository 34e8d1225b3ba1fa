// Is the power read from the GPU that does the work? Every doubt is a reason, never another GPU's watts.

import { describe, expect, it } from 'vitest';
import { cudaDevice, cudaHeap, multipliesInTf32 } from '../../src/engines/cudaDevice.js';
import { cudaGpu, gpuOf, type Match, type Named } from '../../src/nvidia/gpuOf.js';
import { readGpus, type NvidiaGpu } from '../../src/nvidia/gpus.js';
import { gpuLine, uuidOf } from './smi.js';

const FIELDS =
  'index,uuid,pci.bus_id,name,driver_version,memory.total,power.draw,mig.mode.current,compute_cap,power.draw.instant'.split(
    ',',
  );
const reportOf = (...lines: readonly string[]) => readGpus(lines, FIELDS);
const gpus = (...names: readonly string[]): readonly NvidiaGpu[] =>
  reportOf(...names.map((name, i) => gpuLine(i, name))).gpus;

const webgpu = (name: string): Named => ({ kind: 'gpu', vendor: 'nvidia', name, software: false });
const indexOf = (match: Match): number | string => ('gpu' in match ? match.gpu.index : match.reason);

describe('gpuOf, by name', () => {
  const found = (name: string, ...names: readonly string[]) =>
    indexOf(gpuOf(webgpu(name), false, { gpus: gpus(...names), problem: null }));

  it('finds the GPU that WebGPU names in its own spelling', () => {
    expect(found('nvidia-h100-80gb-hbm3', 'NVIDIA T4', 'NVIDIA H100 80GB HBM3')).toBe(1);
    expect(found('nvidia-geforce-rtx-3080-ti', 'NVIDIA GeForce RTX 3080 (Ti)')).toBe(0);
  });

  it('takes no other GPU where the name is not there', () => {
    expect(found('nvidia-h100', 'NVIDIA T4')).toBe('nvidia-smi knows no nvidia-h100: it lists NVIDIA T4');
  });

  it('gives up where several have the name', () => {
    expect(found('nvidia-t4', 'NVIDIA T4', 'NVIDIA A10', 'NVIDIA T4')).toBe(
      'nvidia-smi lists 2 x NVIDIA T4, and nothing tells on which one this engine runs',
    );
  });

  it.each<[string, Named, RegExp]>([
    ['a CPU', { kind: 'cpu', vendor: null, name: 'AMD EPYC', software: false }, /this run has none/],
    ['a CPU that plays a GPU', { ...webgpu('llvmpipe'), software: true }, /this run has none/],
    ["another vendor's", { ...webgpu('radeon'), vendor: 'amd' }, /this GPU is amd/],
    ['an unknown vendor', { ...webgpu('x'), vendor: null }, /of an unknown vendor/],
  ])('reads no power for %s, though nvidia-smi lists a GPU', (_, device, reason) => {
    expect(indexOf(gpuOf(device, false, { gpus: gpus('radeon', 'x'), problem: null }))).toMatch(reason);
  });

  it('trusts no list with a hole', () => {
    const report = reportOf(gpuLine(0, 'NVIDIA T4'), 'GPU is lost');
    expect(indexOf(gpuOf(webgpu('nvidia-t4'), false, report))).toMatch(/not understood: GPU is lost/);
  });

  it('reads no power of a slice', () => {
    const report = reportOf(gpuLine(0, 'NVIDIA A100', { power: '70', instant: '70', mig: 'Enabled' }));
    expect(indexOf(gpuOf(webgpu('NVIDIA A100'), true, report, {}))).toMatch(/split into slices/);
  });
});

describe('cudaGpu', () => {
  const two = gpus('NVIDIA A100', 'NVIDIA T4');
  const ORDERED = { CUDA_DEVICE_ORDER: 'PCI_BUS_ID' };
  it.each<[string, readonly NvidiaGpu[], NodeJS.ProcessEnv, number | RegExp]>([
    ['the only one', gpus('NVIDIA T4'), {}, 0],
    ['none of several in an order of its own', two, {}, /set CUDA_DEVICE_ORDER=PCI_BUS_ID/],
    ['none by number in an order of its own', two, { CUDA_VISIBLE_DEVICES: '1' }, /order of its own/],
    ['the first of the bus', two, ORDERED, 0],
    ['the first of the bus, whatever the order of the list', [...two].reverse(), ORDERED, 0],
    ['the one of that number on the bus', two, { ...ORDERED, CUDA_VISIBLE_DEVICES: '1,0' }, 1],
    ['the one of that UUID', two, { CUDA_VISIBLE_DEVICES: `${uuidOf(1)},${uuidOf(0)}` }, 1],
    ['the one whose UUID begins so', two, { CUDA_VISIBLE_DEVICES: uuidOf(1).slice(0, 8) }, 1],
    ['none where two begin so', two, { CUDA_VISIBLE_DEVICES: 'GPU-' }, /names none of/],
    ['none of a number that is not there', two, { ...ORDERED, CUDA_VISIBLE_DEVICES: '2' }, /names none of/],
    ['none where all are hidden', gpus('NVIDIA T4'), { CUDA_VISIBLE_DEVICES: '' }, /names none of/],
    ['none where all are hidden by -1', gpus('NVIDIA T4'), { CUDA_VISIBLE_DEVICES: '-1' }, /names none of/],
    ['none of a slice', two, { CUDA_VISIBLE_DEVICES: 'MIG-1c5f' }, /slice/],
  ])('is %s', (_, list, environment, expected) => {
    const found = indexOf(cudaGpu(list, environment));
    if (typeof expected === 'number') expect(found).toBe(expected);
    else expect(found).toMatch(expected);
  });
});

describe('cudaDevice', () => {
  const named = (list: readonly NvidiaGpu[], environment: NodeJS.ProcessEnv = {}) =>
    cudaDevice({ gpus: list, problem: null }, environment);
  it('has the name and the driver that nvidia-smi knows', () => {
    expect(named(gpus('NVIDIA H100 80GB HBM3'))).toEqual({
      kind: 'gpu',
      vendor: 'nvidia',
      name: 'NVIDIA H100 80GB HBM3',
      software: false,
      driver: '550.54.14',
    });
  });
  it('multiplies in TF32 from Ampere on, unless that is turned off', () => {
    const tf32 = (capability: string, environment: NodeJS.ProcessEnv = {}): boolean =>
      multipliesInTf32(reportOf(gpuLine(0, 'A', { capability })), environment);
    expect(['7.0', '7.5', '8.0', '9.0', '12.0', '[N/A]'].map((capability) => tf32(capability))).toEqual([
      ...[false, false, true, true, true, true],
    ]);
    expect(tf32('9.0', { NVIDIA_TF32_OVERRIDE: '0' })).toBe(false);
  });
  it('knows the memory of the GPU where it knows the GPU', () => {
    const heap = (...names: readonly string[]) => cudaHeap({ gpus: gpus(...names), problem: null }, {});
    expect(heap('NVIDIA H100')).toMatchObject({ name: "NVIDIA H100's 79.6 GiB", limit: 81559 * 2 ** 20 });
    expect(heap('NVIDIA H100', 'NVIDIA T4')).toBeNull();
  });
  it('names all that it could be', () => {
    expect(named(gpus('NVIDIA A100', 'NVIDIA A100')).name).toBe('NVIDIA A100');
    expect(named(gpus('NVIDIA A100', 'NVIDIA T4')).name).toBe('NVIDIA A100 or NVIDIA T4');
    expect(named([])).toMatchObject({ name: 'a CUDA GPU that nvidia-smi does not list', driver: null });
  });
});
