// Are learnt tensors counted wherever they stand? As a matrix of a product, a token, a table, a factor; numbers and shapes are not.

import { describe, expect, test } from 'vitest';
import { profile } from '../../../src/profile.js';
import { graphIn, opsIn, shapeOut, type Small } from './small.js';

const sides = (...all: number[]) => all;

interface Kept {
  readonly params: number;
  readonly memoryAccess?: number;
  readonly ops?: readonly string[];
}

const CASES: readonly (readonly [title: string, small: Small, kept: Kept])[] = [
  [
    'a matrix per image of a batched product',
    { inputs: { x: [2, 5, 6] }, weights: { w: [2, 6, 4] }, nodes: [['MatMul', 'x w', 'y']] },
    { params: 48, memoryAccess: 60 + 48 + 40, ops: ['parameter', 'matmul'] },
  ],
  [
    'a constant first operand of a product',
    { inputs: { x: [1, 6, 4] }, weights: { w: [5, 6] }, nodes: [['MatMul', 'w x', 'y']] },
    { params: 30, ops: ['parameter', 'matmul'] },
  ],
  [
    'a token, repeated for each image and concatenated',
    {
      inputs: { x: [3, 7, 8] },
      weights: { token: [1, 1, 8] },
      ints: { s: [3, -1, -1], ones: [3, 1, 8] },
      nodes: [
        ['Expand', 'token ones', 't'],
        ['Concat', 't x', 'y', { axis: 1 }],
      ],
    },
    { params: 8, ops: ['parameter', 'concat'] },
  ],
  [
    'a token of a single image',
    { inputs: { x: [1, 7, 8] }, weights: { token: [1, 1, 8] }, nodes: [['Concat', 'token x', 'y', { axis: 1 }]] },
    { params: 8, ops: ['parameter', 'concat'] },
  ],
  [
    'a part of a table of positions: the whole table is learnt',
    {
      inputs: { x: [1, 4, 8] },
      weights: { table: [1, 16, 8] },
      ints: { from: [0], to: [4], axis: [1] },
      nodes: [
        ['Slice', 'table from to axis', 't'],
        ['Add', 'x t', 'y'],
      ],
    },
    { params: 128, ops: ['shiftBy'] },
  ],
  [
    'two parts of one table',
    {
      inputs: { x: [1, 4, 8] },
      weights: { table: [1, 16, 8] },
      ints: { a: [0], b: [4], c: [8], d: [12], axis: [1] },
      nodes: [
        ['Slice', 'table a b axis', 's'],
        ['Slice', 'table c d axis', 't'],
        ['Add', 'x s', 'u'],
        ['Mul', 'u t', 'y'],
      ],
    },
    { params: 128, ops: ['shiftBy', 'scaleBy'] },
  ],
  [
    'a factor per channel that is scaled before it is used',
    {
      weights: { gamma: [3, 1, 1] },
      floats: { half: 0.5 },
      nodes: [
        ['Mul', 'gamma half', 'g'],
        ['Mul', 'x g', 'y'],
      ],
    },
    { params: 3, ops: ['scaleBy'] },
  ],
  [
    'a factor and an offset for each element, the constant first',
    {
      weights: { a: [1, 3, 8, 8], b: [1, 3, 8, 8] },
      nodes: [
        ['Mul', 'a x', 's'],
        ['Add', 'b s', 'y'],
      ],
    },
    { params: 384, ops: ['scaleBy', 'shiftBy'] },
  ],
  [
    'a bound for each channel',
    { weights: { b: [3, 1, 1] }, nodes: [['Max', 'x b', 'y']] },
    { params: 3, ops: ['parameter', 'maximum'] },
  ],
  [
    'one factor with the name of a module',
    { floats: { 'scales.0.scale': [1.5] }, nodes: [['Mul', 'x scales.0.scale', 'y']] },
    { params: 1, ops: ['scaleBy'] },
  ],
  [
    'a number of the formula',
    { floats: { three: [3] }, nodes: [['Mul', 'x three', 'y']] },
    { params: 0, ops: ['scaleBy'] },
  ],
  [
    'one matrix that two products read',
    {
      inputs: { x: [2, 6, 6] },
      weights: { w: [2, 6, 6] },
      nodes: [
        ['MatMul', 'x w', 'a'],
        ['MatMul', 'a w', 'y'],
      ],
    },
    { params: 72, ops: ['parameter', 'matmul', 'matmul'] },
  ],
  [
    'whole numbers, which are indices or sizes',
    {
      inputs: { x: [1, 3] },
      ints: { s: [1, 2, 3] },
      nodes: [
        ['Cast', 's', 'f', { to: 1 }],
        ['Add', 'x f', 'y'],
      ],
    },
    { params: 0, ops: ['shiftBy'] },
  ],
];

describe('a learnt tensor', () => {
  test.each(CASES)('%s', (_, small, { params, memoryAccess, ops }) => {
    const graph = graphIn(small);
    const { totals } = profile(graph);
    expect({ params: totals.params, ops: opsIn(graph) }).toEqual({ params, ops });
    if (memoryAccess !== undefined) expect(totals.memoryAccess.unfused).toBe(memoryAccess);
  });

  test('keeps its name', () => {
    const graph = graphIn(CASES[2]![1]);
    expect(shapeOut(graph)).toEqual(sides(3, 8, 8));
    expect(graph.nodes[0]).toMatchObject({ name: 'token', shape: [3, 1, 8] });
    expect(graph.inputs).toHaveLength(1);
  });
});
