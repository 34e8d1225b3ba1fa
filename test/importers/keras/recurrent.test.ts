// Recurrent layers have the parameters that Keras counts.
// An LSTM has 4h(i + h + 1), a GRU 3h(i + h + 2), a simple one h(i + h + 1).

import { describe, expect, it } from 'vitest';
import { called, functional, input, layer, sequential, tensor, type Data } from './keras3.js';
import { countsOf, profileOf } from './countsOf.js';

/** Ten steps of six features, four units. */
const STEPS = [10, 6];
const LSTM = 4 * 4 * (6 + 4 + 1);
const GRU = 3 * 4 * (6 + 4 + 2);
const SEQUENCE = { return_sequences: true };
/** Products of all steps: gates x units x (features + units). */
const multAdds = (gates: number): number => 10 * gates * 4 * (6 + 4);

describe('one layer', () => {
  it.each<readonly [className: string, config: Data, params: number, shape: readonly number[], multAdds: number]>([
    ['LSTM', {}, LSTM, [4], multAdds(4)],
    ['LSTM', SEQUENCE, LSTM, [10, 4], multAdds(4)],
    ['LSTM', { use_bias: false }, LSTM - 16, [4], multAdds(4)],
    ['GRU', { reset_after: true }, GRU, [4], multAdds(3)],
    ['GRU', { reset_after: false }, GRU - 12, [4], multAdds(3)],
    ['GRU', { use_bias: false }, GRU - 24, [4], multAdds(3)],
    ['SimpleRNN', {}, 4 * 11, [4], multAdds(1)],
    // cuDNN has an offset on both products.
    ['CuDNNLSTM', {}, LSTM + 16, [4], multAdds(4)],
    ['CuDNNGRU', {}, GRU, [4], multAdds(3)],
    ['RNN', { cell: layer('LSTMCell', { units: 4 }) }, LSTM, [4], multAdds(4)],
    ['RNN', { ...SEQUENCE, cell: layer('GRUCell', { units: 4 }) }, GRU, [10, 4], multAdds(3)],
  ])('%s %j', (className, config, params, shape, products) => {
    const counted = countsOf(sequential(STEPS, layer(className, { units: 4, ...config })));
    expect(counted).toEqual({ params, multAdds: products, shape: [1, ...shape] });
  });

  it('stacks cells', () => {
    const cells = [layer('GRUCell', { units: 4, reset_after: true }), layer('LSTMCell', { units: 5 })];
    const counted = countsOf(sequential(STEPS, layer('RNN', { cell: layer('StackedRNNCells', { cells }) })));
    expect(counted).toMatchObject({ params: GRU + 4 * 5 * (4 + 5 + 1), shape: [1, 5] });
  });
});

describe('Bidirectional', () => {
  it.each([
    ['concat', 8],
    ['sum', 4],
    ['mul', 4],
    ['ave', 4],
  ])('%s', (mode, features) => {
    const both = {
      layer: layer('LSTM', { units: 4 }),
      backward_layer: layer('LSTM', { units: 4, go_backwards: true }),
    };
    const counted = countsOf(sequential(STEPS, layer('Bidirectional', { merge_mode: mode, ...both })));
    expect(counted).toEqual({ params: 2 * LSTM, multAdds: 2 * multAdds(4), shape: [1, features] });
  });

  it('without a merge gives both, and states behind them', () => {
    const inner = layer('LSTM', { units: 4, return_state: true, ...SEQUENCE });
    const net = functional(
      [
        input('x', STEPS),
        called(layer('Bidirectional', { merge_mode: null, layer: inner }, 'both'), { args: [tensor('x')] }),
        called(layer('Add', {}, 'sequences'), { args: [[tensor('both', 0), tensor('both', 1)]] }),
        called(layer('Concatenate', { axis: -1 }, 'states'), { args: [[tensor('both', 2), tensor('both', 5)]] }),
      ],
      [
        ['sequences', 0, 0],
        ['states', 0, 0],
      ],
    );
    const shapes = new Map(profileOf(net).layers.map(({ name, outShape }) => [name, outShape]));
    expect([shapes.get('sequences'), shapes.get('states')]).toEqual([
      [1, 10, 4],
      [1, 8],
    ]);
  });
});

