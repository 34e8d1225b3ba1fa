// Does the audit find slow pairs where times are known, with the interval of the rates it compares?

import { expect, it } from 'vitest';
import { Builder } from '../../../src/builder.js';
import { builtIn } from '../../../src/builtIn.js';
import { builtInDevice } from '../../../src/devices/builtIn.js';
import { predict } from '../../../src/devices/predict.js';
import { predictorOf } from '../../../src/diagnosis/predictor.js';
import type { Timing } from '../../../src/diagnosis/timing.js';
import type { Graph } from '../../../src/graph.js';
import { graphOf } from '../../../src/model.js';
import { profile } from '../../../src/profile.js';
import { found, saved, whole } from '../found.js';

/** Three full convolutions of 16 x 16 x 9 x 16 x 16 multiply-adds, then a depthwise and a 1x1. */
function network(): Graph {
  const net = Builder.start();
  let x = net.apply('conv', 'stem', net.input([1, 3, 16, 16]), { channels: 16, kernel: 1 });
  for (let i = 0; i < 3; i++) x = net.apply('conv', `full${i}`, x, { channels: 16, kernel: 3, padding: 1 });
  x = net.apply('conv', 'depthwise', x, { channels: 16, kernel: 3, padding: 1, groups: 16 });
  return net.finish('network', net.apply('conv', 'pointwise', x, { channels: 16, kernel: 1 }));
}

const timing = (times: Readonly<Record<string, number>>): Timing => ({
  ...({ kind: 'measured', where: 'a GPU', device: 'gpu', eager: false, milliseconds: 9, how: '' } as const),
  layers: Object.entries(times).map(([name, milliseconds]) => ({ layers: [name], milliseconds, limit: null })),
});

it('compares a pair with the full convolution at the rates of the others', () => {
  const times = { stem: 1, full0: 1, full1: 1, full2: 1, depthwise: 2, pointwise: 2 };
  const result = found('slow-depthwise', network(), { timing: timing(times) })!;
  expect(result.saves).toEqual({ milliseconds: [3, 3] });
  expect(result.layers).toEqual(['depthwise', 'pointwise']);
  expect(result.share).toBe(0.5);
});

it('says nothing of a faster pair, nor where no times are known', () => {
  const times = { stem: 1, full0: 1, full1: 1, full2: 1, depthwise: 0.4, pointwise: 0.5 };
  expect(found('slow-depthwise', network(), { timing: timing(times) })).toBeNull();
  expect(found('slow-depthwise', network())).toBeNull();
});

/** A wide map, a depthwise convolution with a norm behind it and a 1x1, or the full one. */
function wide(full: boolean): Graph {
  const net = Builder.start();
  let x = net.apply('conv', 'stem', net.input([64, 3, 112, 112]), { channels: 32, kernel: 1 });
  if (!full)
    x = net.apply('batchNorm', 'norm', net.apply('conv', 'depthwise', x, { channels: 32, kernel: 3, padding: 1, groups: 32 })); // prettier-ignore
  x = net.apply('conv', 'pointwise', x, { channels: 16, kernel: full ? 3 : 1, padding: full ? 1 : 0 });
  return net.finish('network', x);
}

it('builds the full convolutions and predicts them where a device is named', () => {
  const device = builtInDevice('rtx-4090');
  const [before, after] = [wide(false), wide(true)];
  const { prediction, ...known } = predictorOf(before, profile(before), device);
  const { saves, layers, figures } = found('slow-depthwise', before, known)!;
  expect(layers).toEqual(['depthwise', 'norm', 'pointwise']);
  const { milliseconds, ...counts } = saves;
  expect(whole(counts)).toEqual(saved(before, after));
  const predicted = predict(after, profile(after), device);
  const less = prediction.predictedMilliseconds - predicted.predictedMilliseconds;
  expect(milliseconds![0] / less).toBeCloseTo(prediction.interval[0] / prediction.predictedMilliseconds);
  expect(figures['fullMilliseconds']).toBeCloseTo(
    predicted.layers.find(({ name }) => name === 'pointwise')!.milliseconds,
  );
});

it('says nothing of pairs that are predicted to be faster', () => {
  const graph = graphOf(builtIn('V-19-dw-eSE'), 256);
  const { timing, savedTime, layerTimes } = predictorOf(graph, profile(graph), builtInDevice('i9-10940x'));
  expect(found('slow-depthwise', graph, { timing, savedTime, layerTimes })).toBeNull();
});
