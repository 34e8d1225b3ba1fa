// Are lists of tensors followed? They cost nothing, and what comes out of them is what was put in.

import { describe, expect, test } from 'vitest';
import { profile } from '../../../src/profile.js';
import { body, graphIn, opsIn, shapeOut, type Small } from './small.js';

const two: Small['nodes'] = [
  ['Relu', 'x', 'a'],
  ['Sigmoid', 'x', 'b'],
  ['SequenceConstruct', 'a b', 's'],
];

describe('a list of two tensors', () => {
  test.each<[string, Small, readonly number[], readonly string[]]>([
    ['one of them', { ints: { i: 1 }, nodes: [...two, ['SequenceAt', 's i', 'y']] }, [1, 3, 8, 8], []],
    ['the last', { ints: { i: -1 }, nodes: [...two, ['SequenceAt', 's i', 'y']] }, [1, 3, 8, 8], []],
    ['joined', { nodes: [...two, ['ConcatFromSequence', 's', 'y', { axis: 1 }]] }, [1, 6, 8, 8], ['concat']],
    [
      'stacked',
      { nodes: [...two, ['ConcatFromSequence', 's', 'y', { axis: 0, new_axis: 1 }]] },
      [2, 1, 3, 8, 8],
      ['reshape', 'reshape', 'concat'],
    ],
    [
      'with a third in front',
      {
        ints: { i: 0 },
        nodes: [...two, ['SequenceInsert', 's x i', 't'], ['ConcatFromSequence', 't', 'y', { axis: 1 }]],
      },
      [1, 9, 8, 8],
      ['concat'],
    ],
    [
      'without the second',
      { nodes: [...two, ['SequenceErase', 's', 't'], ['ConcatFromSequence', 't', 'y', { axis: 1 }]] },
      [1, 3, 8, 8],
      [],
    ],
  ])('%s', (_, small, shape, ops) => {
    const graph = graphIn(small);
    expect(shapeOut(graph)).toEqual(shape);
    expect(opsIn(graph)).toEqual(['relu', 'sigmoid', ...ops]);
    expect(profile(graph).totals.flops).toBe(2 * 192);
  });

  test('what is not there is refused', () => {
    const small: Small = { ints: { i: 2 }, nodes: [...two, ['SequenceAt', 's i', 'y']] };
    expect(() => graphIn(small)).toThrow('node "n_y" (SequenceAt): there is no place 2 in a list of 2');
    const empty: Small = {
      nodes: [
        ['SequenceEmpty', '', 's'],
        ['ConcatFromSequence', 's', 'y', { axis: 1 }],
      ],
    };
    expect(() => graphIn(empty)).toThrow('its list is empty');
  });

  test('a place that the network computes has no tensor', () => {
    const small: Small = { inputs: { x: [1, 3, 8, 8], i: [1] }, nodes: [...two, ['SequenceAt', 's i', 'y']] };
    expect(() => graphIn(small)).toThrow(expect.objectContaining({ option: 'allowUnknown' }) as Error);
  });
});

test('a SequenceMap runs its body for each tensor of a list', () => {
  const inner = body({ inputs: { a: [1, 3, 8, 8] }, nodes: [['Conv', 'a w', 'b']], outputs: ['b'] });
  const graph = graphIn({
    weights: { w: [4, 3, 1, 1] },
    ints: { i: 1 },
    nodes: [...two, ['SequenceMap', 's', 't', { body: inner }], ['SequenceAt', 't i', 'y']],
  });
  expect(shapeOut(graph)).toEqual([1, 4, 8, 8]);
  expect(profile(graph).totals).toMatchObject({ multAdds: 2 * 64 * 12, params: 12 });
});

describe('a list of parts', () => {
  const part = (ints: Small['ints'], inputs: string, attributes: object): unknown =>
    shapeOut(
      graphIn({
        ints: { at: 1, ...ints },
        nodes: [
          ['SplitToSequence', inputs, 's', attributes as never],
          ['SequenceAt', 's at', 'y'],
        ],
      }),
    );
  test.each([
    [{ parts: [2, 1] }, 'x parts', { axis: 1 }, [1, 1, 8, 8]],
    [{ parts: 3 }, 'x parts', { axis: 2 }, [1, 3, 3, 8]],
    [{ parts: 5 }, 'x parts', { axis: 3 }, [1, 3, 8, 3]],
    [{}, 'x', { axis: 1 }, [1, 1, 8, 8]],
    [{}, 'x', { axis: 1, keepdims: 0 }, [1, 8, 8]],
  ])('%j of %s %j', (ints, inputs, attributes, shape) => {
    expect(part(ints, inputs, attributes)).toEqual(shape);
  });
});
