// Are other exporters' manners and other opsets read? Each in a small file of its own.

import { describe, expect, test } from 'vitest';
import { closedForm } from '../../../src/formula/closedForm.js';
import { show } from '../../../src/dim/text.js';
import { profile } from '../../../src/profile.js';
import { readOnnx } from '../../../src/importers/onnx/readOnnx.js';
import { bytesSource } from '../../../src/importers/modelFile.js';
import { encode } from '../../../src/exporters/onnx/writeMessage.js';
import { graphOf } from '../../../src/model.js';
import { bytesOf, graphIn, int64, modelOf, opsIn, shapeOut, type Small } from './small.js';

const conv = (attributes: object = {}, sides = [4, 3, 3, 3]): Small => ({
  weights: { w: sides },
  nodes: [['Conv', 'x w', 'y', attributes as never]],
});

describe('windows', () => {
  test.each<[string, object, readonly number[]]>([
    ['no attributes: the weight says the kernel', {}, [1, 4, 6, 6]],
    ['SAME_UPPER pads at the end', { auto_pad: 'SAME_UPPER', strides: [3, 3] }, [1, 4, 3, 3]],
    ['SAME_LOWER pads at the start', { auto_pad: 'SAME_LOWER', strides: [2, 2] }, [1, 4, 4, 4]],
    ['VALID pads nowhere', { auto_pad: 'VALID', strides: [2, 2] }, [1, 4, 3, 3]],
    ['pads of four sides', { pads: [0, 1, 2, 3] }, [1, 4, 8, 10]],
    ['dilations', { dilations: [2, 3] }, [1, 4, 4, 2]],
  ])('%s', (_, attributes, shape) => {
    expect(shapeOut(graphIn(conv(attributes)))).toEqual(shape);
  });

  test('SAME padding stands where ONNX puts it', () => {
    const padding = (auto: string) =>
      graphIn(conv({ auto_pad: auto, strides: [2, 2] })).nodes[0]!.attributes['padding'];
    expect(padding('SAME_UPPER')).toEqual([0, 0, 1, 1]);
    expect(padding('SAME_LOWER')).toEqual([1, 1, 0, 0]);
  });

  test('ceil_mode rounds up', () => {
    const pool = (ceil: number): Small => ({
      nodes: [['MaxPool', 'x', 'y', { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: ceil }]],
    });
    expect(shapeOut(graphIn(pool(0)))).toEqual([1, 3, 3, 3]);
    expect(shapeOut(graphIn(pool(1)))).toEqual([1, 3, 4, 4]);
  });

  test('a convolution of one side is one of images of a single row', () => {
    const graph = graphIn({
      inputs: { x: [2, 3, 9] },
      weights: { w: [4, 3, 3], b: [4] },
      nodes: [['Conv', 'x w b', 'y', { pads: [1, 1], strides: [2] }]],
    });
    expect(shapeOut(graph)).toEqual([2, 4, 5]);
    expect(profile(graph).totals.multAdds).toBe(2 * 4 * 5 * 3 * 3);
    expect(profile(graph).totals.params).toBe(4 * 3 * 3 + 4);
  });

  test('a transposed convolution with output padding, groups and SAME padding', () => {
    const up = (attributes: object, sides = [3, 2, 2, 2]): Small => ({
      weights: { w: sides },
      nodes: [['ConvTranspose', 'x w', 'y', attributes as never]],
    });
    expect(shapeOut(graphIn(up({ strides: [2, 2] })))).toEqual([1, 2, 16, 16]);
    expect(shapeOut(graphIn(up({ strides: [2, 2], output_padding: [1, 1], pads: [1, 1, 0, 0] })))).toEqual([
      1, 2, 16, 16,
    ]);
    expect(shapeOut(graphIn(up({ group: 3 }, [3, 2, 3, 3])))).toEqual([1, 6, 10, 10]);
    expect(shapeOut(graphIn(up({ strides: [2, 2], auto_pad: 'SAME_UPPER' }, [3, 2, 3, 3])))).toEqual([1, 2, 16, 16]);
    expect(shapeOut(graphIn(up({ strides: [2, 2], output_shape: [15, 15] }, [3, 2, 3, 3])))).toEqual([1, 2, 15, 15]);
  });
});

