// Tests what TFLite files count to: known answers, wrong stored shapes, stored types, loops, and what is refused.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../../src/importers/modelFile.js';
import { readModel } from '../../../src/importers/readModel.js';
import { readTflite } from '../../../src/importers/tflite/readTflite.js';
import { graphOf, type Model } from '../../../src/model.js';
import { profile, type Profile } from '../../../src/profile.js';
import { attention, classifier, dynamicDense, loops, mixed } from './fixtures.js';
import { TfliteDraft, type Draft, type Type } from './network.js';

const read = (bytes: Uint8Array, allowUnknown = false): Model =>
  readTflite({ name: 'net.tflite', source: bytesSource(bytes) }, { allowUnknown });
const counted = (bytes: Uint8Array, batch?: number, input?: readonly [number, number, number]): Profile => {
  const model = read(bytes);
  return profile(graphOf(model, batch, input ?? model.input), { source: model.source });
};
const opsOf = ({ layers }: Profile): readonly string[] => layers.map(({ op }) => op);

/** A file of one operator on one input. */
function single(
  op: string,
  shape: readonly number[],
  inputs: (net: Draft, x: number) => readonly number[],
  options?: Parameters<Draft['op']>[3],
  type: Type = 'f32',
): Uint8Array {
  const file = new TfliteDraft();
  const net = file.subgraph();
  const x = net.tensor('x', shape, { type });
  const y = net.tensor('y', [1]);
  net.op(op, inputs(net, x), [y], options);
  return file.add(net, [x], [y]).bytes();
}
const shapeOf = (bytes: Uint8Array): readonly number[] => counted(bytes).layers.at(-1)!.outShape;

describe('a classifier', () => {
  const result = counted(classifier());

  it('has its multiply-adds, its stored parameters and a node for each fused activation', () => {
    expect(result.totals.multAdds).toBe(9 * 8 * 8 * 27 + 9 * 8 * 16 * 9 + 160);
    expect(result.totals.params).toBe(216 + 8 + 144 + 16 + 160 + 10);
    expect(opsOf(result)).toEqual(['conv', 'relu6', 'conv', 'globalAvgPool', 'flatten', 'linear', 'softmax']);
    expect(result.layers.filter(({ op }) => op === 'conv').map(({ groups, padding }) => [groups, padding])).toEqual([
      [1, [1, 1, 1, 1]],
      [8, [1, 1, 1, 1]],
    ]);
    expect([result.source, result.input]).toEqual(['tflite', { n: 1, c: 3, h: 17, w: 15 }]);
  });

  it('takes names from the layer with the weights, and stages from names of Keras', () => {
    expect(result.layers.map(({ name, stage }) => [name, stage]).slice(0, 3)).toEqual([
      ['stem', ''],
      ['stem.relu6', ''],
      ['block1_dw', 'block1'],
    ]);
  });

  it('takes any batch and any size', () => {
    expect(counted(classifier(), 5).totals.multAdds).toBe(5 * result.totals.multAdds);
    expect(counted(classifier(), 1, [3, 33, 29]).layers[0]!.outShape).toEqual([1, 8, 17, 15]);
    expect(counted(classifier(), 2).totals.params).toBe(result.totals.params);
  });

  it('is told from its bytes, whatever its name', async () => {
    const model = await readModel({ name: 'weights.bin', source: bytesSource(classifier()) });
    expect([model.name, model.source, model.bytesPerElement]).toEqual(['weights', 'tflite', 4]);
  });
});

