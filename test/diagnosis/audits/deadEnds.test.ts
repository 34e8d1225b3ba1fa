// Does the audit dead-ends find what no output reads, and does it save what it says?

import { expect, it } from 'vitest';
import { Builder } from '../../../src/builder.js';
import { findingsOf } from '../../../src/diagnosis/audits.js';
import type { Graph } from '../../../src/graph.js';
import { profile } from '../../../src/profile.js';

/** A convolution, and beside it another one whose result nobody reads. */
function network(withDeadEnd: boolean): Graph {
  const net = Builder.start();
  const x = net.input([1, 3, 32, 32]);
  const read = net.apply('conv', 'conv', x, { channels: 8, kernel: 3, padding: 1 });
  if (withDeadEnd) net.apply('conv', 'aside', x, { channels: 4, kernel: 1 });
  return net.finish('net', read);
}

const found = (graph: Graph) =>
  findingsOf({ graph, profile: profile(graph) }).filter(({ audit }) => audit === 'dead-ends');

it('names the layers, and saves what the network without them costs less', () => {
  const [before, after] = [profile(network(true)).totals, profile(network(false)).totals];
  expect(found(network(true))).toMatchObject([
    {
      layers: ['aside'],
      evidence: 'No output depends on 1 layer.',
      saves: {
        params: before.params - after.params,
        multAdds: before.multAdds - after.multAdds,
        memoryAccessUnfused: before.memoryAccess.unfused - after.memoryAccess.unfused,
        memoryAccessFused: before.memoryAccess.fused - after.memoryAccess.fused,
        launches: before.ops - after.ops,
      },
    },
  ]);
});

it('says nothing of a network whose layers are all read', () => {
  expect(found(network(false))).toEqual([]);
});