describe('opsets that moved an attribute to an input', () => {
  const both = (older: Small, newer: Small, shape: readonly number[]): void => {
    expect(shapeOut(graphIn(older))).toEqual(shape);
    expect(shapeOut(graphIn(newer))).toEqual(shape);
    expect(opsIn(graphIn(older))).toEqual(opsIn(graphIn(newer)));
  };

  test('Slice, 9 and 10', () => {
    both(
      { opset: 9, nodes: [['Slice', 'x', 'y', { starts: [1, 0], ends: [2 ** 62, -2], axes: [2, 3] }]] },
      {
        opset: 13,
        ints: { from: [1, 0], to: [2 ** 62, -2], axes: [2, 3] },
        nodes: [['Slice', 'x from to axes', 'y']],
      },
      [1, 3, 7, 6],
    );
  });

  test('Squeeze and Unsqueeze, 11 and 13', () => {
    both(
      {
        opset: 11,
        nodes: [
          ['Unsqueeze', 'x', 'u', { axes: [0, 5] }],
          ['Squeeze', 'u', 'y', { axes: [0] }],
        ],
      },
      {
        opset: 13,
        ints: { a: [0, 5], b: [0] },
        nodes: [
          ['Unsqueeze', 'x a', 'u'],
          ['Squeeze', 'u b', 'y'],
        ],
      },
      [1, 3, 8, 8, 1],
    );
  });

  test('Split, 11, 13 and 18', () => {
    const split = (opset: number, attributes: object, ints = {}, inputs = 'x'): Small => ({
      opset,
      inputs: { x: [1, 6, 8, 8] },
      ints,
      nodes: [
        ['Split', inputs, 'a b', attributes as never],
        ['Add', 'a b', 'y'],
      ],
    });
    both(split(11, { axis: 1, split: [3, 3] }), split(13, { axis: 1 }, { s: [3, 3] }, 'x s'), [1, 3, 8, 8]);
    both(split(11, { axis: 1 }), split(18, { axis: 1, num_outputs: 2 }), [1, 3, 8, 8]);
  });

  test('Clip, 6 and 11: a ReLU6 and a ReLU by their bounds', () => {
    const six: Small = { opset: 9, nodes: [['Clip', 'x', 'y', { min: { float: 0 }, max: { float: 6 } }]] };
    expect(opsIn(graphIn(six))).toEqual(['relu6']);
    both(six, { opset: 13, floats: { a: 0, b: 6 }, nodes: [['Clip', 'x a b', 'y']] }, [1, 3, 8, 8]);
    expect(opsIn(graphIn({ floats: { a: 0 }, nodes: [['Clip', 'x a -', 'y']] }))).toEqual(['relu']);
    expect(opsIn(graphIn({ floats: { a: -1, b: 1 }, nodes: [['Clip', 'x a b', 'y']] }))).toEqual(['clip']);
  });

  test('Pad, 2 and 11', () => {
    both(
      { opset: 9, nodes: [['Pad', 'x', 'y', { pads: [0, 0, 1, 2, 0, 0, 3, 4] }]] },
      { opset: 13, ints: { p: [0, 0, 1, 2, 0, 0, 3, 4] }, nodes: [['Pad', 'x p', 'y']] },
      [1, 3, 12, 14],
    );
  });

  test('ReduceMean, 13 and 18: over an image it is a global pool', () => {
    both(
      { opset: 13, nodes: [['ReduceMean', 'x', 'y', { axes: [-1, -2], keepdims: 0 }]] },
      { opset: 18, ints: { a: [2, 3] }, nodes: [['ReduceMean', 'x a', 'y', { keepdims: 0 }]] },
      [1, 3],
    );
  });

  test('Upsample 7 and 9, Resize 10, 11 and by sizes', () => {
    const scales = { s: [1, 1, 2, 2] };
    const older: Small = { opset: 9, floats: scales, nodes: [['Upsample', 'x s', 'y', { mode: 'linear' }]] };
    both(older, { opset: 10, floats: scales, nodes: [['Resize', 'x s', 'y', { mode: 'linear' }]] }, [1, 3, 16, 16]);
    both(older, { opset: 13, floats: scales, nodes: [['Resize', 'x - s', 'y', { mode: 'linear' }]] }, [1, 3, 16, 16]);
    both(
      older,
      { opset: 13, ints: { z: [1, 3, 16, 16] }, nodes: [['Resize', 'x - - z', 'y', { mode: 'linear' }]] },
      [1, 3, 16, 16],
    );
    expect(
      opsIn(graphIn({ opset: 19, ints: { z: [12, 20] }, nodes: [['Resize', 'x - - z', 'y', { axes: [2, 3] }]] })),
    ).toEqual(['resize']);
  });

  test('Softmax, 11 and 13: of all sides from the axis on, or of one', () => {
    const older = graphIn({ opset: 11, nodes: [['Softmax', 'x', 'y', { axis: 1 }]] });
    expect(opsIn(older)).toEqual(['view', 'softmax', 'view']);
    expect(older.nodes[1]!.shape).toEqual([1, 192]);
    expect(graphIn({ opset: 13, nodes: [['Softmax', 'x', 'y']] }).nodes[0]!.attributes['axis']).toBe(3);
  });

  test('Dropout and BatchNormalization with what only training has', () => {
    const graph = graphIn({
      opset: 7,
      weights: { s: [3], b: [3], m: [3], v: [3] },
      nodes: [
        ['BatchNormalization', 'x s b m v', 'y', { epsilon: { float: 1e-5 }, momentum: { float: 0.9 }, spatial: 1 }],
        ['Dropout', 'y', 'z mask', { ratio: { float: 0.5 } }],
      ],
    });
    expect(opsIn(graph)).toEqual(['batchNorm']);
    expect(profile(graph).totals.params).toBe(6);
  });
});