describe('shapes', () => {
  it('are inferred where the stored ones say 1 for an open side', () => {
    for (const batch of [1, 3]) {
      const result = counted(dynamicDense(), batch);
      expect(result.totals.multAdds).toBe(batch * 6 * 4 * 5);
      expect(result.layers.at(-1)!.outShape).toEqual([batch, 30]);
    }
  });

  it('follow SAME and VALID padding, stride and dilation', () => {
    const upTo = (max: number) => fc.integer({ min: 1, max });
    const side = upTo(40);
    fc.assert(
      fc.property(side, side, upTo(5), upTo(3), upTo(3), (h, w, k, stride, dilation) => {
        const reach = (k - 1) * dilation + 1;
        const conv = (padding: number): Uint8Array =>
          single('CONV_2D', [1, h, w, 2], (net, x) => [x, net.constant('w', [3, k, k, 2]), -1], [
            'Conv2D',
            { padding, strideW: stride, strideH: stride, dilationW: dilation, dilationH: dilation },
          ]);
        const same = [h, w].map((size) => Math.ceil(size / stride));
        expect(shapeOf(conv(0)).slice(2)).toEqual(same);
        if (Math.min(h, w) < reach) expect(() => shapeOf(conv(1))).toThrow('does not fit');
        else expect(shapeOf(conv(1)).slice(2)).toEqual([h, w].map((size) => Math.ceil((size - reach + 1) / stride)));
      }),
      { seed: 12, numRuns: 60 },
    );
  });

  it.each<readonly [string, Uint8Array, readonly number[]]>([
    [
      'width before height in the options',
      single('MAX_POOL_2D', [1, 8, 8, 2], (_, x) => [x], [
        'Pool2D',
        { padding: 1, filterW: 4, filterH: 2, strideW: 4, strideH: 2 },
      ]),
      [1, 2, 4, 2],
    ],
    [
      'a transposed convolution, SAME',
      single(
        'TRANSPOSE_CONV',
        [1, 5, 4, 2],
        (net, x) => [net.list('s', [1, 10, 8, 3]), net.constant('w', [3, 3, 3, 2]), x],
        ['TransposeConv', { padding: 0, strideW: 2, strideH: 2 }],
      ),
      [1, 3, 10, 8],
    ],
    [
      'a transposed convolution, VALID',
      single(
        'TRANSPOSE_CONV',
        [1, 5, 4, 2],
        (net, x) => [net.list('s', [1, 11, 9, 3]), net.constant('w', [3, 3, 3, 2]), x],
        ['TransposeConv', { padding: 1, strideW: 2, strideH: 2 }],
      ),
      [1, 3, 11, 9],
    ],
    [
      'a slice with masks',
      single(
        'STRIDED_SLICE',
        [1, 8, 6, 4],
        (net, x) => [...[x, net.list('a', [0, 7, 1, 0]), net.list('b', [0, 1, -1, 0]), net.list('c', [1, -2, 2, 1])]],
        ['StridedSlice', { begin: 1, end: 9, shrink: 0 }],
      ),
      [1, 4, 3, 2],
    ],
    ['a pack of slices', single('PACK', [2, 3], (_, x) => [x, x, x], ['Pack', { count: 3, axis: 1 }]), [2, 3, 3]],
    [
      'a mirrored padding',
      single('MIRROR_PAD', [1, 4, 4, 2], (net, x) => [
        x,
        net.constant('p', [4, 2], { type: 'i32', items: [0, 0, 1, 2, 1, 0, 0, 0] }),
      ]),
      [1, 2, 7, 5],
    ],
    ['repeats', single('TILE', [1, 2, 3, 4], (net, x) => [x, net.list('t', [1, 2, 1, 3])]), [1, 12, 4, 3]],
    [
      'a depth to space',
      single('DEPTH_TO_SPACE', [1, 2, 3, 8], (_, x) => [x], ['DepthToSpace', { block: 2 }]),
      [1, 2, 4, 6],
    ],
    ['a resize', single('RESIZE_BILINEAR', [1, 3, 3, 2], (net, x) => [x, net.list('s', [6, 7])]), [1, 2, 6, 7]],
    [
      'a pick by stored indices',
      single('GATHER', [1, 4, 4, 6], (net, x) => [x, net.list('i', [0, 2])], ['Gather', { axis: 3 }]),
      [1, 4, 4, 2],
    ],
  ])('are those of %s', (_, bytes, shape) => {
    expect(shapeOf(bytes)).toEqual(shape);
  });

  it('of a dilation that became SPACE_TO_BATCH_ND are as the convolution runs, on padded places', () => {
    const file = new TfliteDraft();
    const net = file.subgraph();
    const x = net.tensor('x', [1, 9, 9, 2]);
    const block = net.list('block', [2, 2]);
    const ends = net.constant('ends', [2, 2], { type: 'i32', items: [2, 3, 2, 3] });
    const [a, b, c] = [net.tensor('a', [1, 7, 7, 2]), net.tensor('b', [1, 5, 5, 4]), net.tensor('c', [1, 9, 9, 4])];
    net.op('SPACE_TO_BATCH_ND', [x, block, ends], [a]);
    net.op(
      'CONV_2D',
      [a, net.constant('w', [4, 3, 3, 2]), -1],
      [b],
      ['Conv2D', { padding: 1, strideW: 1, strideH: 1 }],
    );
    const crops = net.constant('crops', [2, 2], { type: 'i32', items: [0, 1, 0, 1] });
    net.op('BATCH_TO_SPACE_ND', [b, block, crops], [c]);
    const result = counted(file.add(net, [x], [c]).bytes());
    expect(result.totals.multAdds).toBe(4 * 5 * 5 * 4 * 9 * 2);
    expect(result.layers.at(-1)!.outShape).toEqual([1, 4, 9, 9]);
  });

  it('of products of matrices keep the order of the file', () => {
    const result = counted(attention());
    expect(result.totals.multAdds).toBe(2 * (2 * 16 * 16 * 3));
    expect(result.layers.filter(({ op }) => op === 'matmul').map(({ outShape }) => outShape)).toEqual([
      [1, 2, 16, 16],
      [1, 2, 16, 3],
    ]);
    expect(result.layers.at(-1)!.outShape).toEqual([1, 6, 4, 4]);
  });

  it('of an image with the channels first are not turned', () => {
    const file = new TfliteDraft();
    const net = file.subgraph();
    const x = net.tensor('x', [1, 3, 8, 10]);
    const [turned, y] = [net.tensor('turned', [1, 8, 10, 3]), net.tensor('y', [1, 8, 10, 4])];
    net.op('TRANSPOSE', [x, net.list('order', [0, 2, 3, 1])], [turned]);
    net.op('CONV_2D', [turned, net.constant('w', [4, 1, 1, 3]), -1], [y], ['Conv2D', { strideW: 1, strideH: 1 }]);
    const result = counted(file.add(net, [x], [y]).bytes());
    expect([result.input.c, result.input.h, result.input.w, result.totals.multAdds]).toEqual([3, 8, 10, 960]);
  });
});

