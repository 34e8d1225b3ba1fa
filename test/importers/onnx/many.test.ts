// Files with very many parts or numbers, and ops that are left out where sizes have symbols.

import { expect, test } from 'vitest';
import { show } from '../../../src/dim/text.js';
import { closedForm } from '../../../src/formula/closedForm.js';
import { graphIn, modelOf, shapeOut } from './small.js';

test('a split of very many parts keeps no list of all of them in each', () => {
  const parts = Array.from({ length: 3000 }, (_, i) => `p${i}`);
  const graph = graphIn({
    inputs: { x: [1, 3000, 2, 2] },
    names: { [parts.join(' ')]: 'split' },
    nodes: [
      ['Split', 'x', parts.join(' '), { axis: 1 }],
      ['Concat', parts.join(' '), 'y', { axis: 1 }],
    ],
  });
  const splits = graph.nodes.filter(({ op }) => op === 'split');
  expect(splits.map(({ shape }) => shape)).toEqual(parts.map(() => [1, 1, 2, 2]));
  expect(Math.max(...splits.map(({ attributes }) => (attributes['sizes'] as readonly number[]).length))).toBe(3);
  expect(shapeOut(graph)).toEqual([1, 3000, 2, 2]);
});

test('a range of more numbers than are worked out has its length', () => {
  const graph = graphIn({
    inputs: { x: [1, 500_000_000] },
    ints: { start: 0, limit: 1_000_000_000, step: 2 },
    nodes: [
      ['Range', 'start limit step', 'r'],
      ['Mul', 'x r', 'y'],
    ],
  });
  expect(shapeOut(graph)).toEqual([1, 500_000_000]);
});

test('an op that is left out keeps the sides of its operand in a closed form', () => {
  const model = modelOf(
    {
      inputs: { x: [1, 3, 8, 8] },
      weights: { w: [4, 3, 1, 1], v: [5, 4, 1, 1] },
      nodes: [
        ['Conv', 'x w', 'a'],
        ['Fancy', 'a', 'b'],
        ['Conv', 'b v', 'y'],
      ],
      shapes: { b: [1, 4, 8, 8] },
    },
    true,
  );
  expect(show(closedForm(model).counts.multAdds)).toBe('32 h n w');
});

test('Fourier transforms move data: the shapes of onnx.reference', () => {
  const signal = { inputs: { x: [2, 128, 1] } };
  const short = { ...signal, ints: { step: 8 }, floats: { w: Array.from({ length: 16 }, () => 1) } };
  expect(shapeOut(graphIn({ ...short, nodes: [['STFT', 'x step w', 'y', { onesided: 1 }]] }))).toEqual([2, 15, 9, 2]);
  expect(shapeOut(graphIn({ ...signal, nodes: [['DFT', 'x', 'y', { axis: 1, onesided: 1 }]] }))).toEqual([2, 65, 2]);
  expect(shapeOut(graphIn({ ...signal, nodes: [['DFT', 'x', 'y']] }))).toEqual([2, 128, 2]);
});
