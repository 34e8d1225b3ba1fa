// Does the audit find a narrow peak, and is the network without it as small as it says?

import { expect, it } from 'vitest';
import { Builder } from '../../../src/builder.js';
import type { Graph } from '../../../src/graph.js';
import { profile } from '../../../src/profile.js';
import { found } from '../found.js';

/** One wide layer at high resolution, then many small ones; or those alone. */
function network(peak: boolean): Graph {
  const net = Builder.start();
  let x = net.input(peak ? [1, 3, 64, 64] : [1, 16, 16, 16]);
  if (peak) {
    x = net.apply('conv', 'wide', x, { channels: 32, kernel: 3, padding: 1 });
    x = net.apply('conv', 'narrow', x, { channels: 16, kernel: 4, stride: 4 });
  }
  for (let i = 0; i < 30; i++) x = net.apply('conv', `conv${i}`, x, { channels: 16, kernel: 3, padding: 1 });
  return net.finish('network', x);
}

it('saves the difference to all other layers', () => {
  const { saves, layers } = found('activation-peak', network(true))!;
  expect(layers).toEqual(['wide', 'narrow']);
  expect(saves.peakActivations).toBe(
    profile(network(true)).totals.peakActivations - profile(network(false)).totals.peakActivations,
  );
});

it('says nothing where all layers need as much', () => {
  expect(found('activation-peak', network(false))).toBeNull();
});

it('names what a concat needs where the peak is one', () => {
  const net = Builder.start();
  let x = net.input([1, 8, 64, 64]);
  const grown = [0, 1, 2, 3].map((i) => (x = net.apply('conv', `grow${i}`, x, { channels: 8, kernel: 3, padding: 1 })));
  x = net.apply('conv', 'narrow', net.apply('concat', 'join', grown), { channels: 8, kernel: 4, stride: 4 });
  for (let i = 0; i < 30; i++) x = net.apply('conv', `conv${i}`, x, { channels: 8, kernel: 3, padding: 1 });
  expect(found('activation-peak', net.finish('network', x))!.fix).toMatch(/^A concat holds its inputs and their copy/);
});
