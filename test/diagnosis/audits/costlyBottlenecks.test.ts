// Does the audit find 1x1 convolutions that cost more than they save, and is the network without them counted?

import { expect, it } from 'vitest';
import { Builder } from '../../../src/builder.js';
import type { Graph } from '../../../src/graph.js';
import { found, saved, whole } from '../found.js';

/** A dense layer's order: norm, ReLU, 1x1 to `width`, norm, ReLU, 3x3 to 32 channels. */
function network(input: number, width: number | null): Graph {
  const net = Builder.start();
  let x = net.apply('relu', 'relu1', net.apply('batchNorm', 'norm1', net.input([1, input, 16, 16])));
  if (width !== null) {
    const narrow = net.apply('conv', 'conv1', x, { channels: width, kernel: 1 });
    x = net.apply('relu', 'relu2', net.apply('batchNorm', 'norm2', narrow));
  }
  return net.finish('network', net.apply('conv', 'conv2', x, { channels: 32, kernel: 3, padding: 1 }));
}

it('leaves them out with their norm and activation', () => {
  const result = found('costly-bottlenecks', network(64, 128))!;
  expect(result.layers).toEqual(['conv1']);
  expect(whole(result.saves)).toEqual(saved(network(64, 128), network(64, null)));
});

it('says nothing of a bottleneck that saves', () => {
  expect(found('costly-bottlenecks', network(512, 128))).toBeNull();
});

it('passes over convolutions whose kernels are computed', () => {
  const net = Builder.start();
  const kernels = net.input([32, 16, 1, 1], 'kernels');
  const x = net.apply('dynamicConv', 'mixed', [net.input([1, 16, 8, 8], 'image'), kernels]);
  expect(
    found('costly-bottlenecks', net.finish('network', net.apply('conv', 'conv', x, { channels: 8, kernel: 3 }))),
  ).toBeNull();
});
