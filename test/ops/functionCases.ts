// Known counts of functions, pairs, products by letters and recurrent layers.

import * as comparison from '../../src/ops/comparison.js';
import * as functions from '../../src/ops/functions.js';
import type { OpName } from '../../src/ops/table.js';
import { of } from './case.js';
import { each, moved, pointwise, visits, type Counted } from './counting.js';

const image = [2, 3, 5, 7];

export const elementFunctions = [
  ...(Object.keys(functions) as (keyof typeof functions)[])
    .filter((op) => op !== 'cast')
    .map((op) => of<OpName>(op, 'one operation per element, whatever the formula', [image], {}, pointwise(image))),
  of('cast', 'another type is the same tensor', [image], {}, moved(...image)),
];

export const pairs = [
  ...(Object.keys(comparison) as (keyof typeof comparison)[])
    .filter((op) => op !== 'select')
    .map((op) =>
      of<OpName>(op, 'one operation per element, sides of 1 are broadcast', [image, [3, 1, 1]], {}, pointwise(image)),
    ),
  of('select', 'three inputs, each broadcast', [[5, 1], image, [1, 3, 1, 1]], {}, pointwise(image)),
];

export const storedConstants = [
  of('constant', 'it is read by others', [], { shape: [2, 3], values: [1, 2, 3, 4, 5, 6] }, moved(2, 3)),
  of('constant', 'one number', [], { values: [7] }, moved()),
  of('maximumWith', 'one number', [image], { values: [0] }, pointwise(image)),
  of('minimumWith', 'one number per channel', [image], { shape: [3, 1, 1], values: [1, 2, 3] }, pointwise(image)),
];

const product = (outShape: number[], ...letters: number[]): Counted => ({
  ...moved(...outShape),
  multAdds: visits(...letters),
});

export const letters = [
  of(
    'einsum',
    'one multiply-add for each combination of letters',
    [
      [2, 3, 4, 5],
      [2, 3, 6, 5],
    ],
    { equation: 'bhqd,bhkd->bhqk' },
    product([2, 3, 4, 6], 2, 3, 4, 6, 5),
  ),
  of(
    'einsum',
    'a sum of one input',
    [[2, 3, 4]],
    { equation: 'abc -> ca' },
    { ...moved(4, 2), elementwise: visits(2, 3, 4) },
  ),
  of(
    'einsumDense',
    'learnt weights of three sides',
    [[2, 5, 8]],
    { equation: 'abc,cde->abde', weight: [8, 3, 4], bias: [3, 4] },
    { ...product([2, 5, 3, 4], 2, 5, 8, 3, 4), params: visits(8, 3, 4) + 12 },
  ),
  of(
    'matmul',
    'either side may be transposed',
    [
      [2, 5, 4],
      [6, 5],
    ],
    { transposeFirst: true, transposeSecond: true },
    product([2, 4, 6], 2, 4, 5, 6),
  ),
];

/** Steps one by one: each gate multiplies its input and the state, then functions and joins of each element. */
function recurrent(steps: number, n: number, features: number, hidden: number, gates: number, others: number) {
  let [multAdds, elementwise] = [0, 0];
  each([steps, n], () => {
    each([gates, hidden], () => {
      each([features], () => multAdds++);
      each([hidden], () => multAdds++);
    });
    each([hidden, others], () => elementwise++);
  });
  return { multAdds, elementwise };
}

export const recurrents = [
  of(
    'rnn',
    'an LSTM as PyTorch stores it: four gates, two biases',
    [[2, 7, 5]],
    { kind: 'lstm', hidden: 3 },
    { outShape: [2, 7, 3], params: visits(4, 3, 5) + visits(4, 3, 3) + 2 * 12, ...recurrent(7, 2, 5, 3, 4, 9) },
  ),
  of(
    'rnn',
    'a GRU in both directions, the last state, one bias',
    [[7, 2, 5]],
    { kind: 'gru', hidden: 3, directions: 2, biases: 1, timeAxis: 0, output: 'last' },
    {
      outShape: [2, 6],
      params: 2 * (visits(3, 3, 5) + visits(3, 3, 3) + 9),
      multAdds: 2 * recurrent(7, 2, 5, 3, 3, 8).multAdds,
      elementwise: 2 * recurrent(7, 2, 5, 3, 3, 8).elementwise,
    },
  ),
  of(
    'rnn',
    'one activation, no bias, a first state is read',
    [
      [2, 4, 5],
      [2, 6],
    ],
    { kind: 'simple', hidden: 6, biases: 0 },
    { outShape: [2, 4, 6], params: visits(6, 5) + visits(6, 6), ...recurrent(4, 2, 5, 6, 1, 1) },
  ),
  of(
    'rnn',
    'a projected LSTM with peepholes: the state is smaller than the cell',
    [[1, 3, 5]],
    { kind: 'lstm', hidden: 4, projection: 2, peepholes: true, biases: 0 },
    {
      outShape: [1, 3, 2],
      params: visits(16, 5) + visits(16, 2) + visits(2, 4) + 12,
      multAdds: visits(3, 16, 5) + visits(3, 16, 2) + visits(3, 2, 4),
      elementwise: visits(3, 4, 12),
    },
  ),
];
