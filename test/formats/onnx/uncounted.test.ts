// Which forms of known ops are counted, and what is said of the others? With --allow-unknown one of them does not cost the file.

import { describe, expect, test } from 'vitest';
import { graphOf } from '../../../src/model.js';
import { profile } from '../../../src/profile.js';
import { graphIn, modelOf, opsIn, shapeOut, type Small } from './small.js';

const behind = (node: Small['nodes'][number], more: Partial<Small> = {}): Small => ({
  ...more,
  weights: { w: [4, 3, 1, 1], ...more.weights },
  nodes: [node, ['Conv', 'p w', 'y']],
});

describe('what has a shape that follows exactly is counted', () => {
  test('a dilated max pool', () => {
    const graph = graphIn({
      nodes: [['MaxPool', 'x', 'y', { kernel_shape: [3, 3], dilations: [2, 1], strides: [1, 2], pads: [2, 1, 2, 1] }]],
    });
    expect(shapeOut(graph)).toEqual([1, 3, 8, 4]);
    expect(profile(graph).totals.flops).toBe(3 * 8 * 4 * 9);
  });

  test('a max pool whose places nobody reads', () => {
    const small = behind(['MaxPool', 'x', 'p i', { kernel_shape: [2, 2], strides: [2, 2] }]);
    expect(opsIn(graphIn(small))).toEqual(['maxPool', 'conv']);
  });

  test.each([
    ['less of all sides', [0, 0, -1, -2, 0, 0, -3, 0], [1, 3, 4, 6], ['slice']],
    ['less before and more behind', [0, 0, -1, 0, 0, 0, 2, 0], [1, 3, 9, 8], ['slice', 'pad']],
    ['fewer channels', [0, -1, 0, 0, 0, -1, 0, 0], [1, 1, 8, 8], ['split']],
  ])('pads below 0: %s', (_, pads, shape, ops) => {
    const graph = graphIn({ ints: { pads }, nodes: [['Pad', 'x pads', 'y']] });
    expect(shapeOut(graph)).toEqual(shape);
    expect(opsIn(graph)).toEqual(ops);
  });

  test('nothing is left of a side that is cut off', () => {
    expect(() => graphIn({ ints: { pads: [0, 0, -4, 0, 0, 0, -4, 0] }, nodes: [['Pad', 'x pads', 'y']] })).toThrow(
      'node "n_y" (Pad): it cuts off all of a side of [1, 3, 8, 8]',
    );
  });

  /** The scales of the examples of ONNX's Resize: min and max of 7 / 2 and 8 / 4, for [1, 1, 2, 4]. */
  test.each([
    ['not_larger', [7, 8], [1, 1, 4, 8]],
    ['not_smaller', [7, 8], [1, 1, 7, 14]],
    ['not_larger', [3, 5], [1, 1, 3, 5]],
    ['stretch', [7, 8], [1, 1, 7, 8]],
  ])('a resize that keeps the ratio: %s than %j', (policy, sizes, shape) => {
    const small: Small = {
      opset: 18,
      inputs: { x: [1, 1, 2, 4] },
      ints: { sizes },
      nodes: [['Resize', 'x - - sizes', 'y', { axes: [2, 3], keep_aspect_ratio_policy: policy, mode: 'nearest' }]],
    };
    expect(shapeOut(graphIn(small))).toEqual(shape);
  });
});

describe('what is not counted is one node and not the whole file', () => {
  const pool = (second: string): Small => ({
    ...behind(['MaxPool', 'x', `p ${second}`, { kernel_shape: [2, 2], strides: [2, 2] }], {
      shapes: { p: [1, 3, 4, 4] },
    }),
    outputs: ['y', 'places'],
  });

  test('places that are read, with a shape from the file', () => {
    const small = pool('places');
    expect(() => graphIn(small)).toThrow('node "n_p places" (MaxPool): something reads the places of its maxima');
    const graph = graphOf(modelOf(small, true));
    expect(opsIn(graph)).toEqual(['conv']);
    expect(profile(graph)).toMatchObject({
      totals: { multAdds: 4 * 3 * 16 },
      lowerBound: {
        ops: [{ op: 'MaxPool', nodes: 1, why: 'something reads the places of its maxima, which are not counted' }],
        behind: 0,
      },
    });
  });

  test.each<[string, Small, string]>([
    [
      'a three-dimensional convolution',
      {
        weights: { k: [2, 3, 3, 3, 3] },
        ints: { s: [1, 3, 4, 4, 4] },
        nodes: [
          ['Relu', 'x', 'r'],
          ['Reshape', 'r s', 'a'],
          ['Conv', 'a k', 'y'],
        ],
      },
      'Conv',
    ],
    [
      'sides that the network computes',
      {
        nodes: [
          ['Relu', 'x', 's'],
          ['Reshape', 'x s', 'y'],
        ],
      },
      'Reshape',
    ],
    [
      'a slice that runs backwards',
      {
        ints: { from: [-1], to: [-9], axis: [3], step: [-1] },
        nodes: [
          ['Relu', 'x', 'a'],
          ['Slice', 'a from to axis step', 'y'],
        ],
      },
      'Slice',
    ],
    [
      'weights that the network computes',
      {
        nodes: [
          ['Relu', 'x', 'r'],
          ['Conv', 'x r', 'y'],
        ],
      },
      'Conv',
    ],
    [
      'elements that are no neighbours',
      {
        ints: { at: [0, 2] },
        nodes: [
          ['Relu', 'x', 'a'],
          ['Gather', 'a at', 'y', { axis: 1 }],
        ],
      },
      'Gather',
    ],
  ])('%s', (_, small, op) => {
    expect(() => graphIn(small)).toThrow(`(${op}): `);
    const { omitted, nodes } = graphOf(modelOf(small, true));
    expect(omitted?.ops).toMatchObject([{ op, nodes: 1, why: expect.any(String) as string }]);
    expect(nodes.map(({ op }) => op)).toEqual(op === 'Conv' && nodes.length > 1 ? ['relu', 'reshape'] : ['relu']);
  });

  test('what does not fit is refused all the same', () => {
    const small: Small = { weights: { w: [4, 5, 3, 3] }, nodes: [['Conv', 'x w', 'y']] };
    expect(() => graphOf(modelOf(small, true))).toThrow('its weights [4, 5, 3, 3] do not fit');
  });
});
