// Does memory access follow the definitions? Tiny graphs counted by hand; each title states the rule that it holds.

import { describe, expect, test } from 'vitest';
import { Builder } from '../src/builder.js';
import { countsOf, flopsOf, shapedNodes } from '../src/cost.js';
import type { Value } from '../src/graph.js';

type Build = (net: Builder, x: Value) => Value | Value[];

/** [1, 2, 3, 3], 18 elements, is the input of every graph. */
function read(build: Build) {
  const net = Builder.start();
  const graph = net.finish('tiny', build(net, net.input([1, 2, 3, 3])));
  return new Map(
    [...shapedNodes(graph)].map((shapedNode) => {
      const counts = countsOf(shapedNode);
      return [
        shapedNode.node.name,
        { ...counts, ...counts.memoryAccess, flops: flopsOf(shapedNode, counts.multAdds) },
      ] as const;
    }),
  );
}
const node = (name: string, build: Build) => read(build).get(name)!;
const pointwise = (net: Builder, name: string, x: Value, channels: number): Value =>
  net.apply('conv', name, x, { channels, kernel: 1 });

describe('convolution and fully connected', () => {
  test('conv: N(Hi Wi Ci + Ho Wo Co) + kh kw Ci Co / g, with stride and groups', () => {
    const net = Builder.start();
    const x = net.input([2, 4, 7, 5]);
    const y = net.apply('conv', 'c', x, { channels: 6, kernel: [3, 2], stride: [2, 1], groups: 2 });
    const { memoryAccess } = countsOf([...shapedNodes(net.finish('one', y))][0]!);
    const expected = 2 * (7 * 5 * 4 + 3 * 4 * 6) + (3 * 2 * 4 * 6) / 2;
    expect(memoryAccess).toEqual({ conv: expected, linear: 0, unfused: expected, fused: expected });
  });

  test('a bias is a parameter that is never read', () => {
    const biased = node('c', (net, x) => net.apply('conv', 'c', x, { channels: 5, kernel: 1, bias: true }));
    expect([biased.params, biased.conv]).toEqual([2 * 5 + 5, 18 + 45 + 10]);
    const linear = node('fc', (net, x) => net.apply('linear', 'fc', net.apply('flatten', 'flat', x), { features: 4 }));
    expect([linear.params, linear.linear, linear.conv]).toEqual([18 * 4 + 4, 18 + 4 + 72, 0]);
  });

  test('activations are the outputs of convolutions and fully connected layers alone', () => {
    const all = read((net, x) => {
      const a = net.apply('relu', 'relu', pointwise(net, 'c', x, 5));
      return net.apply('linear', 'fc', net.apply('flatten', 'flat', a), { features: 4 });
    });
    expect([...all].map(([name, { activations }]) => [name, activations])).toEqual([
      ['c', 45],
      ['relu', 0],
      ['flat', 0],
      ['fc', 4],
    ]);
  });
});

describe('unfused: as an eager framework runs it', () => {
  test('batch norm reads its input and 2C parameters, not the running statistics, and writes its output', () => {
    const norm = node('bn', (net, x) => net.apply('batchNorm', 'bn', x));
    expect([norm.params, norm.unfused]).toEqual([4, 18 + 4 + 18]);
  });
  test('an activation reads and writes', () => {
    expect(node('relu', (net, x) => net.apply('relu', 'relu', x)).unfused).toBe(18 + 18);
  });
  test('add reads both and writes one', () => {
    expect(node('add', (net, x) => net.apply('add', 'add', [x, pointwise(net, 'c', x, 2)])).unfused).toBe(3 * 18);
  });
  test('concat reads all and writes all', () => {
    const build: Build = (net, x) => net.apply('concat', 'cat', [x, pointwise(net, 'c', x, 5)]);
    expect(node('cat', build).unfused).toBe(18 + 45 + 63);
  });
  test.each([
    ['flatten', {}],
    ['split', { sizes: [1, 1], part: 0 }],
    ['reshape', { shape: [-1] }],
    ['subsample', { step: 2 }],
  ] as const)('%s is a view and costs nothing in any reading', (op, given) => {
    const free = node('view', (net, x) => net.apply(op, 'view', pointwise(net, 'c', x, 2), given));
    expect(free.memoryAccess).toEqual({ conv: 0, linear: 0, unfused: 0, fused: 0 });
  });
});

