// Does the audit find learnt numbers that no layer reads?

import { expect, it } from 'vitest';
import { Builder } from '../../../src/builder.js';
import type { Graph } from '../../../src/graph.js';
import { found } from '../found.js';

function network(unread?: number): Graph {
  const net = Builder.start();
  const graph = net.finish('network', net.apply('conv', 'conv', net.input([1, 3, 8, 8]), { channels: 4, kernel: 1 }));
  return unread === undefined ? graph : { ...graph, unread };
}

it('says how many', () => {
  expect(found('unread-weights', network(12))).toMatchObject({
    evidence: 'The file holds 12 learnt numbers beside the 12 that its layers read, 100.0 % as many.',
    figures: { unread: 12, params: 12 },
    share: 0.5,
  });
});

it('says nothing where all are read', () => {
  expect(found('unread-weights', network())).toBeNull();
});