describe('parameters', () => {
  it('are what is stored: quantized biases are some, shapes and indices are none', () => {
    const result = profile(graphOf(read(mixed(), true)));
    expect(result.totals.params).toBe(6 * 27 + 6 + 4 * 2 * 2 * 6);
    expect(result.totals.multAdds).toBe(64 * 6 * 27 + 64 * (4 * 4 * 6));
  });

  it.each<readonly [Type, number | undefined, number]>([
    ['f32', undefined, 4],
    ['f16', undefined, 2],
    ['i8', 4, 1],
    ['i16', 1, 2],
  ])('stored as %s have their bytes', (type, scales, bytes) => {
    const file = single(
      'CONV_2D',
      [1, 4, 4, 2],
      (net, x) => [
        ...[x, net.constant('w', [4, 3, 3, 2], { type, ...(scales ? { scales } : {}) }), net.constant('b', [4])],
      ],
      ['Conv2D', { strideW: 1, strideH: 1 }],
    );
    expect(read(file).bytesPerElement).toBe(bytes);
  });

  it('that two operators read, or two subgraphs, are counted once', () => {
    const file = new TfliteDraft();
    const net = file.subgraph();
    const x = net.tensor('x', [1, 4, 4, 2]);
    const w = net.constant('w', [2, 3, 3, 2]);
    const [a, b, c] = ['a', 'b', 'c'].map((name) => net.tensor(name, [1, 4, 4, 2]));
    const options = ['Conv2D', { strideW: 1, strideH: 1 }] as const;
    net.op('CONV_2D', [x, w, net.constant('p', [2])], [a!], options);
    net.op('CONV_2D', [a!, w, net.constant('q', [2])], [b!], options);
    net.op('MUL', [b!, net.constant('gain', [])], [c!], ['Mul', {}]);
    expect(counted(file.add(net, [x], [c!]).bytes()).totals.params).toBe(36 + 2 + 2 + 1);
    expect(counted(loops(4)).totals.params).toBe(36);
  });

  it('of recurrent layers are those of all gates', () => {
    const bytes = single(
      'UNIDIRECTIONAL_SEQUENCE_LSTM',
      [2, 5, 3],
      (net, x) => [
        x,
        ...[1, 2, 3, 4].map((i) => net.constant(`input${i}`, [4, 3])),
        ...[1, 2, 3, 4].map((i) => net.constant(`state${i}`, [4, 4])),
        ...[-1, -1, -1],
        ...[1, 2, 3, 4].map((i) => net.constant(`bias${i}`, [4])),
        ...[-1, -1],
        net.tensor('h', [2, 4], { isVariable: true }),
        net.tensor('c', [2, 4], { isVariable: true }),
      ],
      ['UnidirectionalSequenceLstm', {}],
    );
    const { totals, layers } = counted(bytes);
    expect([totals.params, totals.multAdds, layers.at(-1)!.outShape]).toEqual([
      ...[4 * (12 + 16 + 4), 2 * 5 * 16 * (3 + 4), [2, 5, 4]],
    ]);
  });
});