describe('the first opsets', () => {
  test('1 to 6: an operand stands from its axis on, and a norm has five outputs', () => {
    const graph = graphIn({
      opset: 6,
      weights: { w: [4, 3, 3, 3], b: [4], s: [4], m: [4], a: [4] },
      nodes: [
        ['Conv', 'x w', 'c', { consumed_inputs: [0, 0] }],
        ['Add', 'c b', 'd', { broadcast: 1, axis: 1 }],
        ['BatchNormalization', 'd s b m m', 'n mean var savedMean savedVar', { is_test: 1, spatial: 1 }],
        ['PRelu', 'n a', 'p'],
        ['Dropout', 'p', 'y mask', { is_test: 1, ratio: { float: 0.5 } }],
      ],
    });
    expect(opsIn(graph)).toEqual(['conv', 'shiftBy', 'batchNorm', 'prelu']);
    expect(shapeOut(graph)).toEqual([1, 4, 6, 6]);
    // The shift is the norm's, too: it is stored once.
    expect(profile(graph).totals.params).toBe(108 + 4 + 4 + 4);
  });

  test('an operand that the network computes stands from its axis on', () => {
    const graph = graphIn({
      opset: 6,
      nodes: [
        ['GlobalAveragePool', 'x', 'g'],
        ['Reshape', 'g', 'r', { shape: [3] }],
        ['Mul', 'x r', 'y', { broadcast: 1, axis: 1 }],
      ],
    });
    expect(shapeOut(graph)).toEqual([1, 3, 8, 8]);
    expect(graph.nodes.at(-1)).toMatchObject({ op: 'multiply' });
  });

  test('Reshape, Pad, Upsample, Slice and Cast say all by attributes', () => {
    const graph = graphIn({
      opset: 4,
      nodes: [
        ['Pad', 'x', 'p', { paddings: [0, 0, 1, 1, 0, 0, 1, 1] }],
        ['Upsample', 'p', 'u', { height_scale: { float: 2 }, width_scale: { float: 3 }, mode: 'bilinear' }],
        ['Slice', 'u', 's', { starts: [0], ends: [10], axes: [3] }],
        ['Cast', 's', 'c', { to: 'FLOAT' }],
        ['Reshape', 'c', 'y', { shape: [0, -1] }],
      ],
    });
    expect(shapeOut(graph)).toEqual([1, 3 * 20 * 10]);
  });

  test('Tile repeats one side before opset 6', () => {
    expect(
      shapeOut(graphIn({ opset: 5, ints: { times: [3], axis: [2] }, nodes: [['Tile', 'x times axis', 'y']] })),
    ).toEqual([1, 3, 24, 8]);
  });

  test('ops that ONNX dropped: images prepared inside of the network', () => {
    const graph = graphIn({
      opset: 1,
      nodes: [
        ['Crop', 'x', 'c', { border: [1, 2, 3, 0] }],
        ['ImageScaler', 'c', 's', { scale: { float: 2 } }],
        ['ScaledTanh', 's', 'y', { alpha: { float: 2 }, beta: { float: 3 } }],
      ],
    });
    expect(shapeOut(graph)).toEqual([1, 3, 6, 4]);
    expect(profile(graph).totals.params).toBe(0);
    expect(() => graphIn({ opset: 1, nodes: [['Crop', 'x', 'y', { border: [4, 0, 4, 0] }]] })).toThrow('node "n_y"');
  });
});

