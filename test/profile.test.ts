// Do the laws of a profile hold over random small networks: totals, batch, fusion and balance?

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Builder } from '../src/builder.js';
import { mapCounts, sumCounts } from '../src/formula/sums.js';
import { symbol, type Dim } from '../src/dim/dim.js';
import { evaluate } from '../src/dim/evaluate.js';
import type { Graph } from '../src/graph.js';
import { InputError } from '../src/inputError.js';
import { opOf, type OpName } from '../src/ops/table.js';
import { groupBy, profile, totalsOf, type Totals } from '../src/profile.js';

interface Step {
  readonly kind: 'conv' | 'depthwise' | 'norm' | 'act' | 'pool' | 'add' | 'concat' | 'gate';
  readonly channels: number;
  readonly kernel: number;
  readonly stride: number;
  readonly bias: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('conv', 'conv', 'depthwise', 'norm', 'act', 'pool', 'add', 'concat', 'gate'),
  channels: fc.integer({ min: 1, max: 9 }),
  kernel: fc.constantFrom(1, 3, 5),
  stride: fc.constantFrom(1, 1, 2),
  bias: fc.boolean(),
});
const chain = fc.array(step, { minLength: 1, maxLength: 9 });
const seeded = { seed: 20260801, numRuns: 200 };

/** A chain with side branches, each step in its block, three steps a stage, a classifier at the end. */
function network(steps: readonly Step[], n: Dim = 1, h: Dim = 9, w: Dim = 11): Graph {
  const net = Builder.start();
  let x = net.input([n, 3, h, w]);
  for (const [i, { kind, channels, kernel, stride, bias }] of steps.entries()) {
    const at = net.at(`step${i}`, { stage: `stage${Math.floor(i / 3)}`, block: `block${i}` });
    const wide = x.shape[1] as number;
    const window = { kernel, stride, padding: (kernel - 1) / 2 };
    const same = (name: string) => at.apply('conv', name, x, { channels: wide, kernel: 1, bias });
    if (kind === 'conv') x = at.apply('conv', 'conv', x, { channels, ...window, bias });
    if (kind === 'depthwise') x = at.apply('conv', 'conv', x, { channels: wide, groups: wide, ...window, bias });
    if (kind === 'norm') x = at.apply('batchNorm', 'norm', x);
    if (kind === 'act') x = at.apply('relu', 'act', x);
    if (kind === 'pool') x = at.apply('maxPool', 'pool', x, window);
    if (kind === 'add') x = at.apply('add', 'add', [same('conv'), x]);
    if (kind === 'concat') x = at.apply('concat', 'cat', [x, same('conv')]);
    if (kind === 'gate') x = at.apply('multiply', 'gate', [x, at.apply('globalAvgPool', 'pool', x)]);
  }
  return net.finish('random', net.apply('linear', 'fc', net.apply('flatten', 'flat', x), { features: 5 }));
}

const law = (title: string, holds: (steps: readonly Step[]) => void): void => {
  test(title, () => {
    fc.assert(fc.property(chain, holds), seeded);
  });
};

/** Every sum of the totals as one flat list, without the bound, which is no integer, and the peaks, which are maxima. */
const integers = ({
  memoryAccess,
  peakActivations: _,
  peakActivationsOutOfPlace: __,
  ...counts
}: Totals): readonly number[] => [
  ...Object.values<unknown>(counts).filter((value) => typeof value === 'number'),
  memoryAccess.conv,
  memoryAccess.linear,
  memoryAccess.unfused,
  memoryAccess.fused,
];

