// Is the work on padding what a loop over every window counts?

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Builder } from '../../../src/builder.js';
import { multAddsOnPadding } from '../../../src/diagnosis/audits/paddingWork.js';
import type { Graph } from '../../../src/graph.js';
import { profile } from '../../../src/profile.js';
import { found } from '../found.js';

interface Window {
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly padding: readonly [number, number, number, number];
}

function network(side: number, window: Window, channels = 4): Graph {
  const net = Builder.start();
  const x = net.input([1, channels, side, side + 1]);
  return net.finish('network', net.apply('conv', 'conv', x, { channels, ...window }));
}

/** Multiply-adds on zeros, window by window. */
function onZeros(
  side: number,
  { kernel, stride, dilation, padding }: Window,
  [, , height, width]: readonly number[],
): number {
  let zeros = 0;
  for (let y = 0; y < height!; y++)
    for (let x = 0; x < width!; x++)
      for (let i = 0; i < kernel; i++)
        for (let j = 0; j < kernel; j++) {
          const [row, column] = [y * stride - padding[0] + i * dilation, x * stride - padding[1] + j * dilation];
          if (row < 0 || row >= side || column < 0 || column > side) zeros += 4 * 4;
        }
  return zeros;
}

const sides = fc.nat(4);
const windows = fc.record({
  kernel: fc.integer({ min: 1, max: 4 }),
  stride: fc.integer({ min: 1, max: 3 }),
  dilation: fc.integer({ min: 1, max: 2 }),
  padding: fc.tuple(sides, sides, sides, sides),
});

it('is exact', () => {
  fc.assert(
    fc.property(fc.integer({ min: 9, max: 12 }), windows, (side, window) => {
      const [layer] = profile(network(side, window)).layers;
      expect(multAddsOnPadding(layer!)).toBe(onZeros(side, window, layer!.outShape));
    }),
    { seed: 14, numRuns: 60 },
  );
});

it('fires on a large kernel over a small map, not on a small one over a large', () => {
  const [large, small] = [network(7, { kernel: 7, stride: 1, dilation: 1, padding: [3, 3, 3, 3] }), network(56, { kernel: 3, stride: 1, dilation: 1, padding: [1, 1, 1, 1] })]; // prettier-ignore
  expect(found('padding-work', large)!.figures['multAddsOnPadding']).toBe(multAddsOnPadding(profile(large).layers[0]!));
  expect(found('padding-work', small)).toBeNull();
});