describe('constants', () => {
  test('as nodes of every kind, tensors of every type, and through arithmetic', () => {
    const graph = graphIn({
      ints: { two: [2] },
      nodes: [
        ['Shape', 'x', 's'],
        ['Constant', '', 'one', { value_ints: [1] }],
        ['Gather', 's one', 'c'],
        ['Constant', '', 'zero', { value: int64('', [0]) }],
        ['Gather', 's zero', 'n'],
        ['Mul', 'c two', 'c2'],
        ['Div', 'c2 two', 'half'],
        ['Constant', '', 'rest', { value_int: -1 }],
        ['Unsqueeze', 'rest zero', 'rest1'],
        ['Cast', 'half', 'f', { to: 1 }],
        ['Floor', 'f', 'g'],
        ['Cast', 'g', 'h', { to: 7 }],
        ['Concat', 'n h rest1', 'shape', { axis: 0 }],
        ['Reshape', 'x shape', 'y'],
      ],
    });
    expect(shapeOut(graph)).toEqual([1, 3, 64]);
    expect(opsIn(graph)).toEqual(['reshape']);
  });

  test('ConstantOfShape, Range, Expand, Where, Equal as torch.expand writes them', () => {
    const graph = graphIn({
      inputs: { x: ['n', 3, 1, 1] },
      ints: { shape: [-1, 3, 5, 5], minus: -1, four: [4] },
      nodes: [
        ['ConstantOfShape', 'four', 'ones', { value: int64('', [1]) }],
        ['Equal', 'shape minus', 'open'],
        ['Where', 'open ones shape', 'sides'],
        ['Expand', 'x sides', 'y'],
      ],
    });
    expect(shapeOut(graph)).toEqual([1, 3, 5, 5]);
  });

  test('sizes stay symbols through Shape, Slice, Cast, Mul and Floor', () => {
    const model = modelOf({
      inputs: { x: ['batch', 3, 'height', 'width'] },
      ints: { two: [2], four: [4], zero: [0] },
      floats: { up: [2, 2] },
      weights: { w: [4, 3, 1, 1] },
      nodes: [
        ['Shape', 'x', 's'],
        ['Slice', 's two four zero', 'hw'],
        ['Cast', 'hw', 'f', { to: 1 }],
        ['Mul', 'f up', 'g'],
        ['Floor', 'g', 'i'],
        ['Cast', 'i', 'large', { to: 7 }],
        ['Slice', 's zero two zero', 'nc'],
        ['Concat', 'nc large', 'sizes', { axis: 0 }],
        ['Resize', 'x - - sizes', 'r', { mode: 'nearest' }],
        ['Conv', 'r w', 'y'],
      ],
    });
    expect(show(closedForm(model).counts.multAdds)).toBe('48 h n w');
  });

  test('half, brain and double precision, and a bias of eight bytes each', () => {
    for (const [type, raw] of [
      [10, [0x00, 0x46]],
      [16, [0xc0, 0x40]],
      [11, [0, 0, 0, 0, 0, 0, 0x18, 0x40]],
    ] as const) {
      const six = { dataType: type, dims: [], rawData: Uint8Array.from(raw) };
      const graph = graphIn({
        floats: { zero: 0 },
        nodes: [
          ['Constant', '', 'six', { value: six }],
          ['Clip', 'x zero six', 'y'],
        ],
      });
      expect(opsIn(graph)).toEqual(['relu6']);
    }
  });
});

