// Multiply-adds and parameters of small files, each with one thing that exporters write and that was refused or miscounted.

import { describe, expect, test } from 'vitest';
import { reconcile, type Counted } from '../../../src/counters/reconcile.js';
import { profile } from '../../../src/profile.js';
import { graphOf } from '../../../src/model.js';
import { graphIn, modelOf, opsIn, type Small } from './small.js';

const X = { x: [1, 3, 32, 32] } as const;
const real = (dims: readonly number[], values: readonly number[] = []) => ({
  ...{ name: '', dataType: 1, dims },
  floatData: values.length > 0 ? values : Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => 0.5 + i),
});
const whole = (values: readonly number[]) => ({ name: '', dataType: 7, dims: [values.length], int64Data: values });
const point = (...sides: number[]) => ({ w: sides });

type OpRow = readonly [title: string, multAdds: number, params: number, small: Small];

const PARAMETERS: readonly OpRow[] = [
  [
    'a token that is concatenated and then added to',
    0,
    32,
    {
      inputs: X,
      weights: { token: [1, 1, 32] },
      ints: { sides: [1, 96, 32] },
      nodes: [
        ['Reshape', 'x sides', 'r'],
        ['Concat', 'token r', 'c', { axis: 1 }],
        ['ReduceMean', 'c', 'm', { axes: [1] }],
        ['Add', 'token m', 'y'],
      ],
    },
  ],
  [
    'a gate and one minus the gate',
    24_576,
    32,
    {
      inputs: X,
      weights: { ...point(8, 3, 1, 1), g: [1, 8, 1, 1] },
      floats: { one: 1 },
      nodes: [
        ['Conv', 'x w', 'f'],
        ['Sigmoid', 'g', 's'],
        ['Sub', 'one s', 't'],
        ['Mul', 'f s', 'a'],
        ['Mul', 'f t', 'b'],
        ['Concat', 'a b', 'y', { axis: 1 }],
      ],
    },
  ],
  [
    'weights times a gain',
    194_400,
    224,
    {
      inputs: X,
      weights: { v: [8, 3, 3, 3], g: [8, 1, 1, 1] },
      nodes: [
        ['Mul', 'v g', 'w'],
        ['Conv', 'x w', 'y'],
      ],
    },
  ],
  [
    'weights that two convolutions share, with biases of their own',
    388_800,
    232,
    {
      inputs: X,
      weights: { w: [8, 3, 3, 3], b: [8], c: [8] },
      nodes: [
        ['Conv', 'x w b', 'p'],
        ['Conv', 'x w c', 'q'],
        ['Add', 'p q', 'y'],
      ],
    },
  ],
  [
    'a clipped gate',
    24_576,
    32,
    {
      inputs: X,
      weights: { ...point(8, 3, 1, 1), g: [1, 8, 1, 1] },
      floats: { low: 0 },
      nodes: [
        ['Clip', 'g low', 'h'],
        ['Conv', 'x w', 'f'],
        ['Mul', 'f h', 'y'],
      ],
    },
  ],
  [
    'a table of positions, tiled',
    196_608,
    4288,
    {
      inputs: X,
      weights: { w: [64, 3, 1, 1], table: [1, 64, 8, 8] },
      ints: { times: [1, 1, 4, 4] },
      nodes: [
        ['Conv', 'x w', 'f'],
        ['Tile', 'table times', 'p'],
        ['Add', 'f p', 'y'],
      ],
    },
  ],
  [
    'a mask in a Constant node, beside stored weights',
    24_576,
    24,
    {
      inputs: X,
      weights: point(8, 3, 1, 1),
      nodes: [
        ['Constant', '', 'mask', { value: real([1, 8, 1, 32]) }],
        ['Conv', 'x w', 'f'],
        ['Add', 'f mask', 'y'],
      ],
    },
  ],
  [
    'a mask that is written into zeros',
    24_576,
    24,
    {
      inputs: X,
      weights: { ...point(8, 3, 1, 1), zeros: [1, 8, 32, 32], values: [5] },
      indices: { at: [5, 4] },
      nodes: [
        ['ScatterND', 'zeros at values', 'm'],
        ['Conv', 'x w', 'f'],
        ['Add', 'f m', 'y'],
      ],
    },
  ],
  [
    'an offset in a Constant node of a file that stores no tensors',
    0,
    3,
    {
      nodes: [
        ['Constant', '', 'b', { value: real([1, 3, 1, 1]) }],
        ['Relu', 'x', 'a'],
        ['Add', 'a b', 'y'],
      ],
    },
  ],
  [
    'weights that were stripped, through a change of sides',
    0,
    12,
    {
      weights: { s: [3], t: [3], m: [3], v: [3] },
      ints: { three: [3], axes: [1, 2] },
      nodes: [
        ['BatchNormalization', 'x s t m v', 'a'],
        ['ConstantOfShape', 'three', 'k'],
        ['Unsqueeze', 'k axes', 'k2'],
        ['Mul', 'a k2', 'c'],
        ['ConstantOfShape', 'three', 'b'],
        ['Unsqueeze', 'b axes', 'b2'],
        ['Add', 'c b2', 'y'],
      ],
    },
  ],
  [
    'a bias behind a transposed convolution',
    8 * 8 * 3 * 24 * 4,
    3 * 24 * 4 + 24,
    {
      weights: { w: [3, 24, 2, 2], b: [1, 24, 1, 1] },
      nodes: [
        ['ConvTranspose', 'x w', 'a', { strides: [2, 2] }],
        ['Add', 'a b', 'y'],
      ],
    },
  ],
  [
    'a bias of a single channel',
    64 * 3,
    4,
    {
      weights: { w: [1, 3, 1, 1], b: [1] },
      nodes: [
        ['Conv', 'x w', 'a'],
        ['Add', 'a b', 'y'],
      ],
    },
  ],
  [
    'a group norm without a shift, of ones and zeros that the exporter filled in',
    0,
    8,
    {
      inputs: { x: [1, 8, 16, 16] },
      weights: { g: [8, 1, 1] },
      ints: { groups: [0, 1, -1] },
      nodes: [
        ['Constant', '', 'one', { value: real([1], [1]) }],
        ['Constant', '', 'zero', { value: real([1], [0]) }],
        ['Constant', '', 'none', { value: real([1, 1, 1], [0]) }],
        ['Reshape', 'x groups', 'r'],
        ['InstanceNormalization', 'r one zero', 'i'],
        ['Shape', 'x', 's'],
        ['Reshape', 'i s', 'b'],
        ['Mul', 'b g', 'm'],
        ['Add', 'm none', 'y'],
      ],
    },
  ],
  [
    'small integers that are made real: the weights are learnt, the scale is not',
    24_576,
    24,
    {
      inputs: X,
      indices: point(8, 3, 1, 1),
      weights: { scale: [8] },
      nodes: [
        ['DequantizeLinear', 'w scale', 'v', { axis: 0 }],
        ['Conv', 'x v', 'y'],
      ],
    },
  ],
];

