// Does the audit find parallel fragments, and does merging them save what it says?

import { expect, it } from 'vitest';
import { Builder } from '../../../src/builder.js';
import { builtIn } from '../../../src/builtIn.js';
import type { Graph } from '../../../src/graph.js';
import { graphOf } from '../../../src/model.js';
import { found, saved, whole } from '../found.js';

const WIDTHS = [16, 24, 8, 16];

/** Four branches of a 1x1 convolution, norm and ReLU, or one wide one that is split. */
function branches(merged: boolean): Graph {
  const net = Builder.start();
  const x = net.input([1, 32, 16, 16]);
  const unit = (name: string, channels: number) => {
    const convolved = net.apply('conv', `${name}.conv`, x, { channels, kernel: 1 });
    return net.apply('relu', `${name}.relu`, net.apply('batchNorm', `${name}.norm`, convolved));
  };
  const wide = merged ? unit('all', 64) : undefined;
  const ends = WIDTHS.map((channels, i) => {
    const read = wide ? net.apply('split', `part${i}`, wide, { sizes: WIDTHS, part: i }) : unit(`branch${i}`, channels);
    return net.apply('conv', `end${i}`, read, { channels: 16, kernel: 3, padding: 1 });
  });
  return net.finish('branches', net.apply('concat', 'concat', ends));
}

it('merges what reads the same input', () => {
  const result = found('fragmentation', branches(false))!;
  expect(whole(result.saves)).toEqual(saved(branches(false), branches(true)));
  expect(result.layers).toEqual(WIDTHS.map((_, i) => `branch${i}.conv`));
  // conv, norm, relu, conv, concat of 17 ops.
  expect(result.figures).toMatchObject({ longestPath: 5, ops: 17, mergeable: 4, merged: 1 });
});

it('merges nothing with a layer that feeds no output', () => {
  const net = Builder.start();
  const x = net.input([1, 32, 16, 16]);
  const kept = net.apply('conv', 'kept', x, { channels: 16, kernel: 1 });
  net.apply('conv', 'dead', x, { channels: 16, kernel: 1 });
  expect(found('fragmentation', net.finish('network', kept))).toBeNull();
});

it('counts weights once that several layers read', () => {
  const network = (merged: boolean): Graph => {
    const net = Builder.start();
    const [a, b] = [net.input([1, 8, 4, 4], 'a'), net.input([1, 8, 4, 4], 'b')];
    const stored = ['one', 'two'].map((id) => ({ weight: [{ id, elements: 64 }] }));
    if (merged) {
      const tensors = { weight: stored.flatMap(({ weight }) => weight) };
      return net.finish('n', [a, b].map((x) => net.apply('conv', x.name + 'wide', x, { channels: 16, kernel: 1 }, tensors))); // prettier-ignore
    }
    return net.finish('n', [a, b].flatMap((x) => stored.map((tensors, i) => net.apply('conv', `${x.name}${i}`, x, { channels: 8, kernel: 1 }, tensors)))); // prettier-ignore
  };
  expect(found('fragmentation', network(false))!.saves.params).toBeUndefined();
  expect(found('fragmentation', network(false))!.saves.memoryAccessUnfused).toBe(
    (saved(network(false), network(true)) as { memoryAccessUnfused: number }).memoryAccessUnfused,
  );
});

it('says nothing of a chain, nor of a residual network', () => {
  expect(found('fragmentation', branches(true))).toBeNull();
  expect(found('fragmentation', graphOf(builtIn('resnet18')))).toBeNull();
});