describe('fused: as an inference compiler runs it', () => {
  test('concat costs nothing: its producers write in place', () => {
    expect(node('cat', (net, x) => net.apply('concat', 'cat', [x, pointwise(net, 'c', x, 5)])).fused).toBe(0);
  });
  test('norm and activation whose producer feeds nothing else are absorbed, one after another', () => {
    const all = read((net, x) => net.apply('relu', 'relu', net.apply('batchNorm', 'bn', pointwise(net, 'c', x, 5))));
    expect(['c', 'bn', 'relu'].map((name) => all.get(name)!.fused)).toEqual([18 + 45 + 10, 0, 0]);
  });
  test('an elementwise op whose producer has two readers is not absorbed', () => {
    const build: Build = (net, x) => {
      const c = pointwise(net, 'c', x, 5);
      return [net.apply('relu', 'relu', c), net.apply('sigmoid', 'sigmoid', c)];
    };
    expect(node('relu', build).fused).toBe(45 + 45);
  });
  test('a producer that is a graph output is read by that output too', () => {
    const build: Build = (net, x) => {
      const c = pointwise(net, 'c', x, 5);
      return [c, net.apply('relu', 'relu', c)];
    };
    expect(node('relu', build).fused).toBe(45 + 45);
  });
  test('a view absorbs nothing itself: an op behind it is absorbed by what wrote the data, if nothing else reads it', () => {
    const behind = (build: Build) => node('relu', build).fused;
    expect(behind((net, x) => net.apply('relu', 'relu', net.apply('flatten', 'view', pointwise(net, 'c', x, 2))))).toBe(
      0,
    );
    expect(behind((net, x) => net.apply('relu', 'relu', net.apply('flatten', 'view', x)))).toBe(18 + 18);
    const halves: Build = (net, x) => {
      const c = pointwise(net, 'c', x, 2);
      const [a, b] = [0, 1].map((part) => net.apply('split', `part${part}`, c, { sizes: [1, 1], part }));
      return [net.apply('relu', 'relu', a!), b!];
    };
    expect(behind(halves)).toBe(9 + 9);
  });
  test('a norm that reads a concat is absorbed by its only reader, and by no producer, of which there are several', () => {
    const joined = (net: Builder, x: Value): Value => net.apply('concat', 'cat', [x, pointwise(net, 'c', x, 5)]);
    const read: Build = (net, x) => pointwise(net, 'next', net.apply('batchNorm', 'bn', joined(net, x)), 1);
    expect(node('bn', read).fused).toBe(0);
    expect(node('bn', (net, x) => net.apply('batchNorm', 'bn', joined(net, x))).fused).toBe(63 + 14 + 63);
    const shared: Build = (net, x) => {
      const cat = joined(net, x);
      return [net.apply('batchNorm', 'bn', cat), cat];
    };
    expect(node('bn', shared).fused).toBe(63 + 14 + 63);
  });
  test('a graph input absorbs nothing', () => {
    expect(node('relu', (net, x) => net.apply('relu', 'relu', x)).fused).toBe(18 + 18);
    expect(node('bn', (net, x) => net.apply('batchNorm', 'bn', x)).fused).toBe(18 + 4 + 18);
  });
  test('add adds only its other operand, whichever side is absorbed', () => {
    expect(node('add', (net, x) => net.apply('add', 'add', [x, pointwise(net, 'c', x, 2)])).fused).toBe(18);
    expect(node('add', (net, x) => net.apply('add', 'add', [pointwise(net, 'c', x, 2), x])).fused).toBe(18);
  });
  test('an add of two that nothing else reads is absorbed once', () => {
    const build: Build = (net, x) => net.apply('add', 'add', [pointwise(net, 'a', x, 5), pointwise(net, 'b', x, 5)]);
    expect(node('add', build).fused).toBe(45);
  });
  test('an add of a value to itself has two readers and is not absorbed', () => {
    const build: Build = (net, x) => {
      const c = pointwise(net, 'c', x, 5);
      return net.apply('add', 'add', [c, c]);
    };
    expect(node('add', build).fused).toBe(3 * 45);
  });
  test('squeeze-excitation: a multiply by [N, C, 1, 1] adds the gates when the image is read by it alone', () => {
    const build: Build = (net, x) => {
      const gate = net.apply('sigmoid', 'gate', pointwise(net, 'fc', net.apply('globalAvgPool', 'pool', x), 5));
      return net.apply('multiply', 'scale', [pointwise(net, 'c', x, 5), gate]);
    };
    expect([node('scale', build).unfused, node('scale', build).fused]).toEqual([45 + 5 + 45, 5]);
  });
  test('squeeze-excitation: the gate never absorbs the multiply, and an image that the pool reads too does not', () => {
    const build: Build = (net, x) => {
      const c = pointwise(net, 'c', x, 5);
      return net.apply('multiply', 'scale', [c, pointwise(net, 'fc', net.apply('globalAvgPool', 'pool', c), 5)]);
    };
    expect(node('scale', build).fused).toBe(45 + 5 + 45);
  });
  test.each([
    ['1 x 1', 1],
    ['3 x 3', 3],
  ])(
    'squeeze-excitation: the gate is broadcast by its making, so the reading is the same on a map of %s',
    (_, side) => {
      const net = Builder.start();
      const c = pointwise(net, 'c', net.input([1, 2, side, side]), 5);
      const gate = net.apply('sigmoid', 'gate', pointwise(net, 'fc', net.apply('globalAvgPool', 'pool', c), 5));
      const shaped = net.apply('reshape', 'shaped', gate, { shape: [5, 1, 1] });
      const graph = net.finish('gated', net.apply('multiply', 'scale', [c, shaped]));
      const scale = [...shapedNodes(graph)].find(({ node }) => node.name === 'scale')!;
      const map = 5 * side * side;
      expect([scale.absorbedBy, countsOf(scale).memoryAccess.fused]).toEqual([undefined, map + 5 + map]);
    },
  );
  test('an op on two gates is absorbed by the one that made its input', () => {
    const build: Build = (net, x) => {
      const pooled = net.apply('globalAvgPool', 'pool', x);
      return net.apply('add', 'add', [pointwise(net, 'a', pooled, 5), pointwise(net, 'b', pooled, 5)]);
    };
    expect(node('add', build).fused).toBe(5);
  });
  test.each(['maxPool', 'avgPool'] as const)('%s is as unfused', (op) => {
    const pool = node('pool', (net, x) => net.apply(op, 'pool', pointwise(net, 'c', x, 5), { kernel: 2, stride: 1 }));
    expect([pool.unfused, pool.fused]).toEqual([45 + 20, 45 + 20]);
  });
});

