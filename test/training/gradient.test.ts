// Tests of the backward pass of single steps, counted by hand.

import { describe, expect, test } from 'vitest';
import type { Builder } from '../../src/builder.js';
import { builtIn } from '../../src/builtIn.js';
import type { Value } from '../../src/graph.js';
import { backwardOf, gradientSums, type Backward } from '../../src/training/gradient.js';
import { training } from '../../src/training/training.js';
import { conv, tapeOn } from './chain.js';

function backward(build: (net: Builder, x: Value) => Value): ReadonlyMap<string, Backward> {
  const tape = tapeOn(build);
  const sums = gradientSums(tape);
  return new Map(tape.steps.map((step) => [step.name, backwardOf(step, sums.get(step.name) ?? 0)]));
}

/** Elements of [1, 2, 4, 4]. */
const X = 32;

describe('multiply-adds', () => {
  test('the first convolution makes no gradient of the image, a later one makes both', () => {
    const costs = backward((net, x) => conv(net, 'b', conv(net, 'a', x, 3), 5));
    expect(costs.get('a')).toMatchObject({ inputMultAdds: 0, weightMultAdds: 16 * 2 * 3 });
    expect(costs.get('b')).toMatchObject({ inputMultAdds: 16 * 3 * 5, weightMultAdds: 16 * 3 * 5 });
  });

  test('a grouped convolution costs what its forward pass costs, not that times its groups', () => {
    const costs = backward((net, x) =>
      net.apply('conv', 'b', conv(net, 'a', x, 4), { channels: 4, kernel: 1, groups: 4 }),
    );
    expect(costs.get('b')).toMatchObject({ inputMultAdds: 16 * 4, weightMultAdds: 16 * 4 });
  });

  test('a product of two computed matrices makes a gradient for each', () => {
    const costs = backward((net, x) => net.apply('matmul', 'm', [conv(net, 'a', x), conv(net, 'b', x)]));
    expect(costs.get('m')).toMatchObject({ inputMultAdds: 2 * 2 * 4 * 4 * 4, weightMultAdds: 0 });
  });

  test('a network whose image needs no gradient pays twice its forward pass but for the first layer', () => {
    const { totals, layers } = training(builtIn('vgg11'));
    expect(totals.backwardMultAdds).toBe(2 * totals.multAdds - layers[0]!.multAdds);
  });
});

describe('memory access', () => {
  const access = (name: string, build: (net: Builder, x: Value) => Value): unknown =>
    backward(build).get(name)!.memoryAccess;
  const after =
    (op: 'relu' | 'maxPool' | 'batchNorm' | 'flatten' | 'sigmoid', given: object = {}) =>
    (net: Builder, x: Value) =>
      net.apply(op, 'y', conv(net, 'a', x), given);

  test('a convolution reads the output gradient for each gradient, weights and input once, and writes both gradients', () => {
    const weights = 2 * 3;
    expect(access('b', (net, x) => conv(net, 'b', conv(net, 'a', x), 3))).toBe(48 + weights + X + (48 + X + weights));
    expect(access('a', (net, x) => conv(net, 'a', x))).toBe(X + X + 4);
  });

  test('an activation reads gradient and output and writes a gradient', () => {
    expect(access('y', after('relu'))).toBe(3 * X);
  });

  test('a norm reads its input, statistics and parameters, and writes gradients of all', () => {
    expect(access('y', after('batchNorm'))).toBe(3 * X + 4 + 4 + 4);
  });

  test('a max pool reads gradient and indices; its formula takes its input too', () => {
    expect(access('y', after('maxPool', { kernel: 2, stride: 2 }))).toBe(8 + 8 + X + X);
  });

  test('views and equal sums pass their gradient on, a concat hands out views of it', () => {
    expect(access('y', after('flatten'))).toBe(0);
    expect(access('y', (net, x) => net.apply('add', 'y', [conv(net, 'a', x), conv(net, 'b', x)]))).toBe(0);
    expect(access('y', (net, x) => net.apply('concat', 'y', [conv(net, 'a', x), conv(net, 'b', x)]))).toBe(0);
  });

  test('a value that two steps read sums two gradients: two read, one written', () => {
    const twice = (net: Builder, x: Value): Value => {
      const a = conv(net, 'a', x);
      return net.apply('add', 'y', [net.apply('sigmoid', 's', a), net.apply('tanh', 't', a)]);
    };
    expect(access('a', twice)).toBe(X + X + 4 + 3 * X);
  });

  test('the parts of a split fill one gradient', () => {
    const parts = (net: Builder, x: Value): Value => {
      const a = conv(net, 'a', x);
      const part = (i: number): Value => net.apply('split', `s${i}`, a, { sizes: [1, 1], part: i });
      return net.apply('add', 'y', [part(0), part(1)]);
    };
    expect(access('a', parts)).toBe(X + X + 4);
    expect(access('s0', parts)).toBe(X);
  });

  test('a gate is multiplied back, and summed over the sides that it was broadcast to', () => {
    const gated = (net: Builder, x: Value): Value => {
      const a = conv(net, 'a', x);
      return net.apply('multiply', 'y', [a, net.apply('globalAvgPool', 'g', a)]);
    };
    // The image's gradient: gradient and gate read, one written. The gate's: gradient, image, product; then its sum.
    expect(access('y', gated)).toBe(2 * X + 2 + (2 * X + X) + (X + 2));
  });
});