describe('what exporters take apart is one op again', () => {
  test('but the sum of a convolution with itself is no bias', () => {
    const graph = graphIn({
      weights: { w: [3, 3, 1, 1] },
      nodes: [
        ['Conv', 'x w', 'a'],
        ['Add', 'a a', 'y'],
      ],
    });
    expect(opsIn(graph)).toEqual(['conv', 'add']);
  });

  const root = { r: Math.SQRT2, one: 1, half: 0.5, three: 3, six: 6, zero: 0, eps: 1e-5, two: 2 };
  const whole = (nodes: Small['nodes'], more: Partial<Small> = {}): readonly string[] =>
    opsIn(graphIn({ floats: root, nodes, ...more }));

  test.each<[string, Small['nodes'], string]>([
    [
      'SiLU',
      [
        ['Sigmoid', 'x', 'a'],
        ['Mul', 'a x', 'y'],
      ],
      'silu',
    ],
    [
      'HardSwish',
      [
        ['HardSigmoid', 'x', 'a'],
        ['Mul', 'x a', 'y'],
      ],
      'hardSwish',
    ],
    [
      'HardSwish by clipping',
      [
        ['Add', 'x three', 'a'],
        ['Clip', 'a zero six', 'b'],
        ['Mul', 'x b', 'c'],
        ['Div', 'c six', 'y'],
      ],
      'hardSwish',
    ],
    [
      'HardSigmoid by clipping',
      [
        ['Add', 'x three', 'a'],
        ['Clip', 'a zero six', 'b'],
        ['Div', 'b six', 'y'],
      ],
      'hardSigmoid',
    ],
    [
      'GELU',
      [
        ['Div', 'x r', 'a'],
        ['Erf', 'a', 'b'],
        ['Add', 'b one', 'c'],
        ['Mul', 'x c', 'd'],
        ['Mul', 'd half', 'y'],
      ],
      'gelu',
    ],
    [
      'GELU, halved first',
      [
        ['Mul', 'x half', 'h'],
        ['Div', 'x r', 'a'],
        ['Erf', 'a', 'b'],
        ['Add', 'one b', 'c'],
        ['Mul', 'h c', 'y'],
      ],
      'gelu',
    ],
    [
      'Mish',
      [
        ['Softplus', 'x', 'a'],
        ['Tanh', 'a', 'b'],
        ['Mul', 'x b', 'y'],
      ],
      'mish',
    ],
  ])('%s', (_, nodes, op) => {
    expect(whole(nodes)).toEqual([op]);
  });

  test('but not where something else reads a part of it, or the file gives it out', () => {
    expect(
      whole([
        ['Sigmoid', 'x', 'a'],
        ['Mul', 'a x', 'b'],
        ['Add', 'a b', 'y'],
      ]),
    ).toEqual(['sigmoid', 'multiply', 'add']);
    expect(
      whole(
        [
          ['Sigmoid', 'x', 'a'],
          ['Mul', 'a x', 'y'],
        ],
        { outputs: ['y', 'a'] },
      ),
    ).toEqual(['sigmoid', 'multiply']);
  });

  const norm: Small['nodes'] = [
    ['ReduceMean', 'x', 'm', { axes: [-1] }],
    ['Sub', 'x m', 'd'],
    ['Pow', 'd two', 'p'],
    ['ReduceMean', 'p', 'v', { axes: [-1] }],
    ['Add', 'v eps', 'e'],
    ['Sqrt', 'e', 's'],
    ['Div', 'd s', 'n'],
    ['Mul', 'n g', 'a'],
    ['Add', 'a b', 'y'],
  ];

  test('LayerNorm, with its parameters, and with axes as an input', () => {
    const given = { inputs: { x: [1, 5, 7] }, weights: { g: [7], b: [7] } };
    const graph = graphIn({ ...given, floats: root, nodes: norm });
    expect(opsIn(graph)).toEqual(['layerNorm']);
    expect(profile(graph).totals.params).toBe(14);
    const newer = norm.map(([op, input, output]): Small['nodes'][number] =>
      op === 'ReduceMean' ? [op, `${input} axes`, output] : [op, input, output],
    );
    expect(opsIn(graphIn({ ...given, opset: 18, ints: { axes: [-1] }, floats: root, nodes: newer }))).toEqual([
      'layerNorm',
    ]);
  });

  test('a bias behind a convolution or a product', () => {
    const folded = graphIn({
      weights: { w: [4, 3, 1, 1], b: [1, 4, 1, 1] },
      nodes: [
        ['Conv', 'x w', 'c'],
        ['Add', 'c b', 'y'],
      ],
    });
    expect(opsIn(folded)).toEqual(['conv']);
    expect(profile(folded).totals.params).toBe(16);
    const linear = graphIn({
      inputs: { x: [2, 5] },
      weights: { w: [5, 7], b: [7] },
      nodes: [
        ['MatMul', 'x w', 'c'],
        ['Add', 'b c', 'y'],
      ],
    });
    expect(opsIn(linear)).toEqual(['linear']);
    expect(profile(linear).totals).toMatchObject({ params: 42, multAdds: 70 });
    const sum = graphIn({
      weights: { w: [3, 3, 1, 1] },
      nodes: [
        ['Conv', 'x w', 'c'],
        ['Add', 'c x', 'y'],
      ],
    });
    expect(opsIn(sum)).toEqual(['conv', 'add']);
  });

  test('a channel shuffle, and not where the order is another', () => {
    const shuffle = (perm: readonly number[]): readonly string[] =>
      whole(
        [
          ['Reshape', 'x i', 'a'],
          ['Transpose', 'a', 'b', { perm }],
          ['Reshape', 'b o', 'y'],
        ],
        {
          inputs: { x: [1, 6, 4, 4] },
          ints: { i: [1, 2, 3, 4, 4], o: [1, 6, 4, 4] },
        },
      );
    expect(shuffle([0, 2, 1, 3, 4])).toEqual(['channelShuffle']);
    expect(shuffle([0, 1, 2, 4, 3])).toEqual(['reshape', 'transpose', 'reshape']);
  });
});

