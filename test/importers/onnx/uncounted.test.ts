// Which forms of known ops are counted, and what is said of the others? With --allow-unknown one of them does not cost the file.

import { describe, expect, test } from 'vitest';
import { graphOf } from '../../../src/model.js';
import { profile } from '../../../src/profile.js';
import { branch, graphIn, modelOf, opsIn, shapeOut, type Small } from './small.js';

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

test('the places of maxima have their sides, and an unpool scatters into zeros', () => {
  const windows = { kernel_shape: [2, 2], strides: [2, 2] };
  const unpool = (more: string): Small => ({
    ints: { sides: [1, 3, 9, 9] },
    nodes: [
      ['MaxPool', 'x', 'p places', windows],
      ['MaxUnpool', `p places${more}`, 'y', windows],
    ],
  });
  const graph = graphIn(unpool(''));
  expect(opsIn(graph)).toEqual(['maxPool', 'constant', 'scatter']);
  expect(shapeOut(graph)).toEqual([1, 3, 8, 8]);
  expect(shapeOut(graphIn(unpool(' sides')))).toEqual([1, 3, 9, 9]);
});

describe('what is not counted is one node and not the whole file', () => {
  test.each<[string, Small, string]>([
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
      'a mean of dilated windows',
      {
        nodes: [
          ['Relu', 'x', 'r'],
          ['AveragePool', 'r', 'y', { kernel_shape: [2, 2], dilations: [2, 2] }],
        ],
      },
      'AveragePool',
    ],
  ])('%s', (_, small, op) => {
    expect(() => graphIn(small)).toThrow(`(${op}): `);
    const { omitted, nodes } = graphOf(modelOf(small, true));
    expect(omitted?.ops).toMatchObject([{ op, nodes: 1, why: expect.any(String) as string }]);
    expect(nodes.map(({ op }) => op)).toEqual(['relu']);
  });

  test('what does not fit is refused all the same', () => {
    const small: Small = { weights: { w: [4, 5, 3, 3] }, nodes: [['Conv', 'x w', 'y']] };
    expect(() => graphOf(modelOf(small, true))).toThrow('its weights [4, 5, 3, 3] do not fit');
  });
});

describe('an image of five sides', () => {
  const V = { x: [1, 3, 8, 33, 31] } as const;

  test('keeps them all, at the size of the file and at another of those that can be given', () => {
    const model = modelOf({ inputs: V, nodes: [['Relu', 'x', 'y']] });
    expect(shapeOut(graphOf(model))).toEqual([1, 3, 8, 33, 31]);
    expect(profile(graphOf(model)).totals.memoryAccess.unfused).toBe(2 * 24_552);
    expect(shapeOut(graphOf(model, 2, [3, 4, 33]))).toEqual([2, 3, 4, 33, 31]);
  });

  test('of one frame is an image of four', () => {
    const small: Small = {
      inputs: { x: [1, 3, 1, 33, 31] },
      ints: { s: [2] },
      weights: { w: [8, 3, 3, 3] },
      nodes: [
        ['Squeeze', 'x s', 'q'],
        ['Conv', 'q w', 'y'],
      ],
    };
    expect(profile(graphIn(small)).totals.multAdds).toBe(8 * 31 * 29 * 27);
  });

  test('is meant over all but the first two', () => {
    const small: Small = {
      inputs: V,
      weights: { w: [3, 10] },
      nodes: [
        ['GlobalAveragePool', 'x', 'm'],
        ['Flatten', 'm', 'f'],
        ['Gemm', 'f w', 'y'],
      ],
    };
    expect(graphIn(small).nodes[0]!.shape).toEqual([1, 3, 1, 1, 1]);
    expect(profile(graphIn(small)).totals.multAdds).toBe(30);
  });

  test('meant over the last two keeps the third', () => {
    const small: Small = {
      inputs: V,
      ints: { s: [1, 3, -1, 1] },
      weights: { w: [8, 3, 1, 1] },
      nodes: [
        ['Relu', 'x', 'r'],
        ['ReduceMean', 'r', 'm', { axes: [-1, -2], keepdims: 0 }],
        ['Reshape', 'm s', 'q'],
        ['Conv', 'q w', 'y'],
      ],
    };
    expect(profile(graphIn(small)).totals.multAdds).toBe(192);
  });

  test('goes into a three-dimensional convolution', () => {
    const small: Small = { inputs: V, weights: { w: [8, 3, 3, 3, 3] }, nodes: [['Conv', 'x w', 'y']] };
    expect(shapeOut(graphIn(small))).toEqual([1, 8, 6, 31, 29]);
    expect(profile(graphIn(small)).totals.multAdds).toBe(8 * 6 * 31 * 29 * 81);
  });

  test.each(['?', 'W'])('needs a number in the file past the fourth: %s', (side) => {
    const message = 'net.onnx: its input has 5 sides and leaves number 5 open: export it with that side fixed';
    expect(() => graphIn({ inputs: { x: [1, 3, 8, 33, side] }, nodes: [['Relu', 'x', 'y']] })).toThrow(message);
  });
});

