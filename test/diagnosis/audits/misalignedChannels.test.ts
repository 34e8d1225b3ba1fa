// Does the audit find odd widths, and count the work on zeros as the wider network has it?

import { expect, it } from 'vitest';
import { Builder } from '../../../src/builder.js';
import type { Graph } from '../../../src/graph.js';
import { profile } from '../../../src/profile.js';
import { found } from '../found.js';

function network(width: number): Graph {
  const net = Builder.start();
  let x = net.apply('conv', 'stem', net.input([1, 16, 16, 16]), { channels: width, kernel: 3 });
  x = net.apply('conv', 'body', x, { channels: width, kernel: 3 });
  return net.finish('network', net.apply('linear', 'head', net.apply('flatten', 'flat', net.apply('globalAvgPool', 'pool', x)), { features: 10 })); // prettier-ignore
}

it('counts the network with its widths filled up', () => {
  const { figures, layers } = found('misaligned-channels', network(30))!;
  const conv = (graph: Graph): number =>
    profile(graph).layers.reduce((sum, { op, multAdds }) => sum + (op === 'conv' ? multAdds : 0), 0);
  expect(layers).toEqual(['stem', 'body']);
  expect(figures['multAddsOnZeros']).toBe(conv(network(32)) - conv(network(30)));
});

it('says nothing of multiples of 8', () => {
  expect(found('misaligned-channels', network(24))).toBeNull();
});