describe('inner graphs', () => {
  it('run as often as their counter says, and the branch that is taken alone', () => {
    expect(opsOf(counted(loops(3, 1)))).toEqual(['conv', 'relu', 'conv', 'relu', 'conv', 'relu', 'tanh']);
    expect(opsOf(counted(loops(1, 0)))).toEqual(['conv', 'relu', 'sigmoid']);
    expect(counted(loops(3)).totals.multAdds).toBe(3 * 36 * 36);
  });

  it('that never end are refused', () => {
    expect(() => counted(loops(2 ** 30))).toThrow(
      /^net\.tflite: operator "count" \(WHILE\): the inner graphs of the file run more/,
    );
  });

  it('that run each other without end are refused', () => {
    const file = new TfliteDraft();
    const net = file.subgraph();
    const [x, y] = [net.tensor('x', [1, 2]), net.tensor('y', [1, 2])];
    net.op('CALL', [x], [y], ['Call', { subgraph: 0 }]);
    expect(() => counted(file.add(net, [x], [y]).bytes())).toThrow('its inner graphs run each other more than 16 deep');
  });

  it('whose number of runs the image decides are refused, or left out with the shape that is stated', () => {
    const file = new TfliteDraft();
    const net = file.subgraph();
    const [x, y, z] = ['x', 'y', 'z'].map((name) => net.tensor(name, [1, 4])) as [number, number, number];
    net.op('WHILE', [x], [y], ['While', { condition: 1, body: 1 }]);
    net.op('TANH', [y], [z]);
    const inner = file.subgraph('inner');
    const [a, b] = [inner.tensor('a', [1, 4]), inner.tensor('b', [1, 4])];
    inner.op('EXP', [a], [b]);
    const bytes = file.add(net, [x], [z]).add(inner, [a], [b]).bytes();
    expect(() => counted(bytes)).toThrow('its condition is computed from the image');
    expect(graphOf(read(bytes, true)).nodes.at(-1)!.op).toBe('tanh');
  });
});

describe('what is not known', () => {
  it('is listed, every operator of it', () => {
    expect(() => read(mixed())).toThrow('net.tflite: flopscope does not know FlexOwn (1x, first operator "own")');
  });

  it('is left out on request, and what follows is counted at the stated shape', () => {
    const graph = graphOf(read(mixed(), true));
    expect(graph.omitted).toEqual({ ops: [{ op: 'FlexOwn', nodes: 1, first: 'own' }], behind: 0 });
    expect(graph.nodes.map(({ op }) => op)).toEqual(['conv', 'dequantize', 'convTranspose']);
  });
});

