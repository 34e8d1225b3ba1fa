// Can any graph be measured, without a model? Blocks and stacks of blocks take the same road as networks.

import { expect, it } from 'vitest';
import { measureGraphs } from '../../../cli/measuring/measureGraphs.js';
import type { RunFlags } from '../../../cli/measuring/measureSession.js';
import { plainLook, type Screen } from '../../../cli/screen.js';
import { Builder } from '../../../src/builder.js';
import type { Graph } from '../../../src/graph.js';
import type { Run } from '../../../src/measure/run.js';
import { profile } from '../../../src/profile.js';

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

function stack(channels: number, layers: number, batch = 2): Graph {
  const builder = Builder.start();
  let value = builder.input([batch, channels, 16, 16]);
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

it('goes on after jobs that have no room or no time where someone is told of them, each with its own job', async () => {
  // Each convolution doubles the variance, and nothing halves it: the outputs pass what a float32 holds.
  const exploding = stack(16, 500);
  const huge = stack(8, 1, 1_000_000);
  const jobs = [huge, stack(8, 3), exploding, stack(16, 3)].map((graph) => ({ graph, counted: profile(graph) }));
  const refused: (readonly [string, string])[] = [];
  const runs = await measureGraphs(
    jobs,
    { ...FLAGS, ceilings: false },
    silent,
    () => Promise.resolve(),
    ({ message }, { graph }) => {
      refused.push([graph.name, message]);
      return Promise.resolve();
    },
  );
  expect(runs.map(({ model }) => model)).toEqual(['3 x 8', '3 x 16']);
  expect(refused).toEqual([
    ['1 x 8', expect.stringMatching(/^1 x 8 at batch 1000000: .* use --batch \d+ or less$/)],
    ['500 x 16', expect.stringMatching(/^500 x 16 at batch 2: the output ".*" is (NaN|-?Infinity)/)],
  ]);
});