const FORMS: readonly OpRow[] = [
  [
    'SAME padding that is worked out with Clip',
    16 * 16 * 8 * 27,
    216,
    {
      inputs: X,
      weights: point(8, 3, 3, 3),
      ints: { two: 2, first: [0], zeros: [0, 0] },
      floats: { stride: 2, one: 1, three: 3, none: 0 },
      nodes: [
        ['Shape', 'x', 's'],
        ['Gather', 's two', 'h'],
        ['Cast', 'h', 'hf', { to: 1 }],
        ['Div', 'hf stride', 'd'],
        ['Ceil', 'd', 'c'],
        ['Sub', 'c one', 'm1'],
        ['Mul', 'm1 stride', 'm2'],
        ['Add', 'm2 three', 'a'],
        ['Sub', 'a hf', 'p'],
        ['Clip', 'p none', 'q'],
        ['Cast', 'q', 'i', { to: 7 }],
        ['Unsqueeze', 'i first', 'u'],
        ['Concat', 'zeros zeros zeros u u', 'pads', { axis: 0 }],
        ['Pad', 'x pads', 'wide'],
        ['Conv', 'wide w', 'y', { strides: [2, 2] }],
      ],
    },
  ],
  [
    'a table gathered by stored indices',
    1_245_184,
    16_640,
    {
      inputs: X,
      weights: { w: [64, 3, 1, 1], table: [4, 16], m: [1024, 16] },
      indices: { at: [16, 16] },
      ints: { sides: [1, 4, 16, 1024] },
      nodes: [
        ['Conv', 'x w', 'f'],
        ['Reshape', 'f sides', 'r'],
        ['Gather', 'table at', 'b', { axis: 1 }],
        ['MatMul', 'r m', 'q'],
        ['Add', 'q b', 'y'],
      ],
    },
  ],
  [
    'rows that are no neighbours',
    4608,
    24,
    {
      inputs: X,
      weights: point(8, 3, 1, 1),
      ints: { at: [0, 5, 9, 2, 31, 7] },
      nodes: [
        ['Gather', 'x at', 'g', { axis: 2 }],
        ['Conv', 'g w', 'y'],
      ],
    },
  ],
  [
    'indices that are not in the file',
    1_536_000,
    24,
    {
      inputs: X,
      weights: point(8, 3, 1, 1),
      indices: { at: [2000] },
      nodes: [
        ['Gather', 'x at', 'g', { axis: 2 }],
        ['Conv', 'g w', 'y'],
      ],
    },
  ],
  [
    'a product in Einstein notation, with weights',
    49_152,
    512,
    {
      inputs: X,
      weights: { w: [32, 16] },
      ints: { sides: [1, 96, 32] },
      nodes: [
        ['Reshape', 'x sides', 'r'],
        ['Einsum', 'r w', 'y', { equation: 'bij,jk->bik' }],
      ],
    },
  ],
  [
    'a product of two in Einstein notation, with dots and an implied result',
    2 * 5 * 7 * 6,
    0,
    {
      inputs: { x: [2, 5, 6], z: [2, 6, 7] },
      nodes: [['Einsum', 'x z', 'y', { equation: '...ij,...jk' }]],
    },
  ],
  [
    'weights that the network computes',
    195_048,
    648,
    {
      inputs: X,
      weights: { r: [3, 216] },
      ints: { sides: [8, 3, 3, 3] },
      nodes: [
        ['GlobalAveragePool', 'x', 'p'],
        ['Flatten', 'p', 'q'],
        ['MatMul', 'q r', 'k'],
        ['Reshape', 'k sides', 'w'],
        ['Conv', 'x w', 'y'],
      ],
    },
  ],
  [
    'padding of five sides',
    207_576,
    216,
    {
      inputs: X,
      weights: point(8, 3, 3, 3),
      ints: { five: [1, 3, 1, 32, 32], pads: [0, 0, 0, 0, 0, 0, 0, 0, 1, 1], four: [1, 3, 33, 33] },
      nodes: [
        ['Reshape', 'x five', 'r'],
        ['Pad', 'r pads', 'q'],
        ['Reshape', 'q four', 'z'],
        ['Conv', 'z w', 'y'],
      ],
    },
  ],
  [
    'a running sum, a sine and places of the largest',
    4 * 32 * 5 * 3,
    12,
    {
      inputs: X,
      weights: { w: [4, 3, 1, 1] },
      ints: { axis: 2, k: [5] },
      nodes: [
        ['CumSum', 'x axis', 'a'],
        ['Sin', 'a', 'b'],
        ['TopK', 'b k', 'v i'],
        ['Conv', 'v w', 'y'],
      ],
    },
  ],
  [
    'slices by places',
    120,
    40,
    {
      inputs: X,
      weights: { w: [10, 4] },
      indices: { at: [1, 3, 10, 2] },
      ints: { sides: [1, 3, 10] },
      nodes: [
        ['GatherND', 'x at', 'g', { batch_dims: 2 }],
        ['Reshape', 'g sides', 'r'],
        ['MatMul', 'r w', 'y'],
      ],
    },
  ],
  [
    'a convolution of three sides',
    6 * 6 * 2 * 8 * 81,
    648,
    { inputs: { x: [1, 3, 4, 8, 8] }, weights: { w: [8, 3, 3, 3, 3] }, nodes: [['Conv', 'x w', 'y']] },
  ],
  [
    'a matrix times a stored vector',
    3072,
    32,
    {
      inputs: X,
      weights: { v: [32] },
      ints: { sides: [1, 96, 32] },
      nodes: [
        ['Reshape', 'x sides', 'r'],
        ['MatMul', 'r v', 'y'],
      ],
    },
  ],
  [
    'a computed token, tiled',
    536,
    56,
    {
      inputs: X,
      weights: { w: [8, 3, 1, 1], v: [4, 8, 1, 1] },
      ints: { times: [1, 1, 4, 4] },
      nodes: [
        ['GlobalAveragePool', 'x', 'p'],
        ['Conv', 'p w', 'q'],
        ['Tile', 'q times', 't'],
        ['Conv', 't v', 'y'],
      ],
    },
  ],
  [
    'an LSTM over 100 steps',
    3_276_800,
    33_280,
    {
      inputs: { x: [100, 1, 64] },
      weights: { w: [1, 256, 64], r: [1, 256, 64], b: [1, 512] },
      nodes: [['LSTM', 'x w r b', 'y', { hidden_size: 64 }]],
    },
  ],
  [
    'a GRU in both directions',
    2 * 7 * 5 * 3 * 6 * (4 + 6),
    2 * 18 * (4 + 6),
    {
      inputs: { x: [7, 5, 4] },
      weights: { w: [2, 18, 4], r: [2, 18, 6] },
      nodes: [['GRU', 'x w r', 'y h', { hidden_size: 6, direction: 'bidirectional' }]],
      outputs: ['y', 'h'],
    },
  ],
  [
    'a deformable convolution',
    2_506_752,
    2448,
    {
      inputs: { x: [1, 8, 32, 32] },
      weights: { w: [16, 8, 3, 3], o: [18, 8, 3, 3] },
      nodes: [
        ['Conv', 'x o', 'off', { pads: [1, 1, 1, 1] }],
        ['DeformConv', 'x w off', 'y', { pads: [1, 1, 1, 1] }],
      ],
    },
  ],
  [
    'dynamic quantization',
    221_184,
    224,
    {
      inputs: X,
      weights: { b: [8] },
      indices: { q: [8, 3, 3, 3], zero: [] },
      floats: { scale: 0.1 },
      ints: { sides: [1, -1, 1, 1] },
      nodes: [
        ['Reshape', 'b sides', 'c'],
        ['DynamicQuantizeLinear', 'x', 'xq xs xz'],
        ['Mul', 'xs scale', 's'],
        ['ConvInteger', 'xq q xz zero', 'i', { pads: [1, 1, 1, 1] }],
        ['Cast', 'i', 'f', { to: 1 }],
        ['Mul', 'f s', 'g'],
        ['Add', 'g c', 'y'],
      ],
    },
  ],
  [
    'a matrix and its mirror, by an identity that the exporter makes',
    0,
    0,
    {
      nodes: [
        ['Constant', '', 'side', { value: whole([8, 8]) }],
        ['ConstantOfShape', 'side', 'z'],
        ['EyeLike', 'z', 'e'],
        ['Mul', 'x e', 'm'],
        ['Slice', 'm from to axis step', 'y'],
      ],
      ints: { from: [-1], to: [-9], axis: [3], step: [-1] },
    },
  ],
];