describe('what is wrong', () => {
  const broken = (change: (net: Draft, x: number) => void): Uint8Array => {
    const file = new TfliteDraft();
    const net = file.subgraph();
    const x = net.tensor('x', [1, 4, 4, 2]);
    change(net, x);
    return file.add(net, [x], [net.tensors.length - 1]).bytes();
  };

  it.each<readonly [string, (net: Draft, x: number) => void, string]>([
    [
      'a tensor that is not there',
      (net, x) => {
        net.op('ADD', [x, 77], [net.tensor('y', [1])]);
      },
      'names tensor 77',
    ],
    [
      'a value that nothing makes',
      (net, x) => {
        net.op('ADD', [x, net.tensor('lost', [1])], [net.tensor('y', [1])]);
      },
      'operator "y" (ADD) reads "lost", which nothing makes',
    ],
    [
      'a filter for other channels',
      (net, x) => {
        net.op(
          'CONV_2D',
          [x, net.constant('w', [4, 3, 3, 5]), -1],
          [net.tensor('y', [1])],
          ['Conv2D', { strideW: 1, strideH: 1 }],
        );
      },
      'operator "y" (CONV_2D): its filter sees 5 channels, and its input has 2',
    ],
    [
      'a stride of 0',
      (net, x) => {
        net.op('CONV_2D', [x, net.constant('w', [4, 3, 3, 2]), -1], [net.tensor('y', [1])], ['Conv2D', {}]);
      },
      'its stride is 0x0, and 1 is the least',
    ],
    [
      'a reshape to other elements',
      (net, x) => {
        net.op('RESHAPE', [x, net.list('s', [1, 33])], [net.tensor('y', [1])]);
      },
      '[1, 4, 4, 2] does not have the elements of [1, 33]',
    ],
    [
      'a constant whose data do not fill its shape',
      (net, x) => {
        const w = net.constant('w', [4]);
        (net.tensors[w]!.data as { shape: readonly number[] }).shape = [5];
        net.op('ADD', [x, w], [net.tensor('y', [1])], ['Add', {}]);
      },
      'the constant "w" stores 16 bytes where its shape [5] needs 20',
    ],
  ])('%s is said in one sentence', (_, change, message) => {
    expect(() => counted(broken(change))).toThrow(message);
  });

  it('a batch that a stored shape swallows', () => {
    const bytes = single('RESHAPE', [1, 4, 4, 2], (net, x) => [x, net.list('s', [1, -1])]);
    expect(counted(bytes).layers[0]!.outShape).toEqual([1, 32]);
    expect(() => counted(bytes, 4)).toThrow(
      'it is converted for an input of [1, 2, 4, 4] and does not take [4, 2, 4, 4]',
    );
  });

  it('an open side of a second input', () => {
    const file = new TfliteDraft();
    const net = file.subgraph();
    const x = net.tensor('x', [1, 4, 4, 3]);
    const other = net.tensor('other', [1, 1, 1, 3], { signature: [-1, -1, -1, 3] });
    const y = net.tensor('y', [1, 4, 4, 3]);
    net.op('ADD', [x, other], [y], ['Add', {}]);
    expect(() => counted(file.add(net, [x, other], [y]).bytes())).toThrow('its input "other" leaves side 2 open');
  });
});

it('variables hold what the graph that runs once assigns to them', () => {
  const file = new TfliteDraft();
  const net = file.subgraph();
  const x = net.tensor('x', [1, 4]);
  const [handle, w, y] = [net.tensor('handle', []), net.tensor('w', [3, 4]), net.tensor('y', [1, 3])];
  net.op('CALL_ONCE', [], [], ['CallOnce', { subgraph: 1 }]);
  net.op('VAR_HANDLE', [], [handle], ['VarHandle', { sharedName: 'kernel' }]);
  net.op('READ_VARIABLE', [handle], [w]);
  net.op('FULLY_CONNECTED', [x, w, -1], [y], ['FullyConnected', {}]);
  const once = file.subgraph('once');
  const [inner, value] = [once.tensor('handle', []), once.constant('kernel', [3, 4])];
  once.op('VAR_HANDLE', [], [inner], ['VarHandle', { sharedName: 'kernel' }]);
  once.op('ASSIGN_VARIABLE', [inner, value], []);
  const { totals } = counted(file.add(net, [x], [y]).add(once, [], []).bytes());
  expect([totals.params, totals.multAdds]).toEqual([12, 12]);
});

it('a dynamic height and width are open in a closed form', () => {
  const bytes = single('CONV_2D', [1, 1, 1, 3], (net, x) => [x, net.constant('w', [8, 3, 3, 3]), -1], [
    'Conv2D',
    { strideW: 1, strideH: 1 },
  ]);
  expect(counted(bytes, 2, [3, 10, 12]).totals.multAdds).toBe(2 * 120 * 8 * 27);
});

describe("an op of TensorFlow's own that a file brings along", () => {
  it('is the op that it names, where its sides say all', () => {
    const erf = single('CUSTOM:FlexErf', [1, 8, 6, 3], (_, x) => [x]);
    expect(opsOf(counted(erf))).toEqual(['erf']);
    expect(shapeOf(erf)).toEqual([1, 3, 8, 6]);
    const sum = single('CUSTOM:FlexAddV2', [1, 8, 6, 3], (net, x) => [x, net.constant('c', [3])]);
    expect(opsOf(counted(sum))).toEqual(['shiftBy']);
    expect(counted(sum).totals.params).toBe(3);
    const both = single('CUSTOM:FlexRealDiv', [1, 8, 6, 3], (_, x) => [x, x]);
    expect(opsOf(counted(both))).toEqual(['divide']);
  });

  it('is refused by its name where attributes say more', () => {
    const file = single('CUSTOM:FlexConv2D', [1, 8, 6, 3], (net, x) => [x, net.constant('f', [3, 3, 3])]);
    expect(() => counted(file)).toThrow('flopscope does not know FlexConv2D (1x, first operator "y")');
  });

  it('is read with the node that it brings along, where that is a dilation', () => {
    const node = nodeDef('Dilation2D', { strides: [1, 2, 2, 1], rates: [1, 1, 1, 1] }, 'SAME');
    const options = flexList([new TextEncoder().encode('Dilation2D'), node]);
    const file = single('CUSTOM:FlexDilation2D', [1, 8, 6, 3], (net, x) => [x, net.constant('f', [3, 3, 3])], options);
    const { totals, layers } = counted(file);
    expect([totals.params, totals.multAdds]).toEqual([27, 0]);
    expect(layers.at(-1)!.outShape).toEqual([1, 3, 4, 3]);
    // One addition and one comparison for each window element.
    expect(totals.flops).toBe(2 * 4 * 3 * 27);
  });
});