describe('an op that exporters work out on constants', () => {
  const small: Small = {
    floats: { z: 0 },
    ints: { twice: [1, 1, 2, 2] },
    weights: { w: [4, 3, 1, 1], v: [5, 4, 1, 1] },
    nodes: [
      ['Greater', 'x z', 'g'],
      ['Where', 'g x z', 'b'],
      ['Conv', 'b w', 'c'],
      ['Floor', 'c', 'f'],
      ['Conv', 'f v', 'd'],
      ['Tile', 'd twice', 't'],
      ['Relu', 't', 'y'],
    ],
  };

  test('is an op of the network where it reads the image', () => {
    const graph = graphIn(small);
    expect(opsIn(graph)).toEqual(['greater', 'select', 'conv', 'floor', 'conv', 'tile', 'relu']);
    expect(shapeOut(graph)).toEqual([1, 5, 16, 16]);
    expect(profile(graph).totals.multAdds).toBe(64 * (4 * 3 + 5 * 4));
  });

  test('is left out behind an unknown one, and what follows is counted where the operands imply its sides', () => {
    const nodes = small.nodes.map(([op, input, output]): Small['nodes'][number] =>
      op === 'Where' ? ['Fancy', input, output] : [op, input, output],
    );
    expect(() => graphIn({ ...small, nodes })).toThrow('flopscope does not know Fancy (1x, first node "n_b")');
    const stated = graphOf(modelOf({ ...small, nodes, shapes: { b: [1, 3, 8, 8] } }, true));
    expect(profile(stated).totals.multAdds).toBe(64 * (4 * 3 + 5 * 4));
    expect(stated.omitted).toMatchObject({ ops: [{ op: 'Fancy', nodes: 1 }], behind: 0 });
  });

  test('is known where shapes alone go into it', () => {
    const shapes: Small = {
      inputs: { x: ['N', 3, 9, 9] },
      ints: { at: [2], last: [-1] },
      floats: { half: [0.5] },
      nodes: [
        ['Relu', 'x', 'r'],
        ['Shape', 'r', 's'],
        ['Gather', 's at', 'h'],
        ['Cast', 'h', 'c', { to: 1 }],
        ['Mul', 'c half', 'm'],
        ['Floor', 'm', 'f'],
        ['Cast', 'f', 'i', { to: 7 }],
        ['Concat', 'i last', 'to', { axis: 0 }],
        ['Reshape', 'r to', 'y'],
      ],
    };
    expect(() => graphIn(shapes)).toThrow('(Reshape): ');
    expect(shapeOut(graphIn({ ...shapes, inputs: { x: ['N', 3, 8, 8] } }))).toEqual([4, 48]);
  });

  test('may stand behind a branch that gives a shape', () => {
    const shapes: Small = {
      ints: { yes: 1 },
      floats: { half: [1, 1, 0.5, 2] },
      nodes: [
        ['Relu', 'x', 'r'],
        [
          'If',
          'yes',
          's',
          {
            then_branch: branch({ nodes: [['Shape', 'r', 'one']] }),
            else_branch: branch({ nodes: [['Shape', 'x', 'other']] }),
          },
        ],
        ['Cast', 's', 'c', { to: 1 }],
        ['Mul', 'c half', 'm'],
        ['Floor', 'm', 'f'],
        ['Cast', 'f', 'i', { to: 7 }],
        ['Reshape', 'r i', 'y'],
      ],
    };
    expect(shapeOut(graphIn(shapes))).toEqual([1, 3, 4, 16]);
  });
});

describe('a shape that the file states of what an unknown op makes', () => {
  const stated = (b: readonly number[]): Small => ({
    shapes: { b },
    weights: { w: [4, 3, 1, 1], v: [5, 3, 1, 1] },
    nodes: [
      ['Conv', 'x w', 'a'],
      ['Fancy', 'a', 'b'],
      ['Conv', 'b v', 'y'],
    ],
  });

  test('is read on from', () => {
    expect(profile(graphOf(modelOf(stated([1, 3, 4, 4]), true))).totals.multAdds).toBe(64 * 12 + 16 * 15);
  });

  test.each([[[1, 3, -4, 4]], [[1, 3, 0, 4]], [[1, 3, 2 ** 40, 2 ** 40]], [[1, 3, 2 ** 62, 1]]])(
    'is passed over where no value has it: %j',
    (sides) => {
      const graph = graphOf(modelOf(stated(sides), true));
      expect(profile(graph).totals.multAdds).toBe(64 * 12);
      expect(graph.omitted).toMatchObject({ ops: [{ op: 'Fancy' }], behind: 1 });
    },
  );
});

test.each([
  ['Conv', 0],
  ['ConvTranspose', 0],
  ['Conv', -2],
])('%s in %i groups is refused for it', (op, group) => {
  expect(() => graphIn({ weights: { w: [3, 3, 3, 3] }, nodes: [[op, 'x w', 'y', { group }]] })).toThrow(
    `its group is ${group}, and must be 1 or more`,
  );
});