describe.each([
  ['parameters', PARAMETERS],
  ['forms', FORMS],
])('%s', (_, rows) => {
  test.each(rows)('%s', (__, multAdds, params, small) => {
    const { totals } = profile(graphIn(small));
    expect({ multAdds: totals.multAdds, params: totals.params }).toEqual({ multAdds, params });
  });
});

test('what runs backwards is reversed, in the direction of one side', () => {
  const graph = graphIn(FORMS.at(-1)![3]);
  expect(opsIn(graph)).toEqual(['scaleBy', 'flip']);
});

describe('equal weights that are stored once', () => {
  const shared = (names: readonly [string, string]): Small => ({
    inputs: { x: [1, 5, 6] },
    weights: { 'onnx::MatMul_1': [6, 6] },
    nodes: [
      ['Identity', 'onnx::MatMul_1', 'onnx::MatMul_2'],
      ['MatMul', 'x onnx::MatMul_1', 'a'],
      ['MatMul', 'a onnx::MatMul_2', 'y'],
    ],
    names: { a: `/${names[0]}/MatMul`, y: `/${names[1]}/MatMul` },
  });
  const params = (small: Small): number => profile(graphIn(small)).totals.params;

  test('are one parameter where a module runs again', () => {
    expect(params(shared(['mlp/fc1', 'mlp/fc1_1']))).toBe(36);
  });

  test('and two where other modules read them', () => {
    expect(params(shared(['blocks.0/fc1', 'blocks.1/fc1']))).toBe(72);
  });
});

