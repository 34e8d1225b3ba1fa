// Does the audit find norms of an inference file, and does folding save what it says?

import { expect, it } from 'vitest';
import { Builder } from '../../../src/builder.js';
import type { Graph } from '../../../src/graph.js';
import { graphIn } from '../../importers/onnx/small.js';
import { found, saved, whole } from '../found.js';

function network(kind: 'norm' | 'folded'): Graph {
  const net = Builder.start();
  const convolved = net.apply('conv', 'conv', net.input([1, 3, 16, 16]), { channels: 8, kernel: 3, bias: kind === 'folded' }); // prettier-ignore
  return net.finish('network', kind === 'norm' ? net.apply('batchNorm', 'norm', convolved) : convolved);
}

it('folds each norm into a bias', () => {
  const result = found('unfolded-norms', network('norm'), { source: 'onnx' })!;
  expect(whole(result.saves)).toEqual(saved(network('norm'), network('folded')));
  expect(result.layers).toEqual(['norm']);
});

it('says nothing of a folded file, nor of a network that may be trained', () => {
  expect(found('unfolded-norms', network('folded'), { source: 'onnx' })).toBeNull();
  expect(found('unfolded-norms', network('norm'), { source: 'pt2' })).toBeNull();
});

it('finds the norms of an ONNX file that was exported in training mode', () => {
  const graph = graphIn({
    weights: { w: [8, 3, 3, 3], s: [8], b: [8], m: [8], v: [8] },
    nodes: [
      ['Conv', 'x w', 'c', { kernel_shape: [3, 3] }],
      ['BatchNormalization', 'c s b m v', 'y mean variance', { training_mode: 1 }],
      ['Relu', 'y', 'z'],
    ],
    outputs: ['z'],
  });
  const result = found('unfolded-norms', graph, { source: 'onnx' })!;
  expect(result.layers).toHaveLength(1);
  expect(result.fix).toContain('model.eval()');
  // The norm reads and writes 8 maps of 6 x 6, and 8 scales and shifts become 8 biases.
  expect(result.saves).toEqual({ params: 8, memoryAccessUnfused: 2 * 8 * 36 + 16, launches: 1 });
});
