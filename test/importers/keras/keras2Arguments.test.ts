// Tensors are found wherever Keras 2 writes them: in front, or by name beside the first.

import { describe, expect, it } from 'vitest';
import type { Data } from './keras3.js';
import { countsOf } from './countsOf.js';

/** Inputs x, y and z of these shapes, then one layer on them. */
function keras2(
  className: string,
  config: Data,
  nodes: readonly unknown[],
  shapes: readonly (readonly number[])[],
): Data {
  const names = ['x', 'y', 'z'].slice(0, shapes.length);
  const inputs = names.map((name, i) => ({
    class_name: 'InputLayer',
    name,
    config: { name, batch_input_shape: [null, ...shapes[i]!], dtype: 'float32' },
    inbound_nodes: [],
  }));
  const layer = { class_name: className, name: 'm', config: { name: 'm', ...config }, inbound_nodes: nodes };
  const ends = { input_layers: names.map((name) => [name, 0, 0]), output_layers: [['m', 0, 0]] };
  return {
    class_name: 'Functional',
    keras_version: '2.15.0',
    config: { name: 'n', layers: [...inputs, layer], ...ends },
  };
}

const LIST = [10, 6];
const slice = { start: null, stop: null, step: null };
const fn = (name: string): Data => ({ function: name });

describe('attention', () => {
  const config = { num_heads: 2, key_dim: 3, value_dim: 3, use_bias: true };
  it('has its values by name', () => {
    const node = [[['x', 0, 0, { value: ['y', 0, 0] }]]];
    // Four projections with offsets: of 6, 4, 4 and 6 features to 6.
    const counted = countsOf(keras2('MultiHeadAttention', config, node, [LIST, [5, 4]]));
    expect(counted).toMatchObject({ params: 42 + 30 + 30 + 42, shape: [1, 10, 6] });
  });

  it('takes values before keys, in whichever order they stand', () => {
    const node = [[['x', 0, 0, { key: ['z', 0, 0], value: ['y', 0, 0] }]]];
    const counted = countsOf(keras2('MultiHeadAttention', config, node, [LIST, [5, 4], [5, 7]]));
    expect(counted.multAdds).toBe(2 * 10 * 36 + 5 * 6 * 4 + 5 * 6 * 7 + 2 * 6 * 50);
  });
});

it.each<
  readonly [title: string, config: Data, node: readonly unknown[], shapes: number[][], out: number[], multAdds: number]
>([
  ['tf.matmul', fn('linalg.matmul'), ['x', 0, 0, { b: ['y', 0, 0], transpose_b: true }], [LIST, LIST], [10, 10], 600],
  ['x + y', fn('__operators__.add'), ['x', 0, 0, { y: ['y', 0, 0], name: null }], [LIST, LIST], LIST, 0],
  ['x times 2.5', fn('math.multiply'), ['x', 0, 0, { y: 2.5 }], [LIST], LIST, 0],
  ['2.5 times x', fn('math.multiply'), ['_CONSTANT_VALUE', -1, 2.5, { y: ['x', 0, 0] }], [LIST], LIST, 0],
  ['1 - x', fn('math.subtract'), ['_CONSTANT_VALUE', -1, 1, { y: ['x', 0, 0] }], [LIST], LIST, 0],
  ['tf.image.resize', fn('image.resize'), ['x', 0, 0, { size: [4, 4], method: 'bilinear' }], [[8, 8, 3]], [3, 4, 4], 0],
  ['tf.where', fn('where'), ['x', 0, 0, { x: ['x', 0, 0], y: ['y', 0, 0] }], [LIST, LIST], LIST, 0],
  [
    'tf.einsum',
    fn('einsum'),
    [
      '_CONSTANT_VALUE',
      -1,
      'abc,acd->abd',
      {
        inputs: [
          ['x', 0, 0],
          ['y', 0, 0],
        ],
      },
    ],
    [LIST, [6, 4]],
    [10, 4],
    240,
  ],
])('%s', (_, config, node, shapes, out, multAdds) => {
  expect(countsOf(keras2('TFOpLambda', config, [node], shapes))).toEqual({ params: 0, multAdds, shape: [1, ...out] });
});

it('x[:, -1] takes the last position', () => {
  const node = ['x', 0, 0, { slice_spec: [slice, -1] }];
  const config = fn('__operators__.getitem');
  expect(countsOf(keras2('SlicingOpLambda', config, [node], [LIST])).shape).toEqual([1, 6]);
});