describe('a custom operator', () => {
  const pool = (...numbers: readonly number[]): Uint8Array => new Uint8Array(Int32Array.from(numbers).buffer);

  it('Convolution2DTransposeBias of MediaPipe has its padding and strides', () => {
    const of = (padding: number): Uint8Array =>
      single(
        'CUSTOM:Convolution2DTransposeBias',
        [1, 8, 6, 4],
        (net, x) => [x, net.constant('w', [5, 3, 3, 4]), net.constant('b', [5])],
        pool(padding, 2, 2),
      );
    expect(shapeOf(of(1))).toEqual([1, 5, 16, 12]);
    expect(shapeOf(of(2))).toEqual([1, 5, 17, 13]);
    const { totals } = counted(of(2));
    expect([totals.multAdds, totals.params]).toEqual([48 * 4 * 5 * 9, 185]);
  });

  it('that finds maxima with their places, and puts them back', () => {
    const file = new TfliteDraft();
    const net = file.subgraph();
    const x = net.tensor('x', [1, 8, 6, 3]);
    const [pooled, places, y] = [net.tensor('pooled', [1]), net.tensor('places', [1]), net.tensor('y', [1])];
    net.op('CUSTOM:MaxPoolingWithArgmax2D', [x], [pooled, places], pool(1, 2, 2, 2, 2, 0));
    net.op('CUSTOM:MaxUnpooling2D', [pooled, places], [y], pool(1, 2, 2, 2, 2, 0));
    const { layers } = counted(file.add(net, [x], [y]).bytes());
    expect(layers.map(({ op, outShape }) => [op, outShape])).toEqual([
      ['maxPool', [1, 3, 4, 3]],
      ['constant', [1, 3, 8, 6]],
      ['scatter', [1, 3, 8, 6]],
    ]);
  });

  it('that decodes the boxes of a detector keeps as many as its options say', () => {
    const file = new TfliteDraft();
    const net = file.subgraph();
    const x = net.tensor('x', [1, 8, 6, 3]);
    const boxes = net.tensor('boxes', [1, 36, 4]);
    const scores = net.tensor('scores', [1, 36, 4]);
    net.op('RESHAPE', [x, net.list('sides', [1, 36, 4])], [boxes]);
    net.op('RESHAPE', [x, net.list('sides again', [1, 36, 4])], [scores]);
    const made = ['y', 'classes', 'kept', 'count'].map((name) => net.tensor(name, []));
    const options = flexMap({ max_classes_per_detection: 1, max_detections: 10 });
    net.op('CUSTOM:TFLite_Detection_PostProcess', [boxes, scores, net.constant('anchors', [36, 4])], made, options);
    const { layers } = counted(file.add(net, [x], made).bytes());
    expect(layers.find(({ op }) => op === 'topK')!.outShape).toEqual([1, 10]);
    expect(layers.at(-1)!.outShape).toEqual([1, 10, 4]);
  });

  it('whose options are cut short is refused in a sentence', () => {
    const short = single('CUSTOM:MaxUnpooling2D', [1, 8, 6, 4], (_, x) => [x, x], pool(1));
    expect(() => counted(short)).toThrow('its options have 4 bytes, and need 20');
  });
});