describe('what only the data decide', () => {
  const small: Small = {
    weights: { w: [4, 3, 1, 1] },
    nodes: [
      ['Conv', 'x w', 'c'],
      ['NonZero', 'c', 'n'],
      ['Cast', 'n', 'y', { to: 1 }],
    ],
    outputs: ['c', 'y'],
  };

  test('is left out, and the totals are a lower bound', () => {
    const counted = profile(graphIn(small));
    expect(counted.totals.multAdds).toBe(64 * 12);
    expect(counted.lowerBound).toMatchObject({ ops: [{ op: 'NonZero', nodes: 1 }], behind: 1 });
    expect(modelOf(small).partial).toBe(true);
  });
});

test('both exporters of PyTorch give the same names, stages and blocks', () => {
  const nodes: Small['nodes'] = [
    ['Conv', 'x w', 'a'],
    ['Relu', 'a', 'b'],
    ['Conv', 'b v', 'c'],
    ['Add', 'c a', 'y'],
  ];
  const weights = { w: [3, 3, 1, 1], v: [3, 3, 1, 1] };
  const script = graphIn({
    ...{ nodes, weights },
    names: {
      a: '/layer1/layer1.0/conv1/Conv',
      b: '/layer1/layer1.0/act/Relu',
      c: '/layer1/layer1.1/conv1/Conv',
      y: '/layer1/layer1.1/Add',
    },
  });
  const dynamo = graphIn({
    ...{ nodes, weights },
    names: { a: 'node_Conv_1', b: 'node_relu', c: 'node_Conv_2', y: 'node_add' },
    scopes: {
      a: ['', 'layer1', 'layer1.0', 'layer1.0.conv1', 'conv2d'],
      b: ['', 'layer1', 'layer1.0', 'layer1.0.act', 'relu'],
      c: ['', 'layer1', 'layer1.1', 'layer1.1.conv1', 'conv2d_1'],
      y: ['', 'layer1', 'layer1.1', 'add'],
    },
  });
  const placed = (graph: typeof script) => graph.nodes.map(({ name, stage, block }) => [name, stage, block]);
  expect(placed(dynamo)).toEqual(placed(script));
  expect(placed(dynamo)[2]).toEqual(['layer1.1.conv1', 'layer1', 'layer1.1']);
});

