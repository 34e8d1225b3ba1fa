// Graphs without a model (blocks, stacks of blocks) are measured as networks are.

import { expect, it } from 'vitest';
import { Builder } from '../../src/builder.js';
import type { Graph } from '../../src/graph.js';
import type { Run } from '../../src/measure/run.js';
import { measureAll, Session, type JobListener, type Job, type MeasureSettings } from '../../src/measure/session.js';
import { profile } from '../../src/profile.js';

const SETTINGS: MeasureSettings = {
  engine: 'wasm',
  protocol: { warmups: 1, windows: 3, minWindowSeconds: 0.01 },
  seed: 1,
  eager: false,
  layers: false,
  ceilings: true,
};

async function measured<J extends Job>(jobs: readonly J[], settings: MeasureSettings, listener: JobListener<J>) {
  const session = await Session.open(settings, '0.0.0');
  try {
    return await measureAll(session, jobs, listener);
  } finally {
    await session.close();
  }
}

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

it('gives back a run for every graph, each with its own job as soon as it is done, and ceilings that are sampled anew', async () => {
  const told: (readonly [number, string])[] = [];
  const runs = await measured([jobOf(8), jobOf(16)], SETTINGS, {
    finished: (run, { channels }) => void told.push([channels, run.model]),
  });
  expect(told).toEqual([
    [8, '3 x 8'],
    [16, '3 x 16'],
  ]);
  expect(runs.map(({ totals }) => totals.multAdds)).toEqual([8, 16].map((c) => 3 * 2 * 16 * 16 * 9 * c * c));
  for (const run of runs) expect(run.times.median).toBeGreaterThan(0);
  const [a, b] = runs as [Run, Run];
  expect(a.ceilings).not.toBeNull();
  // Sampled again after each network.
  expect(b.ceilings!.flopsPerSecond).toBeGreaterThan(0);
  expect(a.ceilings!.how).not.toBe(b.ceilings!.how);
  expect(Math.max(a.utilisation!.compute, b.utilisation!.compute)).toBeLessThanOrEqual(1);
});

it('goes on after jobs that have no room or no time where someone is told of them, each with its own job', async () => {
  // Each convolution doubles the variance, and nothing halves it: the outputs pass what a float32 holds.
  const exploding = stack(16, 500);
  const huge = stack(8, 1, 1_000_000);
  const jobs = [huge, stack(8, 3), exploding, stack(16, 3)].map((graph) => ({ graph, counted: profile(graph) }));
  const refused: (readonly [string, string])[] = [];
  const runs = await measured(
    jobs,
    { ...SETTINGS, ceilings: false },
    { refused: ({ message }, { graph }) => void refused.push([graph.name, message]) },
  );
  expect(runs.map(({ model }) => model)).toEqual(['3 x 8', '3 x 16']);
  expect(refused).toEqual([
    ['1 x 8', expect.stringMatching(/^1 x 8 at batch 1000000: .* use --batch \d+ or less$/)],
    ['500 x 16', expect.stringMatching(/^500 x 16 at batch 2: the output ".*" is (NaN|-?Infinity)/)],
  ]);
});
