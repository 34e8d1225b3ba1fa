// Does the audit find norms of an inference file, and does folding save what it says?

import { expect, it } from 'vitest';
import { Builder } from '../../../src/builder.js';
import type { Graph } from '../../../src/graph.js';
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
