// keras.ops give the sides that Keras computes. Axes are those of the file, shapes are ours.

import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/inputError.js';
import { called, functional, input, layer, tensor, type Data } from './keras3.js';
import { countsOf } from './countsOf.js';

const NAMES = ['x', 'y', 'z'];
const [x, y, z] = NAMES.map((name) => tensor(name)) as [Data, Data, Data];

const operation = (
  className: string,
  config: Data,
  args: readonly unknown[],
  shapes: readonly (readonly number[])[],
  output = 0,
): Data =>
  functional(
    [...shapes.map((shape, i) => input(NAMES[i]!, shape)), called(layer(className, config, 'op'), { args })],
    [['op', 0, output]],
  );

const LIST = [10, 6];
const IMAGE = [8, 8, 3];
const slice = (start: number | null, stop: number | null, step: number | null = null): Data => ({
  class_name: 'slice',
  config: { start, stop, step },
});
const ALL = slice(null, null);

type Case = readonly [
  className: string,
  config: Data,
  args: readonly unknown[],
  shapes: readonly (readonly number[])[],
  shape: readonly number[],
  multAdds?: number,
];

describe('sides after the batch', () => {
  const cases: readonly Case[] = [
    ['Rot90', { k: 1, axes: [1, 2] }, [x], [[8, 6, 3]], [3, 6, 8]],
    ['Diagonal', { offset: 1, axis1: 1, axis2: 2 }, [x], [IMAGE], [3, 7]],
    ['Unstack', { num: null, axis: 2 }, [x], [LIST], [10]],
    ['Hstack', {}, [[x, y]], [LIST, LIST], [20, 6]],
    ['Tensordot', { axes: [[2], [1]] }, [x, y], [LIST, [6, 4]], [4, 10, 1], 240],
    ['Sort', { axis: -1 }, [x], [LIST], [10, 6]],
    ['Median', { axis: -1, keepdims: false }, [x], [LIST], [10]],
    ['CountNonzero', { axis: [1] }, [x], [LIST], [6]],
    ['Cumprod', { axis: 1 }, [x], [LIST], [10, 6]],
    ['Diff', { axis: 1, n: 2 }, [x], [LIST], [8, 6]],
    ['ZerosLike', {}, [x], [LIST], [10, 6]],
    ['ExtractPatches', { size: [4, 4], strides: [4, 4], padding: 'valid' }, [x], [IMAGE], [48, 2, 2]],
    ['RGBToGrayscale', {}, [x], [IMAGE], [1, 8, 8]],
    ['PadImages', { top_padding: 1, left_padding: 1, target_height: 10, target_width: 11 }, [x], [IMAGE], [3, 10, 11]],
    ['CropImages', { top_cropping: 1, left_cropping: 1, target_height: 5, target_width: 4 }, [x], [IMAGE], [3, 5, 4]],
    ['RMSNorm', { axis: -1 }, [x], [LIST], [10, 6]],
    ['DotProductAttention', {}, [x, x, x], [[10, 2, 4]], [4, 10, 2], 2 * 2 * 100 * 4],
    ['CategoryEncoding', { num_tokens: 12, output_mode: 'multi_hot' }, [x], [[5]], [12]],
    ['Discretization', { bin_boundaries: [0, 1, 2] }, [x], [[5]], [5]],
    ['Discretization', { bin_boundaries: [0, 1, 2], output_mode: 'one_hot' }, [x], [[5]], [5, 4]],
    ['Hashing', { num_bins: 9, output_mode: 'multi_hot' }, [x], [[5]], [9]],
    ['IntegerLookup', { vocabulary: [1, 2, 3], output_mode: 'count' }, [x], [[5]], [4]],
    ['HashedCrossing', { num_bins: 7, output_mode: 'one_hot' }, [x, x], [[1], [1]], [7]],
    [
      'Pipeline',
      {
        layers: [
          { class_name: 'Rescaling', config: { scale: 2 } },
          { class_name: 'CenterCrop', config: { height: 4, width: 4 } },
        ],
      },
      [x],
      [IMAGE],
      [3, 4, 4],
    ],
    ['CategoryEncoding', { num_tokens: 12, output_mode: 'one_hot' }, [x], [[5]], [5, 12]],
    ['StringLookup', { vocabulary: ['a', 'b'], output_mode: 'multi_hot' }, [x], [[5]], [3]],
    ['TextVectorization', { output_mode: 'int', output_sequence_length: 9 }, [x], [[1]], [9]],
    ['Ptp', { axis: 1, keepdims: false }, [x], [LIST], [6]],
    ['Moments', { axes: [1], keepdims: false }, [x], [LIST], [6]],
    ['Append', { axis: 1 }, [x, y], [LIST, LIST], [20, 6]],
    ['Hsplit', { indices_or_sections: 2 }, [x], [LIST], [5, 6]],
    ['Fliplr', {}, [x], [LIST], [10, 6]],
    ['TakeAlongAxis', { axis: 1 }, [x, y], [LIST, [3, 6]], [3, 6]],
    ['Trace', { axis1: 1, axis2: 2 }, [x], [LIST], []],
    ['Trapezoid', { axis: 1 }, [x], [LIST], [6]],
    ['RFFT', { fft_length: null }, [x], [LIST], [10, 4]],
    ['ExtractSequences', { sequence_length: 3, sequence_stride: 2 }, [x], [LIST], [3, 10, 2]],
    ['CDist', {}, [x, y], [LIST, [4, 6]], [10, 4]],
    ['Fmax', {}, [x, y], [LIST, LIST], [10, 6]],
    ['Take', { axis: 2 }, [x, { class_name: '__numpy__', config: { value: [0, 2] } }], [LIST], [10, 2]],
    ['Mean', { axis: [1], keepdims: false }, [x], [LIST], [6]],
    ['Sum', { axis: [-1], keepdims: true }, [x], [LIST], [10, 1]],
    ['Max', { axis: [1, 2], keepdims: false }, [x], [IMAGE], [3]],
    ['Mean', { axis: [3], keepdims: true }, [x], [IMAGE], [1, 8, 8]],
    ['Var', { axis: [1], keepdims: false }, [x], [LIST], [6]],
    ['Norm', { axis: [1], keepdims: false }, [x], [LIST], [6]],
    ['Logsumexp', { axis: [1], keepdims: false }, [x], [LIST], [6]],
    ['Argmax', { axis: -1, keepdims: false }, [x], [LIST], [10]],
    ['Cumsum', { axis: 1 }, [x], [LIST], [10, 6]],
    ['Transpose', { axes: [0, 3, 1, 2] }, [x], [IMAGE], [8, 3, 8]],
    ['Swapaxes', { axis1: 1, axis2: 2 }, [x], [LIST], [6, 10]],
    ['Moveaxis', { source: [1], destination: [2] }, [x], [LIST], [6, 10]],
    ['ExpandDims', { axis: -1 }, [x], [LIST], [1, 10, 6]],
    ['Squeeze', { axis: 1 }, [x], [[1, 6]], [6]],
    ['Reshape', { newshape: [-1, 60] }, [x], [LIST], [60]],
    ['Stack', { axis: 1 }, [[x, y]], [LIST, LIST], [6, 2, 10]],
    ['Concatenate', { axis: 1 }, [[x, y]], [LIST, [4, 6]], [14, 6]],
    ['Split', { indices_or_sections: 2, axis: 2 }, [x], [LIST], [10, 3]],
    ['GetItem', {}, [x, [ALL, -1]], [LIST], [6]],
    ['GetItem', {}, [x, [ALL, slice(null, null, 2)]], [LIST], [5, 6]],
    ['GetItem', {}, [x, [ALL, slice(2, -3)]], [LIST], [5, 6]],
    ['GetItem', {}, [x, [ALL, slice(null, null, -1)]], [LIST], [10, 6]],
    [
      'Pad',
      {
        pad_width: [
          [0, 0],
          [1, 2],
          [0, 0],
        ],
        mode: 'constant',
      },
      [x],
      [LIST],
      [13, 6],
    ],
    ['Tile', { repeats: [1, 2, 1] }, [x], [LIST], [20, 6]],
    ['Repeat', { repeats: 3, axis: 1 }, [x], [LIST], [30, 6]],
    ['Flip', { axis: 1 }, [x], [LIST], [10, 6]],
    ['Roll', { shift: 2, axis: 1 }, [x], [LIST], [10, 6]],
    ['OneHot', { num_classes: 5, axis: -1 }, [x], [LIST], [5, 10, 6]],
    ['TopK', { k: 3, sorted: true }, [x], [LIST], [10, 3]],
    ['Glu', { axis: -1 }, [x], [LIST], [10, 3]],
    ['DepthToSpace', { block_size: 2 }, [x], [[8, 8, 4]], [1, 16, 16]],
    ['MaxPool', { pool_size: 2, strides: 2, padding: 'same' }, [x], [IMAGE], [3, 4, 4]],
    ['Resize', { size: [4, 5], interpolation: 'nearest' }, [x], [IMAGE], [3, 4, 5]],
    ['Matmul', {}, [x, y], [LIST, [6, 4]], [10, 4], 240],
    ['Einsum', { subscripts: 'bqd,bkd->bqk' }, [x, y], [LIST, [5, 6]], [10, 5], 300],
  ];
  const full = cases.map(
    ([className, config, args, shapes, shape, multAdds = 0]) =>
      [className, config, args, shapes, shape, multAdds] as const,
  );
  it.each(full)('%s %j', (className, config, args, shapes, shape, multAdds) => {
    const counted = countsOf(operation(className, config, args, shapes));
    expect(counted).toEqual({ params: 0, multAdds, shape: [1, ...shape] });
  });

  it.each<readonly [className: string, config: Data, output: number, shape: readonly number[]]>([
    ['Split', { indices_or_sections: [2, 3], axis: 1 }, 2, [7, 6]],
    ['TopK', { k: 3 }, 1, [10, 3]],
  ])('%s %j, output %i', (className, config, output, shape) => {
    expect(countsOf(operation(className, config, [x], [LIST], output)).shape).toEqual([1, ...shape]);
  });
});

