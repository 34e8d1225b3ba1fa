// Does the audit find slow pairs where times are known, with the interval of the rates it compares?

import { expect, it } from 'vitest';
import { Builder } from '../../../src/builder.js';
import type { Timing } from '../../../src/diagnosis/timing.js';
import type { Graph } from '../../../src/graph.js';
import { found } from '../found.js';

/** Three full convolutions of 16 x 16 x 9 x 16 x 16 multiply-adds, then a depthwise and a 1x1. */
function network(): Graph {
  const net = Builder.start();
  let x = net.apply('conv', 'stem', net.input([1, 3, 16, 16]), { channels: 16, kernel: 1 });
  for (let i = 0; i < 3; i++) x = net.apply('conv', `full${i}`, x, { channels: 16, kernel: 3, padding: 1 });
  x = net.apply('conv', 'depthwise', x, { channels: 16, kernel: 3, padding: 1, groups: 16 });
  return net.finish('network', net.apply('conv', 'pointwise', x, { channels: 16, kernel: 1 }));
}

const timing = (times: Readonly<Record<string, number>>): Timing => ({
  ...({ kind: 'measured', where: 'a GPU', device: 'gpu', eager: false, milliseconds: 9, how: '' } as const),
  layers: Object.entries(times).map(([name, milliseconds]) => ({ layers: [name], milliseconds, limit: null })),
});

it('compares a pair with the full convolution at the rates of the others', () => {
  const times = { stem: 1, full0: 1, full1: 1, full2: 1, depthwise: 2, pointwise: 2 };
  const result = found('slow-depthwise', network(), { timing: timing(times) })!;
  expect(result.saves).toEqual({ milliseconds: [3, 3] });
  expect(result.layers).toEqual(['depthwise', 'pointwise']);
  expect(result.share).toBe(0.5);
});

it('says nothing of a faster pair, nor where no times are known', () => {
  const times = { stem: 1, full0: 1, full1: 1, full2: 1, depthwise: 0.4, pointwise: 0.5 };
  expect(found('slow-depthwise', network(), { timing: timing(times) })).toBeNull();
  expect(found('slow-depthwise', network())).toBeNull();
});
