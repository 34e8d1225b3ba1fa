// Which zeros are work that a device dropped, and which a network may really give?

import { describe, expect, it } from 'vitest';
import { Builder } from '../../src/builder.js';
import type { Output } from '../../src/engines/engine.js';
import type { Graph } from '../../src/graph.js';
import { checkOutputs } from '../../src/measure/trust.js';

function endingIn(op: 'relu' | 'conv'): Graph {
  const net = Builder.start();
  const image = net.input([1, 3, 4, 4]);
  return net.finish('network', net.apply(op, 'end', image, op === 'conv' ? { channels: 1, kernel: 1 } : {}));
}
const zeros = (length: number, more: Partial<Output> = {}): Output => ({
  ...{ name: 'end', shape: [length], values: new Float32Array(length) },
  ...more,
});
const ones = zeros(9, { name: 'other', values: new Float32Array(9).fill(1) });

describe('outputs of zeros', () => {
  it.each<[string, readonly Output[], Graph, 'seeded' | 'file']>([
    ['one element behind a ReLU', [zeros(1)], endingIn('relu'), 'seeded'],
    ['whole numbers', [zeros(9, { integers: true })], endingIn('conv'), 'seeded'],
    ['no elements', [zeros(0)], endingIn('conv'), 'seeded'],
    ['behind a ReLU of a file with its own weights', [zeros(900)], endingIn('relu'), 'file'],
    ['one of several outputs of such a file', [zeros(900), ones], endingIn('conv'), 'file'],
  ])('%s are taken', (_, outputs, graph, weights) => {
    expect(() => {
      checkOutputs(outputs, graph, weights);
    }).not.toThrow();
  });

  it.each<[string, readonly Output[], Graph, 'seeded' | 'file', string]>([
    ['many behind a ReLU', [zeros(900)], endingIn('relu'), 'seeded', 'the output "end" is all zero'],
    ['one of several outputs', [ones, zeros(1)], endingIn('conv'), 'seeded', 'the output "end" is all zero'],
    ['all of a file', [zeros(900), zeros(1)], endingIn('conv'), 'file', 'all outputs are zero everywhere'],
  ])('%s are dropped work', (_, outputs, graph, weights, message) => {
    expect(() => {
      checkOutputs(outputs, graph, weights);
    }).toThrow(message);
  });
});