describe('files of TensorFlow and of quantisation', () => {
  test('an image with its channels last is turned once, and costs nothing where we have it turned', () => {
    const graph = graphIn({
      inputs: { x: ['n', 8, 10, 3] },
      weights: { w: [4, 3, 3, 3] },
      nodes: [
        ['Transpose', 'x', 't', { perm: [0, 3, 1, 2] }],
        ['Conv', 't w', 'c'],
        ['Transpose', 'c', 'y', { perm: [0, 2, 3, 1] }],
      ],
    });
    expect(opsIn(graph)).toEqual(['conv', 'transpose']);
    expect(profile(graph).input).toEqual({ n: 1, c: 3, h: 8, w: 10 });
    expect(shapeOut(graph)).toEqual([1, 6, 8, 4]);
  });

  test('what reads it before it is turned reads it turned back', () => {
    const graph = graphIn({
      inputs: { x: [1, 8, 8, 3] },
      floats: { mean: 127.5 },
      weights: { w: [4, 3, 3, 3] },
      nodes: [
        ['Sub', 'x mean', 's'],
        ['Transpose', 's', 't', { perm: [0, 3, 1, 2] }],
        ['Conv', 't w', 'y'],
      ],
    });
    expect(opsIn(graph)).toEqual(['transpose', 'shiftBy', 'transpose', 'conv']);
    expect(profile(graph).totals.params).toBe(4 * 27);
  });

  test('names of Keras give stages and blocks', () => {
    const graph = graphIn({
      weights: { w: [3, 3, 1, 1] },
      nodes: [
        ['Conv', 'x w', 'a'],
        ['Relu', 'a', 'b'],
        ['Add', 'b a', 'y'],
      ],
      names: {
        a: 'resnet50/conv2_block1_1_conv/Conv2D',
        b: 'resnet50/conv2_block1_1_relu/Relu',
        y: 'resnet50/conv2_block1_add/add',
      },
    });
    expect(graph.nodes.map(({ stage, block }) => [stage, block])).toEqual(new Array(3).fill(['conv2', 'conv2_block1']));
    expect(graph.nodes.map(({ name }) => name)).toEqual([
      'conv2_block1_1_conv',
      'conv2_block1_1_relu',
      'conv2_block1_add',
    ]);
  });

  test('quantised: scales are no parameters, and the network is its float twin', () => {
    const graph = graphIn({
      weights: { w: [4, 3, 3, 3] },
      floats: { s: 0.1 },
      ints: { z: 0 },
      nodes: [
        ['QuantizeLinear', 'x s z', 'q'],
        ['DequantizeLinear', 'q s z', 'd'],
        ['DequantizeLinear', 'w s z', 'v'],
        ['Conv', 'd v', 'c'],
        ['QuantizeLinear', 'c s z', 'e'],
        ['DequantizeLinear', 'e s z', 'y'],
      ],
    });
    expect(opsIn(graph)).toEqual(['conv']);
    expect(profile(graph).totals).toMatchObject({ params: 108, multAdds: 6 * 6 * 4 * 27 });
  });
});

