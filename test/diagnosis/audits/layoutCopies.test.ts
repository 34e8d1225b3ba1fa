// Does the audit find copies into another layout, and pass over those that a matrix product reads?

import { expect, it } from 'vitest';
import { Builder } from '../../../src/builder.js';
import type { Graph } from '../../../src/graph.js';
import { found, saved, whole } from '../found.js';

function network(copies: boolean): Graph {
  const net = Builder.start();
  let x = net.input([1, 16, 8, 8]);
  const turn = (name: string, order: readonly number[], shape: readonly number[]): void => {
    x = copies ? net.apply('transpose', name, x, { order }) : net.apply('view', name, x, { shape });
  };
  turn('there', [0, 2, 3, 1], [1, 8, 8, 16]);
  x = net.apply('linear', 'linear', x, { features: 16 });
  turn('back', [0, 3, 1, 2], [1, 16, 8, 8]);
  return net.finish('network', net.apply('conv', 'conv', x, { channels: 16, kernel: 3, padding: 1 }));
}

it('counts the network without the copies', () => {
  const { saves, layers } = found('layout-copies', network(true))!;
  expect(layers).toEqual(['there', 'back']);
  expect(whole(saves)).toEqual(saved(network(true), network(false)));
});

it('says nothing where nothing is copied, nor of the heads of an attention', () => {
  expect(found('layout-copies', network(false))).toBeNull();
  const net = Builder.start();
  const x = net.input([1, 4, 8, 16]);
  const turned = net.apply('transpose', 'turn', x, { order: [0, 1, 3, 2] });
  expect(found('layout-copies', net.finish('heads', net.apply('matmul', 'product', [x, turned])))).toBeNull();
});
