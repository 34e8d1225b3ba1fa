// Does the audit find a classifier that holds most parameters, and is the pooled one counted?

import { expect, it } from 'vitest';
import { Builder } from '../../../src/builder.js';
import { builtIn } from '../../../src/builtIn.js';
import type { Graph } from '../../../src/graph.js';
import { graphOf } from '../../../src/model.js';
import { found, saved, whole } from '../found.js';

function network(pooled: boolean): Graph {
  const net = Builder.start();
  let x = net.apply('conv', 'conv', net.input([1, 3, 14, 14]), { channels: 64, kernel: 3, stride: 2, padding: 1 });
  if (pooled) x = net.apply('globalAvgPool', 'pool', x);
  x = net.apply('relu', 'relu', net.apply('linear', 'fc1', net.apply('flatten', 'flat', x), { features: 128 }));
  return net.finish('network', net.apply('linear', 'fc2', x, { features: 10 }));
}

it('averages each channel first', () => {
  const { saves, layers } = found('heavy-classifier', network(false))!;
  expect(layers).toEqual(['fc1', 'fc2']);
  expect(whole(saves)).toEqual(saved(network(false), network(true)));
});

it('says nothing of a network whose convolutions hold most', () => {
  expect(found('heavy-classifier', graphOf(builtIn('resnet18')))).toBeNull();
});
