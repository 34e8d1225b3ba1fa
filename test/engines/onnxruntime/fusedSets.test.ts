// Kernels of ONNX Runtime are joined to the nodes that they stand for, on graphs as the runtime writes them.

import { describe, expect, it } from 'vitest';
import { fusedSets, type FileNode, type KernelNode } from '../../../src/engines/onnxruntime/fusedSets.js';

const node = (op: string, inputs: string, output: string): FileNode => ({
  op,
  inputs: inputs.split(' '),
  outputs: [output],
});
const kernel = (name: string, op: string, inputs: string, output: string, activation?: string): KernelNode => ({
  ...node(op, inputs, output),
  name,
  activation,
});

/** Tensors have other names than nodes, as in files of PyTorch. */
const RESIDUAL = [
  node('Conv', 'x w1', 't1'),
  node('BatchNormalization', 't1 s b m v', 't2'),
  node('Relu', 't2', 't3'),
  node('Conv', 't3 w2', 't4'),
  node('BatchNormalization', 't4 s b m v', 't5'),
  node('Add', 't5 x', 't6'),
  node('Relu', 't6', 't7'),
];

describe('fusedSets', () => {
  it('finds what lies between the inputs and the output of a kernel that keeps its tensors', () => {
    const sets = fusedSets(RESIDUAL, [
      kernel('', 'FusedConv', 'x w1 b1', 't3', 'Relu'),
      kernel('', 'Conv', 't3 w2 b2', 't5'),
      kernel('', 'Add', 't5 x', 't6'),
      kernel('', 'Relu', 't6', 't7'),
    ]);
    expect(sets).toEqual([[0, 1, 2], [3, 4], [5], [6]]);
  });

  it('goes on over the addition and the activation that a blocked convolution took in', () => {
    const sets = fusedSets(RESIDUAL, [
      kernel('ReorderInput', 'ReorderInput', 'x', 'reorder_token_0'),
      kernel('t3_nchwc', 'Conv', 'reorder_token_0 w1 b1', 'reorder_token_1', 'Relu'),
      kernel('t5_nchwc', 'Conv', 'reorder_token_1 w2 b2 reorder_token_0', 'reorder_token_2', 'Relu'),
      kernel('ReorderOutput', 'ReorderOutput', 'reorder_token_2', 't7'),
    ]);
    expect(sets).toEqual([[], [0, 1, 2], [3, 4, 5, 6], []]);
  });

  it('knows a norm that runs as a depthwise convolution, and an op of blocked data by what it reads', () => {
    const nodes = [
      node('Conv', 'x w1', 'a'),
      node('Concat', 'a x', 'c'),
      node('BatchNormalization', 'c s b m v', 'n'),
      node('Relu', 'n', 'r'),
    ];
    const sets = fusedSets(nodes, [
      kernel('ReorderInput', 'ReorderInput', 'x', 'reorder_token_0'),
      kernel('a_nchwc', 'Conv', 'reorder_token_0 w1', 'reorder_token_1'),
      kernel('', 'Concat', 'reorder_token_1 reorder_token_0', 'reorder_token_2'),
      kernel('n_bn_nchwc', 'Conv', 'reorder_token_2 w b', 'reorder_token_3', 'Relu'),
      kernel('ReorderOutput', 'ReorderOutput', 'reorder_token_3', 'r'),
    ]);
    expect(sets).toEqual([[], [0], [1], [2, 3], []]);
  });

  it('gives one kernel with two outputs both nodes', () => {
    const nodes = [node('Slice', 'x 0 4', 'a'), node('Slice', 'x 4 8', 'b')];
    const split: KernelNode = { name: '', op: 'Split', inputs: ['x'], outputs: ['a', 'b'] };
    expect(fusedSets(nodes, [split])).toEqual([[0, 1]]);
  });

  it('puts every node into one kernel at most, also where a value is computed twice', () => {
    const sets = fusedSets(RESIDUAL, [
      kernel('', 'Conv', 'x w1', 't7'),
      kernel('', 'Conv', 'x w1', 't3'),
      kernel('', 'Relu', 't6', 't7'),
    ]);
    const all = sets.flat();
    expect(new Set(all).size).toBe(all.length);
  });
});