describe('a list of tensors', () => {
  it('is what a loop of a recurrent layer fills, one step each time', () => {
    const file = new TfliteDraft();
    const net = file.subgraph();
    const [x, y] = [net.tensor('x', [1, 4, 6]), net.tensor('y', [1])];
    const list = net.tensor('list', []);
    net.op('CUSTOM:FlexTensorListReserve', [net.list('sides', [1, 5]), net.list('steps', [4])], [list]);
    const start = net.constant('start', [], { type: 'i32', items: [0] });
    const [count, made, same] = ['count', 'made', 'same'].map((name) => net.tensor(name, [])) as [
      number,
      number,
      number,
    ];
    net.op('WHILE', [start, list, x], [count, made, same], ['While', { condition: 1, body: 2 }]);
    net.op('CUSTOM:FlexTensorListStack', [made, net.list('own', [1, 5])], [y]);
    file.add(net, [x], [y]);
    const names = ['i', 'l', 's'];
    const again = file.subgraph('again');
    const [i, l, s] = names.map((name) => again.tensor(name, [])) as [number, number, number];
    const less = again.tensor('less', [], { type: 'bool' });
    again.op('LESS', [i, again.constant('all', [], { type: 'i32', items: [4] })], [less]);
    file.add(again, [i, l, s], [less]);
    const body = file.subgraph('body');
    const [j, old, seq] = names.map((name) => body.tensor(name, [])) as [number, number, number];
    const [step, out, next, filled] = ['step', 'out', 'next', 'filled'].map((name) => body.tensor(name, [])) as [
      ...[number, number],
      ...[number, number],
    ];
    body.op('GATHER', [seq, j], [step], ['Gather', { axis: 1 }]);
    body.op('FULLY_CONNECTED', [step, body.constant('w', [5, 6]), -1], [out], ['FullyConnected', {}]);
    body.op('CUSTOM:FlexTensorListSetItem', [old, j, out], [filled]);
    body.op('ADD', [j, body.constant('one', [], { type: 'i32', items: [1] })], [next], ['Add', {}]);
    file.add(body, [j, old, seq], [next, filled, seq]);
    const { totals, layers } = counted(file.bytes(), 1, [4, 6, 1]);
    expect([totals.multAdds, totals.params]).toEqual([4 * 30, 30]);
    expect(layers.at(-1)!.outShape).toEqual([4, 1, 5]);
  });
});

describe('an operator that few files have', () => {
  it('SVDF is two products: one of features, one over the steps that it remembers', () => {
    const file = single(
      'SVDF',
      [2, 10],
      (net, x) => [
        ...[x, net.constant('feature', [12, 10]), net.constant('time', [12, 5]), net.constant('b', [6])],
        net.tensor('state', [2, 60], { isVariable: true }),
      ],
      ['Svdf', { rank: 2, fused: 1 }],
    );
    const { totals, layers } = counted(file, 2, [10, 1, 1]);
    expect([totals.multAdds, totals.params]).toEqual([2 * 12 * (10 + 5), 120 + 60 + 6]);
    expect(layers.at(-1)!.outShape).toEqual([2, 6]);
  });

  it('gives boxes that are left, padded to the number that the file states', () => {
    const file = single('NON_MAX_SUPPRESSION_V4', [50, 4], (net, x) => {
      const scores = net.tensor('scores', [50]);
      net.op('REDUCE_MAX', [x, net.list('axes', [1])], [scores], ['Reducer', {}]);
      return [x, scores, net.list('most', [60])];
    });
    expect(shapeOf(file)).toEqual([60]);
  });

  it.each([
    ['SCATTER_ND', [4, 3], (net: Draft, x: number) => [net.list('at', [1, 2, 3, 4]), x, net.list('n', [9, 3])], [9, 3]],
    ['MATRIX_DIAG', [4, 3], (_: Draft, x: number) => [x], [4, 3, 3]],
    [
      'UNSORTED_SEGMENT_MAX',
      [4, 3],
      (net: Draft, x: number) => [x, net.list('at', [0, 1, 0, 1]), net.list('n', [2])],
      [2, 3],
    ],
    ['SEGMENT_SUM', [4, 3], (net: Draft, x: number) => [x, net.list('at', [0, 0, 1, 2])], [3, 3]],
    ['DILATE', [4, 3], (net: Draft, x: number) => [x, net.list('by', [2, 3])], [7, 7]],
    ['REVERSE_SEQUENCE', [4, 3], (_: Draft, x: number) => [x], [4, 3]],
    ['STABLEHLO_LOGISTIC', [4, 3], (_: Draft, x: number) => [x], [4, 3]],
  ] as const)('%s has the sides that follow from shapes', (op, shape, inputs, out) => {
    expect(shapeOf(single(op, shape, inputs))).toEqual(out);
  });

  it('of StableHLO convolves sides in any order', () => {
    const file = single('STABLEHLO_CONVOLUTION', [1, 8, 6, 4], (net, x) => [x, net.constant('w', [3, 3, 4, 5])], [
      'HloConvolution',
      {
        ...{ stride: longs(2, 2), padding: longs(1, 1, 1, 1), inputDilation: longs(1, 1), dilation: longs(1, 1) },
        ...{ inputBatch: 0, inputFeatures: 3, inputSides: longs(1, 2) },
        ...{ kernelInputs: 2, kernelOutputs: 3, kernelSides: longs(0, 1) },
        ...{ outputBatch: 0, outputFeatures: 3, outputSides: longs(1, 2), groups: 1, batchGroups: 1 },
      },
    ]);
    const { totals, layers } = counted(file);
    expect([totals.multAdds, totals.params]).toEqual([4 * 3 * 5 * 36, 180]);
    expect(layers.at(-1)!.outShape).toEqual([1, 4, 3, 5]);
  });

  it('of StableHLO that stands for several is what its inner graph runs', () => {
    const file = new TfliteDraft();
    const net = file.subgraph();
    const [x, y] = [net.tensor('x', [1, 8, 6, 3]), net.tensor('y', [1])];
    net.op('STABLEHLO_COMPOSITE', [x], [y], ['Composite', { name: 'odml.gelu', subgraph: 1 }]);
    const inner = file.subgraph('inner');
    const [a, b] = [inner.tensor('a', [1, 8, 6, 3]), inner.tensor('b', [1])];
    inner.op('GELU', [a], [b]);
    expect(opsOf(counted(file.add(net, [x], [y]).add(inner, [a], [b]).bytes()))).toEqual(['gelu']);
  });
});

