// Does the audit find a classifier that holds most parameters, and is the pooled one counted?

import { expect, it } from 'vitest';
import { Builder } from '../../../src/builder.js';
import { builtIn } from '../../../src/builtIn.js';
import type { Graph, Value } from '../../../src/graph.js';
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

it('does not count auxiliary classifiers, behind which convolutions go on', () => {
  const classifier = (net: Builder, from: Value, name: string): Value => {
    const pooled = net.apply('flatten', `${name}/flat`, net.apply('relu', `${name}/relu`, from));
    const hidden = net.apply('linear', `${name}/fc`, pooled, { features: 512 });
    return net.apply('linear', `${name}/classes`, hidden, { features: 10 });
  };
  const graph = (auxiliary: boolean): Graph => {
    const net = Builder.start();
    const stem = net.apply('conv', 'stem', net.input([1, 3, 14, 14]), {
      channels: 64,
      kernel: 3,
      stride: 2,
      padding: 1,
    });
    const trunk = net.apply('conv', 'trunk', stem, { channels: 64, kernel: 3 });
    const heads = [
      ...(auxiliary ? [classifier(net, stem, 'loss1')] : []),
      auxiliary
        ? net.apply('linear', 'end', net.apply('flatten', 'flat', trunk), { features: 10 })
        : classifier(net, trunk, 'end'),
    ];
    return net.finish('network', heads);
  };
  expect(found('heavy-classifier', graph(true))).toBeNull();
  expect(found('heavy-classifier', graph(false))!.layers).toEqual(['end/fc', 'end/classes']);
});

it('counts the classifier of boxes beside which convolutions propose them', () => {
  const net = Builder.start();
  const map = net.apply('conv', 'conv', net.input([1, 3, 14, 14]), { channels: 64, kernel: 3, padding: 1 });
  const proposals = net.apply('conv', 'rpn', map, { channels: 18, kernel: 1 });
  const pooled = net.apply('flatten', 'flat', net.apply('relu', 'relu', map));
  const classes = net.apply('linear', 'fc', pooled, { features: 64 });
  expect(found('heavy-classifier', net.finish('network', [proposals, classes]))!.layers).toEqual(['fc']);
});