describe('states', () => {
  it.each([
    ['LSTM', { units: 4 }, LSTM],
    ['RNN', { cell: layer('LSTMCell', { units: 4 }) }, LSTM],
  ])('of %s are the first ones of another layer', (className, config, params) => {
    const encoder = layer(className, { ...config, ...SEQUENCE, return_state: true }, 'encoder');
    const initial = { initial_state: [tensor('encoder', 1), tensor('encoder', 2)] };
    const net = functional(
      [
        input('x', STEPS),
        called(encoder, { args: [tensor('x')] }),
        called(layer('LSTM', { units: 4 }, 'decoder'), { args: [tensor('x')], kwargs: initial }),
        called(layer('Add', {}, 'sum'), { args: [[tensor('encoder', 1), tensor('encoder', 2)]] }),
      ],
      [
        ['decoder', 0, 0],
        ['sum', 0, 0],
      ],
    );
    expect(countsOf(net)).toMatchObject({ params: params + LSTM, shape: [1, 4] });
  });
});

it('counts the parameters of a layer that is called twice once', () => {
  const net = functional(
    [
      input('x', STEPS),
      called(layer('LSTM', { units: 6, ...SEQUENCE }, 'a'), { args: [tensor('x')] }, { args: [tensor('a')] }),
    ],
    [['a', 1, 0]],
  );
  expect(countsOf(net)).toEqual({ params: 4 * 6 * 13, multAdds: 2 * 10 * 4 * 6 * 12, shape: [1, 10, 6] });
});

describe('TimeDistributed', () => {
  it.each<readonly [inner: Data, input: readonly number[], params: number, shape: readonly number[], multAdds: number]>(
    [
      [layer('Dense', { units: 3 }), STEPS, 21, [10, 3], 180],
      [layer('BatchNormalization', { axis: -1 }), STEPS, 12, [10, 6], 0],
      [layer('Conv1D', { filters: 4, kernel_size: [3] }), [5, 10, 6], 76, [4, 5, 8], 5 * 8 * 72],
      [layer('MaxPooling1D', { pool_size: [2] }), [5, 10, 6], 0, [6, 5, 5], 0],
      [layer('LSTM', { units: 4 }), [5, 10, 6], LSTM, [5, 4], 5 * multAdds(4)],
      [layer('Flatten'), [5, 10, 6], 0, [5, 60], 0],
      [layer('Conv2D', { filters: 4, kernel_size: [3, 3], padding: 'same' }), [5, 8, 8, 3], 112, [4, 5, 8, 8], 34560],
      [layer('GlobalAveragePooling2D'), [5, 8, 8, 3], 0, [5, 3], 0],
    ],
  )('%j', (inner, shape, params, out, products) => {
    const counted = countsOf(sequential(shape, layer('TimeDistributed', { layer: inner })));
    expect(counted).toEqual({ params, multAdds: products, shape: [1, ...out] });
  });
});

describe('ConvLSTM: four gates of kernel x (channels + filters) weights', () => {
  const config = { filters: 4, padding: 'same' };
  it.each<
    readonly [className: string, config: Data, input: readonly number[], params: number, shape: readonly number[]]
  >([
    ['ConvLSTM1D', { kernel_size: [3] }, [5, 12, 3], 16 * (3 * 7 + 1), [12, 4]],
    ['ConvLSTM2D', { kernel_size: [3, 3] }, [5, 8, 8, 3], 16 * (9 * 7 + 1), [4, 8, 8]],
    ['ConvLSTM2D', { kernel_size: [3, 3], ...SEQUENCE }, [5, 8, 8, 3], 16 * (9 * 7 + 1), [4, 5, 8, 8]],
    ['ConvLSTM2D', { kernel_size: [2, 2], strides: [2, 2], use_bias: false }, [5, 8, 8, 3], 16 * 28, [4, 4, 4]],
    ['ConvLSTM3D', { kernel_size: [3, 3, 3] }, [5, 6, 6, 6, 3], 16 * (27 * 7 + 1), [4, 6, 6, 6]],
  ])('%s %j', (className, more, shape, params, out) => {
    const counted = countsOf(sequential(shape, layer(className, { ...config, ...more })));
    expect(counted).toMatchObject({ params, shape: [1, ...out] });
  });

  it('multiplies on every step', () => {
    const net = sequential([5, 8, 8, 3], layer('ConvLSTM2D', { ...config, kernel_size: [3, 3] }));
    expect(countsOf(net).multAdds).toBe(5 * 64 * 16 * 9 * 7);
  });
});
