// The elements alive while a partly counted network runs are at most those of the whole network.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { graphOf } from '../src/model.js';
import { profile } from '../src/profile.js';
import { modelOf, type Small } from './importers/onnx/small.js';

const peaksOf = (small: Small): readonly number[] => {
  const { peakActivations, peakActivationsOutOfPlace } = profile(graphOf(modelOf(small, true))).totals;
  return [peakActivations, peakActivationsOutOfPlace];
};

test('the output of an op that is left out is alive from where the op stands', () => {
  const nodes = (third: string): Small['nodes'] => [
    ['Conv', 'x w', 'a'],
    ['Relu', 'a', 'b'],
    [third, 'b', 'c'],
    ['Relu', 'c', 'y'],
  ];
  const weights = { w: [4, 3, 1, 1] };
  // The convolution reads 3 x 64 and writes 4 x 64 elements; out of place, an activation has 2 x 4 x 64.
  expect(peaksOf({ weights, nodes: nodes('Fancy'), shapes: { c: [1, 4, 8, 8] } })).toEqual([448, 512]);
  expect(peaksOf({ weights, nodes: nodes('Sigmoid') })).toEqual([448, 512]);
});

test('what an op that is left out reads is alive until that op', () => {
  const nodes: Small['nodes'] = [
    ['Conv', 'x w', 'a'],
    ['Conv', 'x w2', 'b'],
    ['Fancy', 'a', 'c'],
    ['Add', 'b c', 'y'],
  ];
  const shapes = { c: [1, 4, 8, 8] };
  // The second convolution runs beside the output of the first.
  expect(peaksOf({ weights: { w: [4, 3, 1, 1], w2: [4, 3, 1, 1] }, nodes, shapes })[0]).toBe(192 + 256 + 256);
});

/** A network of convolutions, activations and differences of two earlier values; all values have one shape. */
const network = fc.array(fc.tuple(fc.constantFrom('Conv', 'Relu', 'Sub'), fc.nat(), fc.nat()), {
  minLength: 1,
  maxLength: 12,
});

test('no op has to be known for the peak to be a lower bound', () => {
  fc.assert(
    fc.property(network, fc.nat(), (steps, which) => {
      const nodes = [['Conv', 0, 0] as const, ...steps].map(([op, first, second], i): Small['nodes'][number] => {
        const value = (at: number): string => (at % (i + 1) === i ? 'x' : `v${at % (i + 1)}`);
        const operands = { Conv: `${value(first)} w`, Relu: value(first), Sub: `${value(first)} ${value(second)}` };
        return [op, operands[op as 'Conv'], `v${i}`];
      });
      const shapes = Object.fromEntries(nodes.map(([, , name]) => [name, [1, 3, 8, 8]]));
      const small = { weights: { w: [3, 3, 1, 1] }, nodes, shapes };
      const unknown = nodes.map((node, i): Small['nodes'][number] =>
        i === which % nodes.length && node[0] !== 'Conv' ? ['Fancy', node[1], node[2]] : node,
      );
      const [whole, partial] = [peaksOf(small), peaksOf({ ...small, nodes: unknown })];
      partial.forEach((peak, i) => { expect(peak).toBeLessThanOrEqual(whole[i]!); }); // prettier-ignore
    }),
    { seed: 11, numRuns: 300 },
  );
});
