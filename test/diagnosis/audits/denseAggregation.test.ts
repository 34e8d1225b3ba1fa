// Does the audit find a dense block, and is its design the one that redesign counts?

import { expect, it } from 'vitest';
import { Builder } from '../../../src/builder.js';
import { builtIn } from '../../../src/builtIn.js';
import type { Graph } from '../../../src/graph.js';
import { graphOf } from '../../../src/model.js';
import { profile } from '../../../src/profile.js';
import { redesign } from '../../../src/redesign/redesign.js';
import { EVERYTHING } from '../../../src/redesign/palette.js';
import { noMisses } from '../../../src/redesign/search.js';
import { found } from '../found.js';

/** Layers that read all before them, spelled as one wide concat each or as a chain. */
function dense(layers: number, spelling: 'wide' | 'chain' | 'once'): Graph {
  const net = Builder.start();
  const x = net.input([1, 16, 16, 16]);
  const made = [x];
  let joined = x;
  for (let i = 0; i < layers; i++) {
    const next = net.apply('conv', `conv${i}`, spelling === 'once' ? made.at(-1)! : joined, {
      channels: 16,
      kernel: 1,
    });
    if (spelling === 'chain') joined = net.apply('concat', `concat${i}`, [joined, next]);
    made.push(next);
    if (spelling === 'wide') joined = net.apply('concat', `concat${i}`, made);
  }
  // Two inputs of the head keep redesign out: it is no chain of resolutions.
  return net.finish('dense', spelling === 'once' ? net.apply('concat', 'concat', made) : joined);
}

it('counts what is copied again, however it is spelled', () => {
  const [wide, chain] = [found('dense-aggregation', dense(6, 'wide'))!, found('dense-aggregation', dense(6, 'chain'))!];
  // Concat i has i + 2 inputs of 16 x 16 x 16, of which i + 1 were copied before, but for the first concat.
  expect(wide.figures['copiedAgain']).toBe((2 + 3 + 4 + 5 + 6) * 16 ** 3);
  expect(chain.figures).toEqual(wide.figures);
  expect(chain.saves).toEqual({ memoryAccessUnfused: 2 * wide.figures['copiedAgain']! });
});

it('says nothing of one-shot aggregation', () => {
  expect(found('dense-aggregation', dense(6, 'once'))).toBeNull();
  expect(found('dense-aggregation', graphOf(builtIn('vovnet39')))).toBeNull();
});

it('saves what the first recipe of redesign saves', async () => {
  const graph = graphOf(builtIn('peleenet'));
  const counted = profile(graph);
  const settings = { budget: 'multAdds', slack: 3, reading: 'unfused', seed: 1, keep: 1, palette: EVERYTHING } as const;
  const none = () => Promise.resolve({ front: [], priced: 0, misses: noMisses() });
  const { result } = await redesign(graph, counted, settings, none);
  const { price } = result.recipes[0]!;
  expect(found('dense-aggregation', graph)!.saves).toMatchObject({
    params: counted.totals.params - price.params,
    multAdds: counted.totals.multAdds - price.multAdds,
    memoryAccessUnfused: counted.totals.memoryAccess.unfused - price.unfused,
    memoryAccessFused: counted.totals.memoryAccess.fused - price.fused,
    launches: counted.totals.ops - price.launches,
  });
});
