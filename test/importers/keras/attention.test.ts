// Attention is counted as Keras runs it: projections with offsets, then two products of pairs.

import { describe, expect, it } from 'vitest';
import { called, functional, input, layer, tensor, type Data } from './keras3.js';
import { countsOf, profileOf } from './countsOf.js';

const [x, y] = [tensor('x'), tensor('y')];

const net = (written: Data, args: readonly unknown[], kwargs: Data, shapes: readonly (readonly number[])[]): Data =>
  functional(
    [...shapes.map((shape, i) => input(['x', 'y'][i]!, shape)), called(written, { args, kwargs })],
    [['attention', 0, 0]],
  );

/** Two heads of three features. */
const heads = (more: Data = {}): Data => {
  const config = { num_heads: 2, key_dim: 3, value_dim: 3, use_bias: true, output_shape: null, attention_axes: null };
  return layer('MultiHeadAttention', { ...config, ...more }, 'attention');
};

const LIST = [10, 6];
/** Weights of the four projections of six features to six, and products of 2 heads x 3 features of each pair, twice. */
const WEIGHTS = 4 * 36;
const pairs = (queries: number, keys: number): number => 2 * 2 * 3 * queries * keys;

describe('MultiHeadAttention', () => {
  it.each<readonly [title: string, config: Data, args: readonly unknown[], kwargs: Data, params: number]>([
    ['of a list with itself', {}, [x, x], {}, WEIGHTS + 24],
    ['with a mask of causes', {}, [x, x], { use_causal_mask: true, attention_mask: null }, WEIGHTS + 24],
    ['by names', {}, [], { query: x, value: x, key: x }, WEIGHTS + 24],
    ['without offsets', { use_bias: false }, [x, x], {}, WEIGHTS],
  ])('%s', (_, config, args, kwargs, params) => {
    const counted = countsOf(net(heads(config), args, kwargs, [LIST]));
    expect(counted).toEqual({ params, multAdds: 10 * WEIGHTS + pairs(10, 10), shape: [1, 10, 6] });
  });

  it('has values and results of other sizes', () => {
    const wide = countsOf(net(heads({ value_dim: 5 }), [x, x], {}, [LIST]));
    expect(wide.params).toBe(2 * 42 + (60 + 10) + (60 + 6));
    const long = countsOf(net(heads({ output_shape: [7] }), [x, x], {}, [LIST]));
    expect(long).toMatchObject({ params: 3 * 42 + 49, shape: [1, 10, 7] });
  });

  it('looks from one list at another', () => {
    const counted = countsOf(net(heads(), [x], { value: y }, [LIST, [5, 4]]));
    const multAdds = 10 * 36 + 2 * 5 * 24 + 10 * 36 + pairs(10, 5);
    expect(counted).toEqual({ params: 42 + 2 * 30 + 42, multAdds, shape: [1, 10, 6] });
  });

  it('gives its scores beside the result', () => {
    const written = called(heads(), { args: [x, x], kwargs: { return_attention_scores: true } });
    const sum = called(layer('Mean', { axis: [1], keepdims: false }, 'scores'), { args: [tensor('attention', 1)] });
    const model = functional([input('x', LIST), written, sum], [['scores', 0, 0]]);
    expect(profileOf(model).layers.at(-1)!.outShape).toEqual([1, 10, 10]);
  });

  it.each<readonly [title: string, axes: readonly number[] | null, pairs: number]>([
    ['all pixels', null, pairs(20, 20)],
    ['all pixels, by number', [1, 2], pairs(20, 20)],
    ['rows, each by itself', [2], 4 * pairs(5, 5)],
    ['columns, each by itself', [1], 5 * pairs(4, 4)],
    ['columns, counted from behind', [-3], 5 * pairs(4, 4)],
  ])('looks at %s of an image', (_, axes, products) => {
    const counted = countsOf(net(heads({ attention_axes: axes }), [x, x], {}, [[4, 5, 6]]));
    expect(counted).toEqual({ params: WEIGHTS + 24, multAdds: 20 * WEIGHTS + products, shape: [1, 6, 4, 5] });
  });
});

it('GroupedQueryAttention has fewer heads of keys and values', () => {
  const config = { head_dim: 3, num_query_heads: 4, num_key_value_heads: 2, use_bias: true };
  const counted = countsOf(net(layer('GroupedQueryAttention', config, 'attention'), [x, x], {}, [LIST]));
  const params = 72 + 12 + 2 * (36 + 6) + (72 + 6);
  expect(counted).toEqual({ params, multAdds: 10 * (72 + 72 + 72) + 2 * 12 * 100, shape: [1, 10, 6] });
});

describe('layers without projections', () => {
  it.each<readonly [className: string, config: Data, params: number, multAdds: number]>([
    ['Attention', { use_scale: false, score_mode: 'dot' }, 0, 2 * 10 * 5 * 6],
    ['Attention', { use_scale: true, score_mode: 'dot' }, 1, 2 * 10 * 5 * 6],
    ['Attention', { use_scale: false, score_mode: 'concat' }, 1, 10 * 5 * 6],
    ['AdditiveAttention', { use_scale: true }, 6, 10 * 5 * 6],
    ['AdditiveAttention', { use_scale: false }, 0, 10 * 5 * 6],
  ])('%s %j', (className, config, params, multAdds) => {
    const counted = countsOf(net(layer(className, config, 'attention'), [[x, y]], {}, [LIST, [5, 6]]));
    expect(counted).toEqual({ params, multAdds, shape: [1, 10, 6] });
  });

  it.each<readonly [axes: unknown, shapes: readonly (readonly number[])[], multAdds: number, out: readonly number[]]>([
    [[2, 2], [LIST, [5, 6]], 10 * 5 * 6, [10, 5]],
    [1, [[6], [6]], 6, [1]],
  ])('Dot along %j', (axes, shapes, multAdds, out) => {
    const counted = countsOf(net(layer('Dot', { axes, normalize: false }, 'attention'), [[x, y]], {}, shapes));
    expect(counted).toEqual({ params: 0, multAdds, shape: [1, ...out] });
  });
});