describe('parameters', () => {
  test('that two nodes read are counted once', () => {
    const graph = graphIn({
      weights: { w: [3, 3, 1, 1] },
      nodes: [
        ['Conv', 'x w', 'a'],
        ['Conv', 'a w', 'b'],
        ['Identity', 'w', 'v'],
        ['Conv', 'b v', 'y'],
      ],
    });
    // What an Identity makes is a parameter of its own: exporters store equal values once.
    expect(profile(graph).layers.map(({ params }) => params)).toEqual([9, 0, 9]);
  });

  test('beside a sum or product are learnt where they are more than a number', () => {
    const graph = graphIn({
      weights: { gamma: [3, 1, 1] },
      floats: { two: 2 },
      nodes: [
        ['Mul', 'x gamma', 'a'],
        ['Mul', 'a two', 'b'],
        ['Div', 'two b', 'y'],
      ],
    });
    expect(opsIn(graph)).toEqual(['scaleBy', 'scaleBy', 'reciprocal', 'scaleBy']);
    expect(profile(graph).totals.params).toBe(3);
  });

  test('of a name of several modules give the layer its name where nodes have none', () => {
    const graph = graphIn({
      weights: { 'layer1.0.conv1.weight': [3, 3, 1, 1], 'layer1.1.conv1.weight': [3, 3, 1, 1], 'fc.weight': [5, 192] },
      nodes: [
        ['Conv', 'x layer1.0.conv1.weight', 'a'],
        ['Relu', 'a', 'b'],
        ['Conv', 'b layer1.1.conv1.weight', 'c'],
        ['Flatten', 'c', 'd'],
        ['Gemm', 'd fc.weight', 'y', { transB: 1 }],
      ],
    });
    expect(graph.nodes.map(({ name, stage, block }) => [name, stage, block])).toEqual([
      ['layer1.0.conv1', 'layer1', 'layer1.0'],
      ['n_b', 'layer1', 'layer1.0'],
      ['layer1.1.conv1', 'layer1', 'layer1.1'],
      ['n_d', 'layer1', 'layer1.1'],
      ['fc', '', ''],
    ]);
  });
});

describe('sizes', () => {
  const fixed = conv({ pads: [1, 1, 1, 1] });

  test('of a file for one size are taken where all nodes admit others', () => {
    expect(shapeOut(graphIn(fixed, 2, [3, 10, 12]))).toEqual([2, 4, 10, 12]);
  });

  test('that a shape was written down for are refused in one sentence', () => {
    const flat: Small = { ints: { s: [1, 192] }, nodes: [['Reshape', 'x s', 'y']] };
    expect(() => graphIn(flat, 2)).toThrow(
      'net.onnx: it is exported for an input of [1, 3, 8, 8] and does not take [2, 3, 8, 8]: node "n_y" (Reshape): [2, 3, 8, 8] does not have the elements of [1, 192]',
    );
  });

  test('the batch that a file was exported for is its own', () => {
    const batched: Small = { ...fixed, inputs: { x: [4, 3, 8, 8] } };
    expect(shapeOut(graphIn(batched))).toEqual([4, 4, 8, 8]);
  });

  test('a closed form keeps the sizes that the file fixes and does not admit otherwise', () => {
    const model = modelOf({
      weights: { w: [5, 192] },
      nodes: [
        ['Flatten', 'x', 'f'],
        ['Gemm', 'f w', 'y', { transB: 1 }],
      ],
    });
    expect(show(closedForm(model).counts.multAdds)).toBe('960 n');
    expect(show(closedForm(modelOf(fixed)).counts.multAdds)).toBe('108 h n w');
  });

  test('of several images follow the first', () => {
    const graph = graphIn(
      { inputs: { a: ['n', 3, 'h', 'w'], b: ['n', 3, 'h', 'w'] }, nodes: [['Add', 'a b', 'y']] },
      2,
      [3, 4, 5],
    );
    expect(graph.inputs.map(({ shape }) => shape)).toEqual([
      [2, 3, 4, 5],
      [2, 3, 4, 5],
    ]);
  });
});

