// Is an If read whose condition is known before anything runs? The branch that is taken, with what it stores and reads from outside.

import { describe, expect, test } from 'vitest';
import { profile } from '../../../src/profile.js';
import { inlined } from '../../../src/importers/onnx/functions.js';
import type { OnnxModel } from '../../../src/importers/onnx/messages.js';
import { branch, graphIn, modelOf, opsIn, shapeOut, type Small } from './small.js';
import { graphOf } from '../../../src/model.js';

const conv = branch({
  weights: { w: [5, 3, 1, 1] },
  nodes: [
    ['Conv', 'a w', 'c'],
    ['Relu', 'c', 'd'],
  ],
});
const nothing = branch({ nodes: [['Identity', 'a', 'e']] });

const net = (condition: Partial<Small>, before: Small['nodes'] = [], input = 'cond'): Small => ({
  ...condition,
  nodes: [['Sigmoid', 'x', 'a'], ...before, ['If', input, 'y', { then_branch: conv, else_branch: nothing }]],
});

describe('an If with a constant condition is the branch that is taken', () => {
  test.each([
    [1, ['sigmoid', 'conv', 'relu'], [1, 5, 8, 8], 15],
    [0, ['sigmoid'], [1, 3, 8, 8], 0],
  ])('%i', (value, ops, shape, params) => {
    const graph = graphIn(net({ ints: { cond: value } }));
    expect(opsIn(graph)).toEqual(ops);
    expect(shapeOut(graph)).toEqual(shape);
    expect(profile(graph).totals).toMatchObject({ params, multAdds: 64 * params });
  });

  test('also one that follows from the shape, as a squeeze of PyTorch is written', () => {
    const asked: Small['nodes'] = [
      ['Shape', 'x', 's'],
      ['Gather', 's one', 'side'],
      ['Equal', 'side three', 'cond'],
    ];
    expect(opsIn(graphIn(net({ ints: { one: 1, three: 3 } }, asked)))).toContain('conv');
    expect(opsIn(graphIn(net({ ints: { one: 1, three: 4 } }, asked)))).not.toContain('conv');
  });

  test('in a branch of another, and in an order that is not that of the file', () => {
    const inner = branch({
      nodes: [['If', 'no', 'z', { then_branch: nothing, else_branch: branch({ nodes: [['Tanh', 'a', 't']] }) }]],
    });
    const small: Small = {
      ints: { yes: 1, no: 0 },
      nodes: [
        ['If', 'yes', 'y', { then_branch: inner, else_branch: nothing }],
        ['Sigmoid', 'x', 'a'],
      ],
      outputs: ['y'],
    };
    expect(opsIn(graphIn(small))).toEqual(['sigmoid', 'tanh']);
  });

  test('what nobody takes may hold what nobody knows', () => {
    const strange = branch({ nodes: [['Fancy', 'a', 'f']] });
    const small = (cond: number): Small => ({
      ints: { cond },
      nodes: [
        ['Sigmoid', 'x', 'a'],
        ['If', 'cond', 'y', { then_branch: strange, else_branch: nothing }],
      ],
    });
    expect(opsIn(graphIn(small(0)))).toEqual(['sigmoid']);
    expect(() => graphIn(small(1))).toThrow(
      'net.onnx: node "n_y" (If): node "n_f" (Fancy): flopscope does not know this op',
    );
    expect(graphOf(modelOf(small(1), true)).omitted).toMatchObject({ ops: [{ op: 'Fancy', nodes: 1 }] });
  });
});

test('branches of a function count for every call of it', () => {
  const node = (opType: string, output: string, attribute: readonly object[] = []) => ({
    ...{ opType, domain: 'own', name: output, input: [], output: [output], attribute, metadataProps: [] },
  });
  const graph = { ...branch({ nodes: [] }), node: Array.from({ length: 100 }, (_, i) => node('Relu', `r${i}`)) };
  const own = { name: 'F', domain: 'own', input: [], output: [], attributeProto: [] };
  const model = (calls: number): OnnxModel =>
    ({
      graph: { node: Array.from({ length: calls }, (_, i) => node('F', `f${i}`)) },
      functions: [{ ...own, node: [node('If', 'y', [{ name: 'then_branch', g: graph }])] }],
    }) as unknown as OnnxModel;
  expect(inlined(model(9), 1000)).toHaveLength(9);
  expect(() => inlined(model(10), 1000)).toThrow('makes a graph of more than 1000 nodes');
});

describe('an If whose condition the network computes', () => {
  const open = net({}, [['ReduceMax', 'x', 'cond', { keepdims: 0 }]]);

  test('is refused, with the reason', () => {
    expect(() => graphIn(open)).toThrow(
      'net.onnx: node "n_y" (If): its condition is computed from the image, so that which branch is taken is known when it runs',
    );
  });

  test('is left out where that is allowed', () => {
    const { omitted } = graphOf(modelOf(open, true));
    expect(omitted?.ops).toMatchObject([
      { op: 'If', nodes: 1, first: 'n_y', why: expect.stringContaining('condition') as string },
    ]);
  });
});