const longs = (...numbers: readonly number[]): Uint8Array =>
  new Uint8Array(BigInt64Array.from(numbers.map(BigInt)).buffer);

const join = (...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]));

/** A FlexBuffer list of texts, with offsets and lengths of two bytes. */
function flexList(texts: readonly Uint8Array[]): Uint8Array {
  const u16 = (n: number): readonly number[] => [n & 255, n >> 8];
  const starts: number[] = [];
  let bytes: Uint8Array = new Uint8Array();
  for (const text of texts) {
    bytes = join(bytes, u16(text.length));
    starts.push(bytes.length);
    bytes = join(bytes, text, [0], text.length % 2 === 0 ? [0] : []);
  }
  bytes = join(bytes, u16(texts.length));
  const at = bytes.length;
  const offsets = starts.flatMap((start, i) => u16(at + 2 * i - start));
  const types = texts.map(() => (5 << 2) | 1);
  const end = at + offsets.length + types.length;
  return join(bytes, offsets, types, u16(end - at), [(10 << 2) | 1, 2]);
}

/** A FlexBuffer map of small numbers, with fields of one byte. */
function flexMap(numbers: Readonly<Record<string, number>>): Uint8Array {
  const keys = Object.keys(numbers).sort();
  const starts: number[] = [];
  let bytes: Uint8Array = new Uint8Array();
  for (const key of keys) {
    starts.push(bytes.length);
    bytes = join(bytes, new TextEncoder().encode(key), [0]);
  }
  bytes = join(bytes, [keys.length]);
  const list = bytes.length;
  bytes = join(
    bytes,
    starts.map((start, i) => list + i - start),
  );
  // The map: where its keys stand, how wide their offsets are, how many values, the values, their types.
  bytes = join(bytes, [bytes.length - list, 1, keys.length]);
  const values = keys.map((key) => numbers[key]!);
  const types = keys.map(() => 1 << 2);
  return join(bytes, values, types, [values.length + types.length, 9 << 2, 1]);
}

/** A node of TensorFlow with lists of numbers and a padding. */
function nodeDef(op: string, lists: Readonly<Record<string, readonly number[]>>, padding: string): Uint8Array {
  const text = (value: string): Uint8Array => new TextEncoder().encode(value);
  const field = (id: number, part: Uint8Array): Uint8Array => join([(id << 3) | 2, part.length], part);
  const entry = (key: string, value: Uint8Array): Uint8Array => field(5, join(field(1, text(key)), field(2, value)));
  return join(
    ...[field(1, text('node')), field(2, text(op))],
    ...Object.entries(lists).map(([key, list]) => entry(key, field(1, field(3, Uint8Array.from(list))))),
    entry('padding', field(2, text(padding))),
  );
}
