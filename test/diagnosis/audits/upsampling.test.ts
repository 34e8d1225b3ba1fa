// Does the audit find 1x1 convolutions behind an enlargement, and is the other order counted?

import { expect, it } from 'vitest';
import { Builder } from '../../../src/builder.js';
import type { Graph } from '../../../src/graph.js';
import { found, saved, whole } from '../found.js';

function network(order: 'enlarged' | 'convolved'): Graph {
  const net = Builder.start();
  let x = net.input([1, 32, 8, 8]);
  const convolve = (): void => void (x = net.apply('conv', 'conv', x, { channels: 16, kernel: 1 }));
  const enlarge = (): void => void (x = net.apply('upsample', 'up', x, { scale: 2 }));
  for (const step of order === 'enlarged' ? [enlarge, convolve] : [convolve, enlarge]) step();
  return net.finish('network', x);
}

it('convolves first', () => {
  const { saves, layers } = found('upsampling', network('enlarged'))!;
  expect(whole(saves)).toEqual(saved(network('enlarged'), network('convolved')));
  expect(layers).toEqual(['up', 'conv']);
});

it('says nothing of the other order', () => {
  expect(found('upsampling', network('convolved'))).toBeNull();
});
