// Layers with LoRA, quantised weights, tables read both ways, spectra, and arrays as operands. The numbers are Keras 3.15's.

import { describe, expect, it } from 'vitest';
import { kerasModel } from '../../../src/importers/keras/readKeras.js';
import { countsOf, profileOf } from './countsOf.js';
import { called, functional, input, layer, sequential, tensor, type Data } from './keras3.js';

const policyOf = (className: string, config: Data): Data => ({ module: 'keras', class_name: className, config });
const INT8 = policyOf('QuantizedDTypePolicy', { mode: 'int8', source_name: 'float32' });
const frozenIn = (model: Data): number => profileOf(model).totals.frozenParams ?? 0;

describe('LoRA: two narrow matrices, and weights that are not trained', () => {
  it.each([
    // W + A B is worked out once: 8 x 3 x 7 multiply-adds beside those of 256 places.
    ['Dense', { units: 7, lora_rank: 3 }, [16, 16, 8], 256 * 56 + 8 * 3 * 7, 56 + 7 + 45, 56],
    ['Dense', { units: 7, lora_rank: 3, use_bias: false, dtype: INT8 }, [12, 8], 12 * (56 + 24 + 21), 56 + 45, 56],
    [
      'EinsumDense',
      { equation: 'abc,cde->abde', output_shape: [null, 4, 5], bias_axes: 'de', lora_rank: 2 },
      ...([[12, 8], 12 * 160 + 8 * 4 * 2 * 5, 160 + 20 + 74, 160] as const),
    ],
    [
      'EinsumDense',
      { equation: 'abc,cd->abd', output_shape: [null, 6], bias_axes: 'd', lora_rank: 2, dtype: INT8 },
      ...([[12, 8], 12 * (48 + 16 + 12), 48 + 6 + 28, 48] as const),
    ],
    ['Embedding', { input_dim: 50, output_dim: 6, lora_rank: 2 }, [7], 50 * 2 * 6, 300 + 112, 300],
    ['Embedding', { input_dim: 50, output_dim: 6, lora_rank: 2, dtype: INT8 }, [7], 7 * 12, 300 + 112, 300],
  ] as const)('%s %j', (className, config, shape, multAdds, params, frozen) => {
    const model = sequential(shape, layer(className, config, 'op'));
    expect(countsOf(model)).toMatchObject({ multAdds, params });
    expect(frozenIn(model)).toBe(frozen);
  });
});

describe('the dtype policy says the bytes of the weights, and whether they are trained', () => {
  const dense = (dtype: unknown): Data => sequential([8], layer('Dense', { units: 6, dtype }, 'op'));

  it.each([
    ['float32', undefined, 0],
    ['bfloat16', 2, 0],
    ['mixed_bfloat16', undefined, 0],
    [policyOf('DTypePolicy', { name: 'float16' }), 2, 0],
    [INT8, 1, 48],
    [policyOf('Int4DTypePolicy', { mode: 'int4/128', source_name: 'float32' }), 0.5, 48],
    [policyOf('GPTQDTypePolicy', { mode: 'gptq/4/128', source_name: 'float32' }), 0.5, 48],
    [policyOf('QuantizedFloat8DTypePolicy', { mode: 'float8', source_name: 'bfloat16' }), 2, 0],
  ] as const)('%j', (dtype, bytes, frozen) => {
    const model = dense(dtype);
    expect(kerasModel(model, 'm').bytesPerElement).toBe(bytes);
    expect(profileOf(model).totals.params).toBe(54);
    expect(frozenIn(model)).toBe(frozen);
  });

  it('most weights decide', () => {
    const small = layer('Dense', { units: 2, dtype: 'float32' }, 'small');
    const large = layer('Dense', { units: 100, dtype: INT8 }, 'large');
    expect(kerasModel(sequential([8], small, large), 'm').bytesPerElement).toBe(1);
    expect(
      kerasModel(
        sequential([8], large, small, {
          ...small,
          config: { ...(small['config'] as Data), name: 'last', units: 3000 },
        }),
        'm',
      ).bytesPerElement,
    ).toBeUndefined();
  });
});