describe('flops: 2 per multiply-add and one per element', () => {
  test.each<[string, Build, number]>([
    [
      'convolution, whose bias is free',
      (net, x) => net.apply('conv', 'n', x, { channels: 5, kernel: 2, bias: true }),
      2 * 20 * 8,
    ],
    ['linear', (net, x) => net.apply('linear', 'n', net.apply('flatten', 'flat', x), { features: 4 }), 2 * 18 * 4],
    ['batch norm', (net, x) => net.apply('batchNorm', 'n', x), 18],
    ['add', (net, x) => net.apply('add', 'n', [x, x]), 18],
    ['pool, per window element', (net, x) => net.apply('maxPool', 'n', x, { kernel: 2, stride: 1 }), 2 * 4 * 4],
    ['concat, nothing', (net, x) => net.apply('concat', 'n', [x, x]), 0],
    ['flatten, nothing', (net, x) => net.apply('flatten', 'n', x), 0],
  ])('%s', (_, build, flops) => {
    expect(node('n', build).flops).toBe(flops);
  });
});

test('shared parameters are counted once and read by every op that uses them', () => {
  const net = Builder.start();
  const x = net.input([1, 4, 8, 8]);
  const first = net.apply('conv', 'first', x, { channels: 4, kernel: 3, padding: 1 });
  const second = net.apply('conv', 'second', first, { channels: 4, kernel: 3, padding: 1 }, first);
  const [a, b] = [...shapedNodes(net.finish('shared', second))].map(countsOf);
  expect([a!.params, b!.params]).toEqual([4 * 4 * 9, 0]);
  expect(b!.multAdds).toBe(a!.multAdds);
  expect(b!.memoryAccess.conv).toBe(2 * 4 * 64 + 144);
});
