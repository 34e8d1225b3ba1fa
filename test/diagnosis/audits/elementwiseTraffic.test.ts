// Does the audit find elementwise traffic that stays behind a compiler, and that of a run of every op?

import { expect, it } from 'vitest';
import { Builder } from '../../../src/builder.js';
import type { Graph } from '../../../src/graph.js';
import { builtInDevice } from '../../../src/devices/builtIn.js';
import { predict } from '../../../src/devices/predict.js';
import { predictorOf } from '../../../src/diagnosis/predictor.js';
import { profile } from '../../../src/profile.js';
import type { Timing } from '../../../src/diagnosis/timing.js';
import { found } from '../found.js';

/** Convolutions with a shortcut around each: its sum has two producers, and its result two readers. */
function network(shortcuts: boolean): Graph {
  const net = Builder.start();
  let x = net.input([1, 16, 16, 16]);
  for (let i = 0; i < 4; i++) {
    const relu = net.apply('relu', `relu${i}`, net.apply('conv', `conv${i}`, x, { channels: 16, kernel: 3, padding: 1 })); // prettier-ignore
    const twice = shortcuts ? net.apply('sigmoid', `gate${i}`, x) : undefined;
    x = twice ? net.apply('multiply', `multiply${i}`, [relu, twice]) : relu;
  }
  return net.finish('network', net.apply('globalAvgPool', 'pool', x));
}

it('counts what stays in the fused reading', () => {
  const graph = network(true);
  const { layers } = profile(graph);
  const elementwise = layers.filter(({ op }) => ['relu', 'sigmoid', 'multiply'].includes(op));
  const stays = elementwise.reduce((sum, layer) => sum + layer.memoryAccessFused, 0);
  expect(found('elementwise-traffic', graph)!.figures).toMatchObject({ ops: 12, staysFused: stays });
});

it('says nothing where a compiler absorbs all', () => {
  expect(found('elementwise-traffic', network(false))).toBeNull();
});

it('saves in a run of every op what the fused reading does not have', () => {
  const graph = network(false);
  const { layers, totals } = profile(graph);
  const timing: Timing = {
    ...({ kind: 'measured', where: 'a GPU', device: 'gpu', eager: true, milliseconds: 10, how: '' } as const),
    layers: layers.map(({ name }) => ({ layers: [name], milliseconds: 1, limit: null })),
  };
  const { saves, share } = found('elementwise-traffic', graph, { timing })!;
  expect(saves).toEqual({ memoryAccessUnfused: totals.memoryAccess.unfused - totals.memoryAccess.fused, launches: 4 });
  expect(share).toBeCloseTo(4 / 9);
});

it('saves the predicted time of the network without what a compiler absorbs', () => {
  const device = builtInDevice('rtx-4090');
  const [before, after] = [network(false), withoutActivations()];
  const { prediction, timing, savedTime, layerTimes } = predictorOf(before, profile(before), device);
  const { saves } = found('elementwise-traffic', before, { timing, savedTime, layerTimes })!;
  const less = prediction.predictedMilliseconds - predict(after, profile(after), device).predictedMilliseconds;
  const [least, most] = saves.milliseconds!;
  expect(least).toBeLessThan(less);
  expect(most).toBeGreaterThan(less);
  expect(least / less).toBeCloseTo(prediction.interval[0] / prediction.predictedMilliseconds);
});

function withoutActivations(): Graph {
  const net = Builder.start();
  let x = net.input([1, 16, 16, 16]);
  for (let i = 0; i < 4; i++) x = net.apply('conv', `conv${i}`, x, { channels: 16, kernel: 3, padding: 1 });
  return net.finish('network', net.apply('globalAvgPool', 'pool', x));
}