describe('a table that is read by number, and multiplied in reverse', () => {
  const model = (tied: boolean): Data =>
    functional(
      [
        input('x', [7]),
        {
          ...layer('ReversibleEmbedding', { input_dim: 50, output_dim: 6, tie_weights: tied, logit_soft_cap: 30 }, 'e'),
          name: 'e',
          inbound_nodes: [
            { args: [tensor('x')], kwargs: {} },
            { args: [tensor('d')], kwargs: { reverse: true } },
          ],
        },
        called(layer('Dense', { units: 6 }, 'd'), { args: [tensor('e')] }),
      ],
      [['e', 1, 0]],
    );

  it.each([
    [true, 342],
    [false, 642],
  ])('tied: %s', (tied, params) => {
    expect(countsOf(model(tied))).toEqual({ multAdds: 7 * 36 + 7 * 300, params, shape: [1, 7, 50] });
  });
});

describe('spectra', () => {
  const stft = (mode: string, more: Data = {}): Data =>
    sequential([200, 3], layer('STFTSpectrogram', { mode, frame_length: 32, frame_step: 8, fft_length: 64, ...more }));
  // 22 frames of 3 channels, 33 frequencies.
  const one = 3 * 22 * 33 * 32;

  it.each([
    ['log', 2 * one, 2112, 99],
    ['psd', 2 * one, 2112, 99],
    ['angle', 2 * one, 2112, 99],
    ['stft', 2 * one, 2112, 198],
    ['real', one, 1056, 99],
  ])('STFTSpectrogram %s', (mode, multAdds, params, features) => {
    expect(countsOf(stft(mode))).toEqual({ multAdds, params, shape: [1, features, 22] });
  });

  it('as an image of frames and frequencies', () => {
    expect(countsOf(stft('magnitude', { expand_dims: true, padding: 'same' })).shape).toEqual([1, 3, 25, 33]);
  });

  it('MelSpectrogram multiplies 33 frequencies with 10 bins in each of 26 frames', () => {
    const config = { fft_length: 64, sequence_stride: 16, num_mel_bins: 10, sampling_rate: 8000 };
    const model = sequential([400], layer('MelSpectrogram', config, 'mel'));
    expect(countsOf(model)).toEqual({ multAdds: 26 * 33 * 10, params: 0, shape: [1, 10, 26] });
  });
});

describe('arrays of the file as operands', () => {
  const array = (...sides: readonly number[]): Data => {
    const filled = ([side, ...more]: readonly number[]): unknown =>
      side === undefined ? 0 : new Array(side).fill(filled(more));
    return { class_name: '__numpy__', config: { value: filled(sides), dtype: 'float32' } };
  };
  const x = tensor('x');

  it.each<
    readonly [
      className: string,
      config: Data,
      args: readonly unknown[],
      shape: readonly number[],
      made: readonly number[],
      multAdds: number,
    ]
  >([
    ['Matmul', {}, [x, array(8, 5)], [12, 8], [12, 5], 480],
    ['Matmul', {}, [array(5, 12), x], [12, 8], [5, 8], 480],
    ['Einsum', { subscripts: 'bij,jk->bik' }, [x, array(8, 5)], [12, 8], [12, 5], 480],
    ['Conv', { strides: 2, padding: 'same' }, [x, array(3, 3, 8, 6)], [16, 16, 8], [6, 8, 8], 64 * 6 * 72],
    ['Conv', {}, [x, array(3, 8, 6)], [12, 8], [6, 10], 10 * 6 * 24],
    ['DepthwiseConv', {}, [x, array(3, 3, 8, 2)], [16, 16, 8], [16, 14, 14], 196 * 16 * 9],
    ['SeparableConv', {}, [x, array(3, 3, 8, 2), array(1, 1, 16, 5)], [16, 16, 8], [5, 14, 14], 196 * (16 * 9 + 80)],
    ['Add', {}, [x, array(8)], [16, 16, 8], [8, 16, 16], 0],
    ['Add', {}, [x, [1, 2, 3, 4, 5, 6, 7, 8]], [16, 16, 8], [8, 16, 16], 0],
    ['Where', {}, [x, x, array(8)], [16, 16, 8], [8, 16, 16], 0],
    ['Concatenate', { axis: 1 }, [[x, array(1, 2, 8)]], [12, 8], [14, 8], 0],
    ['Tensordot', { axes: 1 }, [x, array(8, 5)], [12, 8], [12, 5], 480],
  ])('%s %j', (className, config, args, shape, made, multAdds) => {
    const model = functional(
      [input('x', shape), called(layer(className, config, 'op'), { args, kwargs: config })],
      [['op', 0, 0]],
    );
    expect(countsOf(model)).toEqual({ params: 0, multAdds, shape: [1, ...made] });
  });
});
