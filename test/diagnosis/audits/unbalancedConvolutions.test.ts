// Does the audit find uneven widths, and does each layer at the widths it names save what it says?

import { expect, it } from 'vitest';
import { Builder } from '../../../src/builder.js';
import type { Graph } from '../../../src/graph.js';
import { profile } from '../../../src/profile.js';
import { found } from '../found.js';

/** ShuffleNetV2's Table 1: blocks of two 1x1 convolutions, from c1 to c2 channels and back. */
function blocks(c1: number, c2: number): Graph {
  const net = Builder.start();
  let x = net.apply('conv', 'stem', net.input([1, 3, 56, 56]), { channels: c1, kernel: 3, padding: 1 });
  for (let i = 0; i < 3; i++)
    for (const [name, channels] of [
      ['up', c2],
      ['down', c1],
    ] as const)
      // prettier-ignore
      x = net.apply('conv', `${name}${i}`, x, { channels, kernel: 1 });
  x = net.apply('conv', 'end', x, { channels: c1, kernel: 3 });
  return net.finish('blocks', net.apply('globalAvgPool', 'pool', x));
}

function one(input: number, output: number): number {
  const net = Builder.start();
  const x = net.input([1, input, 56, 56]);
  return profile(net.finish('one', net.apply('conv', 'conv', x, { channels: output, kernel: 1 }))).totals.memoryAccess
    .unfused;
}

it('names the widths, and saves what layers of those widths move less', () => {
  const result = found('unbalanced-convolutions', blocks(32, 288))!;
  expect(result.layers).toEqual(['up0', 'down0', 'up1', 'down1', 'up2', 'down2']);
  const [, from, to] = /at (\d+) -> (\d+)/.exec(result.fix)!;
  expect(Number(from) * Number(to)).toBe(32 * 288);
  expect(result.saves.memoryAccessUnfused).toBe(6 * (one(32, 288) - one(Number(from), Number(to))));
});

it('says nothing of even widths, nor of a four to one bottleneck', () => {
  expect(found('unbalanced-convolutions', blocks(96, 96))).toBeNull();
  expect(found('unbalanced-convolutions', blocks(64, 256))).toBeNull();
});