describe('laws over random networks', () => {
  law('totals are the sums of their groups, by stage, block or op', (steps) => {
    const { layers, totals } = profile(network(steps));
    expect(totalsOf(layers)).toEqual(totals);
    for (const by of ['stage', 'block', 'op'] as const) {
      const groups = groupBy(layers, by).map(({ name: _, layers: __, ...group }): Totals => group);
      const sums = integers(totals).map((_, i) => groups.reduce((sum, group) => sum + integers(group)[i]!, 0));
      expect(sums).toEqual(integers(totals));
      const bound = groups.reduce((sum, group) => sum + group.memoryAccessBound.conv, 0);
      expect(bound).toBeCloseTo(totals.memoryAccessBound.conv, 6);
      expect(groupBy(layers, by).reduce((sum, group) => sum + group.layers, 0)).toBe(layers.length);
    }
  });

  law('ops are all layers but views, a concat that costs an inference compiler nothing included', (steps) => {
    const { layers, totals } = profile(network(steps));
    expect(totals.ops).toBe(layers.filter(({ op }) => opOf(op as OpName).traffic !== 'view').length);
  });

  law('balance is at least 1, with equality iff in and out have equally many elements', (steps) => {
    for (const layer of profile(network(steps)).layers) {
      if (layer.op !== 'conv') {
        expect([layer.balance, layer.memoryAccessBound]).toEqual([null, null]);
        continue;
      }
      const size = (shape: readonly number[]): number => shape.reduce((all, side) => all * side, 1);
      expect(layer.balance).toBeGreaterThanOrEqual(1);
      expect(layer.balance === 1).toBe(size(layer.inShape) === size(layer.outShape));
      expect(layer.memoryAccessBound!).toBeLessThanOrEqual(layer.memoryAccessUnfused * (1 + 1e-12));
    }
  });

  law('the batch scales multiply-adds, flops and activations, and leaves params alone', (steps) => {
    const [one, three] = [profile(network(steps)).totals, profile(network(steps, 3)).totals];
    expect(three.multAdds).toBe(3 * one.multAdds);
    expect(three.flops).toBe(3 * one.flops);
    expect(three.activations).toBe(3 * one.activations);
    expect([three.params, three.convLayers, three.ops]).toEqual([one.params, one.convLayers, one.ops]);
    expect(three.memoryAccess.unfused).toBeLessThanOrEqual(3 * one.memoryAccess.unfused);
  });

  law('the closed forms in n, h and w are worth what is counted at every size that keeps their promises', (steps) => {
    const promise = 2 ** steps.length;
    const [n, h, w] = [symbol('n'), symbol('h', promise), symbol('w', promise)];
    const forms = sumCounts(network(steps, n, h, w));
    for (const at of [
      { n: 1, h: promise, w: 2 * promise },
      { n: 3, h: 3 * promise, w: promise },
    ])
      expect(mapCounts(forms, (form) => evaluate(form, at))).toEqual(sumCounts(network(steps, at.n, at.h, at.w)));
  });

  law('fused is at most unfused, in every layer; convolutions and linear layers are never fused away', (steps) => {
    const { layers, totals } = profile(network(steps));
    for (const layer of layers) expect(layer.memoryAccessFused).toBeLessThanOrEqual(layer.memoryAccessUnfused);
    const { conv, linear, fused, unfused } = totals.memoryAccess;
    expect(conv + linear).toBeLessThanOrEqual(fused);
    expect(fused).toBeLessThanOrEqual(unfused);
  });

  law('intensity is flops per byte, null for views alone', (steps) => {
    const [full, half] = [4, 2].map((bytesPerElement) => profile(network(steps), { bytesPerElement }));
    expect(half!.totals).toEqual(full!.totals);
    for (const [i, { intensity, memoryAccessUnfused, flops, op }] of full!.layers.entries()) {
      expect(intensity).toBe(op === 'flatten' ? null : flops / (4 * memoryAccessUnfused));
      expect(half!.layers[i]!.intensity).toBe(intensity === null ? null : 2 * intensity);
    }
  });
});

test('a network of features has an image of one pixel: [N, F] is [N, F, 1, 1]', () => {
  const net = Builder.start();
  const graph = net.finish('flat', net.apply('linear', 'fc', net.input([2, 7]), { features: 3 }));
  expect(profile(graph).input).toEqual({ n: 2, c: 7, h: 1, w: 1, sides: [2, 7] });
});

describe('what is refused', () => {
  test('a graph whose sizes are symbols', () => {
    const net = Builder.start();
    const x = net.input([1, 3, symbol('h'), 8]);
    const graph = net.finish('open', net.apply('relu', 'act', x));
    expect(() => profile(graph)).toThrow(InputError);
  });

  test('a count past 2^53, naming its node', () => {
    const net = Builder.start();
    const x = net.input([1, 2 ** 20, 2 ** 9, 2 ** 9]);
    const graph = net.finish('huge', net.apply('conv', 'big', x, { channels: 2 ** 12, kernel: 3, padding: 1 }));
    expect(() => profile(graph)).toThrow(/^node "big" \(conv\): .*2\^53/);
  });

  test('a total past 2^53 of layers that are each below it', () => {
    const long = (layers: number): Graph => {
      const net = Builder.start();
      let x = net.input([1, 2 ** 10, 2 ** 15, 2 ** 15]);
      for (let i = 0; i < layers; i++) x = net.apply('conv', `conv${i}`, x, { channels: 2 ** 10, kernel: 1 });
      return net.finish('long', x);
    };
    expect(profile(long(3)).totals.flops).toBe(3 * 2 ** 51);
    expect(() => profile(long(4))).toThrow(/2\^53/);
  });
});
