// A Loop and a Scan whose number of runs is in the file count as often as they run; others are left out with their sides.

import { describe, expect, it } from 'vitest';
import { profile } from '../../../src/profile.js';
import { graphOf } from '../../../src/model.js';
import { body, graphIn, modelOf, opsIn, shapeOut, type Small } from './small.js';

const round = body({
  inputs: { i: [], go: [], a: [1, 3, 8, 8] },
  nodes: [
    ['Identity', 'go', 'goes'],
    ['Conv', 'a w', 'b'],
    ['GlobalAveragePool', 'b', 'row'],
  ],
  outputs: ['goes', 'b', 'row'],
});

const net = (given: Partial<Small>, inputs = 'most yes x'): Small => ({
  weights: { w: [3, 3, 1, 1], end: [2, 3, 1, 1] },
  ...given,
  nodes: [...(given.nodes ?? []), ['Loop', inputs, 'last rows', { body: round }], ['Conv', 'last end', 'y']],
  outputs: ['y', 'rows'],
});
const RUN = 64 * 9;
const END = 64 * 6;

describe('a Loop', () => {
  it.each([1, 4])('of %i runs', (most) => {
    const { totals } = profile(graphIn(net({ ints: { most, yes: 1 } })));
    expect(totals).toMatchObject({ multAdds: most * RUN + END, params: 9 + 6 });
  });

  it('gives the rows of its runs, one after the other', () => {
    const graph = graphIn({ ...net({ ints: { most: 4, yes: 1 } }), outputs: ['rows'] });
    expect(shapeOut(graph)).toEqual([4, 1, 3, 1, 1]);
  });

  it('does not run where its condition is false', () => {
    const graph = graphIn({ ...net({ ints: { most: 4, yes: 0 } }), outputs: ['y'] });
    expect(profile(graph).totals.multAdds).toBe(END);
  });

  it('of as many runs as the image decides is refused, and left out with the sides of its state', () => {
    const nodes: Small['nodes'] = [
      ['ReduceSum', 'x', 'sum', { keepdims: 0 }],
      ['Greater', 'sum nothing', 'yes'],
    ];
    const decided = { ...net({ ints: { most: 4 }, floats: { nothing: 0 }, nodes }), outputs: ['y'] };
    expect(() => graphIn(decided)).toThrow(
      'its number of runs is computed from the image, so that how often it runs is known when it does',
    );
    const graph = graphOf(modelOf(decided, true));
    expect(profile(graph).totals.multAdds).toBe(END);
    expect(graph.omitted?.ops.map(({ op }) => op)).toEqual(['Loop']);
  });

  it('of more runs than any network has is refused at once', () => {
    expect(() => graphIn(net({ ints: { most: 2 ** 40, yes: 1 } }))).toThrow('more than 50000 ops');
  });
});

describe('a Scan', () => {
  const step = body({
    inputs: { h: [1, 3], part: [1, 4] },
    nodes: [
      ['MatMul', 'part w', 'seen'],
      ['Add', 'h seen', 'next'],
      ['Identity', 'next', 'out'],
    ],
    outputs: ['next', 'out'],
  });
  const scan = (attributes: Readonly<Record<string, number | readonly number[]>>): Small => ({
    inputs: { x: [5, 1, 4] },
    weights: { w: [4, 3], h0: [1, 3] },
    nodes: [['Scan', 'h0 x', 'last all', { body: step, num_scan_inputs: 1, ...attributes }]],
    outputs: ['all', 'last'],
  });

  it('runs once for each part', () => {
    const graph = graphIn(scan({}));
    expect(profile(graph).totals).toMatchObject({ multAdds: 5 * 12, params: 12 + 3 });
    expect(shapeOut(graph)).toEqual([5, 1, 3]);
    expect(opsIn(graph).filter((op) => op === 'linear')).toHaveLength(5);
  });

  it('may put its rows along another side', () => {
    expect(shapeOut(graphIn(scan({ scan_output_axes: [1] })))).toEqual([1, 5, 3]);
  });
});

it('a volume is resized', () => {
  const graph = graphIn({
    inputs: { x: [1, 3, 4, 5, 6] },
    floats: { scales: [1, 1, 2, 2, 3] },
    nodes: [['Resize', 'x - scales', 'y', { mode: 'linear' }]],
  });
  expect(shapeOut(graph)).toEqual([1, 3, 8, 10, 18]);
});

it('AffineGrid multiplies the places of the output by the matrix of each image', () => {
  const graph = graphIn({
    inputs: { x: [2, 2, 3] },
    ints: { size: [2, 3, 4, 5] },
    nodes: [['AffineGrid', 'x size', 'y']],
  });
  expect(shapeOut(graph)).toEqual([2, 4, 5, 2]);
  expect(profile(graph).totals.multAdds).toBe(2 * 20 * 3 * 2);
});