it.each<readonly [className: string, args: readonly unknown[], config: Data]>([
  ['Relu', [x], {}],
  ['Silu', [x], {}],
  ['HardSigmoid', [x], {}],
  ['LogSoftmax', [x], { axis: 1 }],
  ['Square', [x], {}],
  ['Power', [x, 3], {}],
  ['Subtract', [1, x], {}],
  ['TrueDivide', [x, 2.5], {}],
  ['Maximum', [x, 0.5], {}],
  ['Clip', [x], { x_min: 0, x_max: 6 }],
  ['Normalize', [x], { axis: -1, order: 2 }],
  ['Where', [x, y, z], {}],
])('%s keeps the sides, and learns nothing', (className, args, config) => {
  const shapes = args.filter((one) => typeof one === 'object').map(() => LIST);
  expect(countsOf(operation(className, config, args, shapes))).toEqual({ params: 0, multAdds: 0, shape: [1, 10, 6] });
});

it.each([
  ['Reshape', { newshape: [-1, 7] }, 'op'],
  ['Split', { indices_or_sections: 4, axis: 1 }, '10 is not divisible by 4'],
  ['Squeeze', { axis: 1 }, 'drops side 1 of [1, 10, 6], which is not 1'],
  ['Transpose', { axes: [0, 1, 1] }, 'is not a permutation of the sides'],
  ['Mean', { axis: [3] }, 'there is no side 3 among 3'],
  ['Lambda', {}, 'flopscope does not know Lambda'],
])('%s %j is refused', (className, config, message) => {
  const count = (): unknown => countsOf(operation(className, config, [x], [LIST]));
  expect(count).toThrow(InputError);
  expect(count).toThrow(message);
});
