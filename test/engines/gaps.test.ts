// What one engine cannot run is refused by name, before anything runs.

import { expect, it } from 'vitest';
import { Builder } from '../../src/builder.js';
import { DeviceFailure } from '../../src/engines/engine.js';
import { demandRuns, firstGap } from '../../src/engines/gaps.js';
import type { Graph } from '../../src/graph.js';
import { withEngine } from './withEngine.js';

function grouped(groups: number, channels: number): Graph {
  const builder = Builder.start();
  const input = builder.input([1, 4 * groups, 8, 8]);
  return builder.finish(
    'grouped',
    builder.apply('conv', 'node', input, { channels, kernel: [3, 3], padding: [1, 1, 1, 1], groups, bias: false }),
  );
}

/** Found by comparing the provider with the CPU: 36 channels in 6 groups are off by as much as they are. */
it.each([
  [6, 36, true],
  [2, 10, true],
  [4, 24, true],
  [3, 15, false],
  [3, 18, false],
  [6, 12, false],
  [32, 128, false],
  [1, 6, false],
])('ONNX Runtime on WebGPU: %i groups of %i channels in all, wrong: %s', (groups, channels, wrong) => {
  const gap = firstGap(grouped(groups, channels), 'onnxruntime-webgpu');
  if (wrong) expect(gap).toMatch(/^node "node" \(conv\) cannot run: .+ computes wrong numbers; .*--provider/);
  else expect(gap).toBeUndefined();
  expect(firstGap(grouped(groups, channels), 'tfjs-webgpu')).toBeUndefined();
});

function sorted(): Graph {
  const builder = Builder.start();
  return builder.finish('ranked', builder.apply('argMax', 'best', builder.input([1, 10]), { axis: 1 }));
}

it('names the op for which tfjs loses its device', () => {
  const demand = (driven: 'tfjs-webgpu' | undefined) => () => {
    demandRuns(sorted(), driven);
  };
  expect(demand('tfjs-webgpu')).toThrow(DeviceFailure);
  expect(demand('tfjs-webgpu')).toThrow(/^node "best" \(argMax\) cannot run: .+ loses the device;/);
  expect(demand(undefined)).not.toThrow();
});

await withEngine('webgpu', (engine) => {
  it('refuses it before a run, and the device is still there', async () => {
    expect(() => {
      engine.demandFits(sorted());
    }).toThrow(/argMax/);
    await expect(engine.load(sorted())).rejects.toThrow(/argMax/);
    await engine.done();
    expect(engine.failures()).toEqual([]);
  });
});
