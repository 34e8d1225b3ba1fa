// Does every built-in model build at any size that it admits, and is its closed form worth the same as its layers?

import { describe, expect, test } from 'vitest';
import { builtIn, builtInNames } from '../../src/builtIn.js';
import { sumCounts } from '../../src/formula/sums.js';
import type { Counts } from '../../src/cost.js';
import { isNumber, symbol, type Dim } from '../../src/dim/dim.js';
import { evaluate } from '../../src/dim/evaluate.js';
import { profile, type Profile } from '../../src/profile.js';

const SIZES = [
  [227, 195],
  [320, 320],
  [800, 1280],
] as const;

/** 2^53 is where a number stops being exact. */
const isCount = (count: number): boolean => Number.isSafeInteger(count) && count > 0;

describe.each(builtInNames())('%s', (name) => {
  const model = builtIn(name);
  const at = (n: number, h: number, w: number): Profile => profile(model.build([n, 3, h, w]));

  test.each(SIZES)('has positive exact totals at %i x %i', (h, w) => {
    const { params, multAdds, flops, activations, memoryAccess } = at(1, h, w).totals;
    const counts = { params, multAdds, flops, activations, ...memoryAccess, linear: memoryAccess.linear + 1 };
    expect(Object.entries(counts).filter(([, count]) => !isCount(count))).toEqual([]);
  });

  test('is worth the same as its closed form in n, h, w', () => {
    const form = sumCounts(model.build([symbol('n'), 3, symbol('h', 32), symbol('w', 32)]));
    for (const [n, h, w] of [
      [1, 224, 224],
      [3, 96, 160],
      [1, 32, 32],
    ] as const)
      expect(evaluated(form, { n, h, w })).toEqual(countsIn(at(n, h, w)));
  });

  test('says of each layer in which stage it stands', () => {
    const { layers } = at(1, 224, 224);
    expect(layers.filter(({ stage }) => stage === '')).toEqual([]);
  });
});

const countsIn = ({ totals: { params, multAdds, activations, cio, memoryAccess } }: Profile): Counts<number> => ({
  ...{ params, multAdds, activations, cio, memoryAccess },
});

function evaluated(counts: Counts<Dim>, values: Readonly<Record<string, number>>): Counts<number> {
  const value = (dim: Dim): number => (isNumber(dim) ? dim : evaluate(dim, values));
  const { params, multAdds, activations, cio, memoryAccess } = counts;
  return {
    params: value(params),
    multAdds: value(multAdds),
    activations: value(activations),
    cio: value(cio),
    memoryAccess: {
      conv: value(memoryAccess.conv),
      linear: value(memoryAccess.linear),
      unfused: value(memoryAccess.unfused),
      fused: value(memoryAccess.fused),
    },
  };
}
