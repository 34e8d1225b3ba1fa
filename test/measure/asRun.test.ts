// What a runtime made of a graph becomes numbers: the memory access of its kernels, and no time from another device.

import { describe, expect, it } from 'vitest';
import { Builder } from '../../src/builder.js';
import { builtIn } from '../../src/builtIn.js';
import type { AsRun, Device } from '../../src/engines/engine.js';
import { accessOf, asRunOf, demandOnDevice } from '../../src/measure/asRun.js';
import { graphOf } from '../../src/model.js';
import { profile } from '../../src/profile.js';

function residual() {
  const net = Builder.start();
  const x = net.input([1, 4, 8, 8]);
  const conv = net.apply('conv', 'conv', x, { channels: 4, kernel: [3, 3], padding: [1, 1, 1, 1], bias: false });
  const norm = net.apply('batchNorm', 'norm', conv, {});
  const sum = net.apply('add', 'add', [norm, x], {});
  return net.finish('residual', net.apply('relu', 'relu', sum, {}));
}
const IMAGE = 4 * 8 * 8;
const FILTER = 4 * 4 * 9;

const step = (nodes: readonly string[], given: Partial<AsRun['steps'][number]> = {}): AsRun['steps'][number] => ({
  ...{ nodes, name: nodes[0] ?? 'copy', op: 'Conv', provider: 'CUDAExecutionProvider', onDevice: true, elements: 0 },
  ...given,
});
const gpu: Device = { kind: 'gpu', vendor: null, name: 'G', software: false, driver: null };

describe('accessOf', () => {
  it('is the unfused reading where every node is a kernel', () => {
    for (const name of ['resnet20', 'densenet_bc100_k12', 'shufflenet_v2_x0_5', 'squeezenet1_1']) {
      const graph = graphOf(builtIn(name), 2);
      const sets = graph.nodes.map((node) => [node.name]);
      expect(accessOf(graph, sets), name).toBe(profile(graph).totals.memoryAccess.unfused);
    }
  });

  it('reads what comes from outside once and writes what others read', () => {
    const graph = residual();
    // The image is read by the convolution and by the sum: one kernel reads it once.
    expect(accessOf(graph, [['conv', 'norm', 'add', 'relu']])).toBe(2 * IMAGE + FILTER + 2 * 4);
    const apart = 2 * IMAGE + FILTER + 2 * 4 + 3 * IMAGE;
    expect(
      accessOf(graph, [
        ['conv', 'norm'],
        ['add', 'relu'],
      ]),
    ).toBe(apart);
  });
});

describe('asRunOf', () => {
  it('adds the copies of the runtime, and their times in the same order', () => {
    const graph = residual();
    const steps = [
      step([], { op: 'ReorderInput', name: 'in', elements: 2 * IMAGE }),
      step(['conv', 'norm', 'add', 'relu']),
      step([], { op: 'ReorderOutput', name: 'out', elements: 2 * IMAGE }),
    ];
    const others = [
      { name: 'in', op: 'ReorderInput', ms: 1 },
      { name: 'out', op: 'ReorderOutput', ms: 2 },
    ];
    const run = asRunOf(graph, { steps }, { clock: 'host', layers: [], others, whole: 9 });
    expect(run).toEqual({
      kernels: 3,
      providers: { CUDAExecutionProvider: 3 },
      fused: [['conv', 'norm', 'add', 'relu']],
      memoryAccess: 6 * IMAGE + FILTER + 8,
      others: [
        { name: 'in', op: 'ReorderInput', elements: 2 * IMAGE, milliseconds: 1 },
        { name: 'out', op: 'ReorderOutput', elements: 2 * IMAGE, milliseconds: 2 },
      ],
      whole: 9,
    });
    const untimed = asRunOf(graph, { steps }, { clock: null, reason: 'not asked for' });
    expect([untimed.whole, untimed.others[0]!.milliseconds]).toEqual([null, null]);
  });
});

describe('demandOnDevice', () => {
  const elsewhere = { provider: 'CPUExecutionProvider', onDevice: false };

  it('refuses a time where a layer that multiplies ran on the CPU', () => {
    const ran = { steps: [step(['conv', 'norm'], elsewhere), step(['add', 'relu'])] };
    expect(() => {
      demandOnDevice(residual(), ran, gpu);
    }).toThrow(
      /^1 kernel of convolutions or matrix products ran on CPUExecutionProvider \(the first is "conv"\) and not on G:/,
    );
  });

  it('knows a kernel that stands for no known node by its op', () => {
    const ran = { steps: [step(['conv', 'norm']), step([], { ...elsewhere, name: 'kernel7', op: 'FusedConv' })] };
    expect(() => {
      demandOnDevice(residual(), ran, gpu);
    }).toThrow('(the first is "kernel7")');
  });

  it('lets small ops run there, and everything where the CPU was meant', () => {
    const small = {
      steps: [step(['conv', 'norm']), step(['add'], elsewhere), step([], { ...elsewhere, op: 'MemcpyToHost' })],
    };
    demandOnDevice(residual(), small, gpu);
    demandOnDevice(residual(), { steps: [step(['conv'], elsewhere)] }, { ...gpu, kind: 'cpu' });
  });
});
