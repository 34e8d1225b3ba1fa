// Can any graph be measured, without a model? Blocks and stacks of blocks take the same road as networks.

import { expect, it } from 'vitest';
import { measureGraphs, type RunFlags } from '../../cli/measureGraphs.js';
import { plainLook, type Screen } from '../../cli/screen.js';
import { Builder } from '../../src/builder.js';
import type { Graph } from '../../src/graph.js';
import type { Run } from '../../src/measure/run.js';
import { profile } from '../../src/profile.js';

const FLAGS: RunFlags = {
  engine: 'wasm',
  layers: false,
  eager: false,
  warmups: 1,
  windows: 3,
  minWindow: 0.01,
  seed: 1,
  ceilings: true,
  allowSoftware: false,
};
const silent: Screen = { out: () => undefined, err: () => undefined, look: plainLook, progress: false };

function stack(channels: number, layers: number): Graph {
  const builder = Builder.start();
  let value = builder.input([2, channels, 16, 16]);
  for (let i = 0; i < layers; i++)
    value = builder.apply('conv', `conv${i}`, value, {
      channels,
      kernel: [3, 3],
      padding: [1, 1, 1, 1],
      bias: false,
    });
  return builder.finish(`${layers} x ${channels}`, value);
}

const jobOf = (channels: number) => {
  const graph = stack(channels, 3);
  return { graph, counted: profile(graph), channels };
};

it('gives back a run for every graph, each with its own job as soon as it is done, and the ceilings once for all', async () => {
  const told: (readonly [number, string])[] = [];
  const runs = await measureGraphs([jobOf(8), jobOf(16)], FLAGS, silent, (run, { channels }) => {
    told.push([channels, run.model]);
    return Promise.resolve();
  });
  expect(told).toEqual([
    [8, '3 x 8'],
    [16, '3 x 16'],
  ]);
  expect(runs.map(({ totals }) => totals.multAdds)).toEqual([8, 16].map((c) => 3 * 2 * 16 * 16 * 9 * c * c));
  for (const run of runs) expect(run.times.median).toBeGreaterThan(0);
  const [a, b] = runs as [Run, Run];
  expect(a.ceilings).not.toBeNull();
  expect(b.ceilings).toBe(a.ceilings);
});