describe('ops that are not known', () => {
  const strange: Small = {
    weights: { w: [4, 3, 1, 1] },
    nodes: [
      ['Conv', 'x w', 'a'],
      ['Fancy', 'a', 'b'],
      ['Relu', 'b', 'c'],
      ['If', 'c', 'd'],
      ['Fancy', 'd', 'y'],
    ],
  };

  test('are listed all at once', () => {
    expect(() => modelOf(strange)).toThrow(
      'net.onnx: flopscope does not know Fancy (2x, first node "n_b"), If (1x, first node "n_d")',
    );
  });

  test('are left out where they are allowed, and the profile says so', () => {
    const counted = profile(modelOf(strange, true).build([1, 3, 8, 8]));
    expect(counted.totals.multAdds).toBe(64 * 12);
    expect(counted.lowerBound).toEqual({
      ops: [
        { op: 'Fancy', nodes: 2, first: 'n_b' },
        { op: 'If', nodes: 1, first: 'n_d' },
      ],
      behind: 1,
    });
  });

  test('of another domain are not ours, whatever their name', () => {
    expect(() => modelOf({ ...conv(), domain: 'my.ops' })).toThrow('my.ops.Conv (1x');
  });
});

describe('functions of the file', () => {
  const node = (opType: string, input: string[], output: string[], domain = '', attribute: object[] = []) => ({
    ...{ opType, input, output, domain, attribute, name: opType },
  });
  const withFunctions = (functions: readonly object[]): Uint8Array => {
    const relu = bytesOf({ nodes: [['Twice', 'x', 'y', { least: { float: 0 } }]], domain: 'local' });
    return Buffer.concat([relu, encode('Model', { functions: functions })]);
  };
  const twice = (inner: object[]): object => ({
    name: 'Twice',
    domain: 'local',
    input: ['a'],
    output: ['b'],
    node: inner,
  });
  const graphFrom = (bytes: Uint8Array) => graphOf(readOnnx(bytesSource(bytes), 'net.onnx'));

  test('are their bodies, with the attributes of the call', () => {
    const bound = [{ name: 'alpha', refAttrName: 'least' }];
    const body = [node('LeakyRelu', ['a'], ['c'], '', bound), node('Add', ['c', 'a'], ['b'])];
    const graph = graphFrom(withFunctions([twice(body)]));
    expect(opsIn(graph)).toEqual(['leakyRelu', 'add']);
    expect(graph.nodes[0]!.attributes['slope']).toBe(0);
  });

  test('that call each other without number are refused, even where they make nothing', () => {
    const level = (i: number) => ({
      ...{ name: `F${i}`, domain: 'local', input: ['a'], output: ['b'] },
      node: i === 30 ? [] : [node(`F${i + 1}`, ['a'], ['c'], 'local'), node(`F${i + 1}`, ['a'], ['b'], 'local')],
    });
    const levels = Array.from({ length: 31 }, (_, i) => level(i));
    const first = twice([node('F0', ['a'], ['b'], 'local')]);
    expect(() => graphFrom(withFunctions([first, ...levels]))).toThrow('more than 200000 nodes');
  });

  test('that call themselves are refused', () => {
    expect(() => graphFrom(withFunctions([twice([node('Twice', ['a'], ['b'], 'local')])]))).toThrow(
      'more than 32 deep',
    );
    const both = [node('Twice', ['a'], ['c'], 'local'), node('Twice', ['c'], ['b'], 'local')];
    expect(() => graphFrom(withFunctions([twice(both)]))).toThrow('more than 32 deep');
  });
});
