// A wrong layer of Keras is told in one sentence that names the layer and the setting.

import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/inputError.js';
import { called, functional, input, layer, sequential, tensor, type Data } from './keras3.js';
import { countsOf, profileOf } from './countsOf.js';

function refusal(step: () => unknown): string {
  try {
    step();
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return 'nothing';
}

const LIST = [10, 6];

describe('one layer', () => {
  const cases: readonly (readonly [className: string, config: Data, message: string, shape?: readonly number[]])[] = [
    ['LSTM', { units: 0 }, 'units must be a positive whole number, not 0'],
    ['LSTM', {}, 'units must be a positive whole number, not nothing'],
    ['LSTM', { units: 2 ** 31 - 1 }, 'a count passes 2^53 and could not be exact'],
    ['LSTM', { units: 3 }, 'takes steps of features, not [1, 3, 8, 8]', [8, 8, 3]],
    ['Bidirectional', {}, 'has no layer inside'],
    ['Bidirectional', { layer: layer('toString') }, 'flopscope does not know its layer toString'],
    ['TimeDistributed', { layer: layer('Mine') }, 'flopscope does not know its layer Mine'],
    ['RNN', {}, 'has no layer inside'],
    ['RNN', { cell: layer('constructor', { units: 3 }) }, 'its cell is a constructor'],
    ['RNN', { cell: { class_name: 'StackedRNNCells', config: null } }, 'has no cell'],
    ['RNN', { cell: { class_name: 'StackedRNNCells' } }, 'has no cell'],
    ['ConvLSTM2D', { filters: 2, kernel_size: 3 }, 'takes steps of inputs with 2 sides, not [1, 10, 6]'],
    ['EinsumDense', { equation: 'abc,cd' }, 'does not say the sides of its weights'],
    ['EinsumDense', {}, 'equation must be one of two operands, not ""'],
    ['Cropping1D', { cropping: [5, 5] }, 'cuts off all of an input of [1, 6, 10]'],
    ['Conv1D', { filters: 3, kernel_size: [11] }, 'does not fit in a side of 10'],
    ['Conv1D', { filters: 3, kernel_size: [3, 3] }, 'kernel_size must be a positive whole number, not [3,3]'],
    ['Conv2D', { filters: 3, kernel_size: 3 }, 'takes an input with 2 sides between batch and channels'],
    ['RepeatVector', { n: 3 }, 'takes a list of features, not [1, 10, 6]'],
    ['LayerNormalization', { axis: [7] }, 'there is no side 7 among 3'],
    ['Dense', { units: 3, activation: 'mine' }, 'flopscope does not know Dense with activation mine'],
  ];
  const full = cases.map(([className, config, message, shape = LIST]) => [className, config, message, shape] as const);
  it.each(full)('%s %j', (className, config, message, shape) => {
    const text = refusal(() => countsOf(sequential(shape, layer(className, config, 'odd'))));
    expect(text).toContain(message);
    expect(text).toContain('"odd"');
    expect(text).not.toContain('\n');
  });
});

describe('attention', () => {
  it.each<readonly [config: Data, message: string, shape: readonly number[]]>([
    [{ num_heads: -1, key_dim: 3 }, 'num_heads must be a positive whole number, not -1', LIST],
    [{ num_heads: 2, key_dim: 3, attention_axes: [5] }, 'attends along sides 5 of [1, 10, 6]', LIST],
    [{ num_heads: 2, key_dim: 3, attention_axes: [1, 1] }, 'attends along sides 1, 1 of [1, 10, 6]', LIST],
    [{ num_heads: 2, key_dim: 3 }, 'takes positions of features, not [1, 6]', [6]],
  ])('%j', (config, message, shape) => {
    const attention = called(layer('MultiHeadAttention', config, 'm'), { args: [tensor('x'), tensor('x')] });
    const model = functional([input('x', shape), attention], [['m', 0, 0]]);
    expect(refusal(() => countsOf(model))).toContain(message);
  });
});

describe('references', () => {
  const dense = (args: readonly unknown[]): Data => called(layer('Dense', { units: 3 }, 'a'), { args });
  it.each<readonly [title: string, layer: Data, output: readonly [string, number, number], message: string]>([
    ['more outputs than any layer has', dense([tensor('x')]), ['a', 0, 1e9], 'is said to have 1000000000 outputs'],
    ['an input of many outputs', dense([tensor('x', 9999)]), ['a', 0, 0], 'which nothing makes'],
    ['its own output', dense([tensor('a')]), ['a', 0, 0], 'the graph has a cycle'],
    ['a call that is not there', dense([tensor('x')]), ['a', 7, 0], 'nothing makes "a call 7 output 0"'],
    ['a layer that is not there', dense([tensor('b')]), ['a', 0, 0], '"b"'],
  ])('%s', (_, written, output, message) => {
    expect(refusal(() => countsOf(functional([input('x', LIST), written], [output])))).toContain(message);
  });
});

it('leaves out a layer that it does not know, where it is asked to', () => {
  const net = sequential(LIST, layer('Mine', {}, 'mine'), layer('Dense', { units: 3 }, 'dense'));
  expect(refusal(() => profileOf(net))).toBe('flopscope does not know Mine (1x, first layer "mine")');
});

it('says apart the parameters of layers that are not trained', () => {
  const frozen = { trainable: false };
  const net = sequential(
    LIST,
    layer('LSTM', { units: 4, return_sequences: true, ...frozen }, 'lstm'),
    layer('TimeDistributed', { layer: layer('Dense', { units: 5, ...frozen }) }, 'each'),
    layer('Dense', { units: 2 }, 'head'),
  );
  const { totals } = profileOf(net);
  expect(totals).toMatchObject({ params: 176 + 25 + 12, frozenParams: 176 + 25 });
});