test('elements are sized as the file stores its weights', () => {
  const nodes: Small['nodes'] = [['Conv', 'x w', 'y']];
  expect(modelOf({ halves: { w: [4, 3, 3, 3] }, nodes }).bytesPerElement).toBe(2);
  expect(modelOf({ weights: { w: [4, 3, 3, 3] }, nodes }).bytesPerElement).toBe(4);
});

test('reconcile counts the batch that a file was exported for, in every counter', () => {
  const file = (n: number) =>
    modelOf({ inputs: { x: [n, 3, 8, 8] }, weights: { w: [4, 3, 1, 1] }, nodes: [['Conv', 'x w', 'y']] });
  const [one, two] = [reconcile(file(1)), reconcile(file(2))];
  expect(two.input.n).toBe(2);
  // Parameters do not grow with the batch.
  const grows = ({ measures }: Counted): number => (measures === 'params' ? 1 : 2);
  expect(two.counters.map(({ total }) => total)).toEqual(one.counters.map((counter) => grows(counter) * counter.total));
});

test('layers that feed no output are counted and named', () => {
  const small: Small = {
    weights: { w: [8, 3, 3, 3], v: [64, 8, 3, 3] },
    nodes: [
      ['Conv', 'x w', 'y', { pads: [1, 1, 1, 1] }],
      ['Conv', 'y v', 'z', { pads: [1, 1, 1, 1] }],
    ],
    outputs: ['y'],
  };
  const counted = profile(graphOf(modelOf(small)));
  expect(counted.deadEnds).toEqual({ layers: ['n_z'], multAdds: 64 * 64 * 72, params: 64 * 72 });
  expect(counted.totals.multAdds).toBe(64 * 8 * 27 + 64 * 64 * 72);
});
