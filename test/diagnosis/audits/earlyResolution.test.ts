// Does the audit find layers at high resolution, and is the network with the stride moved counted?

import { expect, it } from 'vitest';
import { Builder } from '../../../src/builder.js';
import type { Graph } from '../../../src/graph.js';
import { found, saved, whole } from '../found.js';

/** Two convolutions at the image's own sides, then a pool; or the stride in the first of them. */
function network(early: boolean, mask = false): Graph {
  const net = Builder.start();
  const stride = early ? 1 : 2;
  let x = net.apply('conv', 'conv1', net.input([1, 3, 64, 64]), { channels: 16, kernel: 3, padding: 1, stride });
  x = net.apply('conv', 'conv2', x, { channels: 16, kernel: 3, padding: 1 });
  if (mask) return net.finish('network', x);
  if (early) x = net.apply('maxPool', 'pool', x, { kernel: 2, stride: 2 });
  x = net.apply('conv', 'conv3', x, { channels: 16, kernel: 3, padding: 1, stride: 2 });
  return net.finish('network', net.apply('conv', 'conv4', x, { channels: 16, kernel: 3, padding: 1 }));
}

it('moves the stride that leaves the early layers', () => {
  const result = found('early-resolution', network(true))!;
  expect(result.layers).toEqual(['conv1', 'conv2', 'pool']);
  const later = (): Graph => {
    const net = Builder.start();
    let x = net.apply('conv', 'conv1', net.input([1, 3, 64, 64]), { channels: 16, kernel: 3, padding: 1, stride: 2 });
    x = net.apply('conv', 'conv2', x, { channels: 16, kernel: 3, padding: 1 });
    x = net.apply('maxPool', 'pool', x, { kernel: 2, stride: 2 });
    x = net.apply('conv', 'conv3', x, { channels: 16, kernel: 3, padding: 1 });
    return net.finish('network', net.apply('conv', 'conv4', x, { channels: 16, kernel: 3, padding: 1 }));
  };
  expect(whole(result.saves)).toEqual(saved(network(true), later()));
});

it('says nothing where a mask of that resolution is the task', () => {
  expect(found('early-resolution', network(true, true))).toBeNull();
});
