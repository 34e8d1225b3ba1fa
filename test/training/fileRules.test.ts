// Tests of calls of a .pt2 for which autograd keeps something else than for our op.

import { describe, expect, test } from 'vitest';
import { bytesSource } from '../../src/importers/modelFile.js';
import { readPt2 } from '../../src/importers/pt2/readPt2.js';
import { training } from '../../src/training/training.js';
import { archiveOf, p, programOf, x, type Call, type Given } from '../importers/pt2/programOf.js';

/** Bytes of [2, 8, 4, 4]. */
const WHOLE = 2 * 8 * 16 * 4;

/** A convolution to 8 channels, the op, a convolution of what it makes. */
function kept(op: string, given: Readonly<Record<string, Given>>, { makes = 8, self = 'self' } = {}): number {
  const conv = (input: string, name: string, shape: readonly number[]): Call => ({
    op: 'aten.conv2d.default',
    given: { input: x(input), weight: p(`${name}.weight`), bias: null },
    makes: { [name]: shape },
  });
  const call: Call = { op: `aten.${op}`, given: { [self]: x('a'), ...given }, makes: { y: [2, makes, 4, 4] } };
  const network = {
    inputs: { image: [2, 3, 4, 4] },
    parameters: { 'a.weight': [8, 3, 1, 1], 'b.weight': [4, makes, 1, 1], scale: [8], shift: [8] },
    buffers: { mean: [8], variance: [8] },
    calls: [conv('image', 'a', [2, 8, 4, 4]), call, conv('y', 'b', [2, 4, 4, 4])],
    outputs: ['b'],
  };
  return training(readPt2(bytesSource(archiveOf(programOf(network))), 'net.pt2')).totals.keptBytes;
}

describe('what torch.autograd.graph.saved_tensors_hooks counts, with the input of the convolution behind', () => {
  const rrelu = { lower: 0.125, upper: 0.3333, training: true };
  test.each([
    ['rrelu.default', rrelu, 3],
    ['rrelu_.default', rrelu, 2],
    ['leaky_relu.default', {}, 2],
    // The base, also of a square root that is written as a power; sqrt itself keeps its result.
    ['pow.Tensor_Scalar', { exponent: 0.5 }, 2],
    ['pow.Tensor_Scalar', { exponent: 3 }, 2],
    ['sqrt.default', {}, 1],
  ] as const)('%s %j: %d of its tensors', (op, given, tensors) => {
    expect(kept(op, given)).toBe(tensors * WHOLE);
  });

  test('a number to the power of a tensor keeps the exponent and the result', () => {
    expect(kept('pow.Scalar', { self: 2, exponent: x('a') })).toBe(2 * WHOLE);
  });

  test('a gated linear unit is one kernel, which keeps its input', () => {
    expect(kept('glu.default', { dim: 1 }, { makes: 4 })).toBe(WHOLE + WHOLE / 2);
  });

  const b = (name: string): Given => ({ tensor: `b_${name}` });
  const settings = { use_input_stats: true, momentum: 0.1, eps: 1e-5, cudnn_enabled: false };
  const affine = { weight: p('scale'), bias: p('shift') };
  const running = { running_mean: b('mean'), running_var: b('variance') };
  const none = { weight: null, bias: null, running_mean: null, running_var: null };
  // One number for each image and channel: mean and deviation, the scale, both running statistics.
  test.each([
    [none, 2],
    [{ ...none, ...affine }, 3],
    [{ ...none, ...running }, 4],
    [{ ...affine, ...running }, 5],
  ])('instance_norm %#: %d tensors of channels', (given, tensors) => {
    expect(kept('instance_norm.default', { ...given, ...settings }, { self: 'input' })).toBe(
      2 * WHOLE + tensors * 2 * 8 * 4,
    );
  });

  test('an LSTM of two layers drops elements between them', () => {
    const sizes = { params: { tensors: [] as string[] } };
    const weights = [0, 1].flatMap((layer) => [`w${layer}`, `u${layer}`]);
    sizes.params.tensors.push(...weights.map((name) => `p_${name}`));
    const lstm = (dropout: number): number => {
      const given = {
        ...{ input: x('seq'), hx: { tensors: ['h', 'c'] }, ...sizes, has_biases: false, num_layers: 2 },
        ...{ dropout, train: true, bidirectional: false, batch_first: false },
      };
      const network = {
        inputs: { seq: [5, 2, 8], h: [2, 2, 8], c: [2, 2, 8] },
        parameters: Object.fromEntries(weights.map((name) => [name, [32, 8]])),
        calls: [
          { op: 'aten.lstm.input', given, makes: { y: [5, 2, 8], hn: [2, 2, 8], cn: [2, 2, 8] } },
          { op: 'aten.mul.Tensor', given: { self: x('y'), other: x('y') }, makes: { z: [5, 2, 8] } },
        ],
        outputs: ['z'],
      };
      return training(readPt2(bytesSource(archiveOf(programOf(network))), 'net.pt2')).totals.keptBytes;
    };
    // The noise, and what is left: the next layer reads it, and the first keeps its own result.
    expect(lstm(0.3) - lstm(0)).toBe(2 * 5 * 2 * 8 * 4);
  });
});
