// Are the weights what they claim: seeded, normal, of He's variance, and such that a deep network stays alive?

import { expect, it } from 'vitest';
import { Builder } from '../../src/builder.js';
import { shapedNodes } from '../../src/cost.js';
import { mulberry32, normals, repeatedNormals, streamSeed } from '../../src/weights/random.js';
import { seededWeights } from '../../src/weights/weights.js';

it('draws the published sequence of mulberry32', () => {
  const next = mulberry32(1);
  expect([next(), next(), next()]).toEqual([2693262067, 11749833, 2265367787]);
});

it('draws normal numbers: mean, variance, kurtosis, and the share beyond one and two deviations', () => {
  const values = normals(200_000, 5, 1);
  const mean = (f: (x: number) => number): number => values.reduce((sum, x) => sum + f(x), 0) / values.length;
  expect(mean((x) => x)).toBeCloseTo(0, 2);
  expect(mean((x) => x * x)).toBeCloseTo(1, 2);
  expect(mean((x) => x ** 4)).toBeCloseTo(3, 0);
  expect(mean((x) => Number(Math.abs(x) > 1))).toBeCloseTo(0.3173, 2);
  expect(mean((x) => Number(Math.abs(x) > 2))).toBeCloseTo(0.0455, 2);
});

it('repeats the first 65,536 numbers where more are wanted, to the last one', () => {
  const period = normals(2 ** 16, 5, 1);
  expect(repeatedNormals(100, 5)).toEqual(normals(100, 5, 1));
  const many = repeatedNormals(5 * 2 ** 16 + 7, 5);
  expect(many).toHaveLength(5 * 2 ** 16 + 7);
  expect(many.every((value, i) => value === period[i % 2 ** 16])).toBe(true);
});

it('gives each node its own numbers, and the same ones for the same seed and name', () => {
  expect(streamSeed('conv1/weight', 0)).toBe(streamSeed('conv1/weight', 0));
  expect(
    new Set(['a', 'b', 'ab', 'ba', ''].flatMap((name) => [0, 1, 2].map((seed) => streamSeed(name, seed)))).size,
  ).toBe(15);
  expect(normals(5, 3, 1)).toEqual(normals(5, 3, 1));
  expect(normals(5, 3, 1)).not.toEqual(normals(5, 4, 1));
});

it('has a filter of variance 2 / fan-in, and statistics of a norm near the identity', () => {
  const net = Builder.start();
  const y = net.apply('conv', 'conv', net.input([1, 64, 4, 4]), { channels: 64, kernel: 3, groups: 2, bias: true });
  const graph = net.finish('net', net.apply('batchNorm', 'norm', y));
  const [conv, norm] = [...shapedNodes(graph)].map(seededWeights(graph, 0));
  const variance = conv!['weight']!.reduce((sum, x) => sum + x * x, 0) / conv!['weight']!.length;
  expect(variance * 32 * 9).toBeCloseTo(2, 1);
  expect(Object.keys(norm!).sort()).toEqual(['mean', 'scale', 'shift', 'variance']);
  expect(norm!['variance']!.every((value) => value > 0.5 && value < 1.5)).toBe(true);
});
