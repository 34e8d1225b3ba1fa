// Tests of strides: what can be a view, and the order in which new tensors lie.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { symbol } from '../../src/dim/dim.js';
import {
  channelsLast,
  contiguous,
  elementwise,
  expanded,
  formattedAs,
  inOrder,
  isChannelsLast,
  isContiguous,
  viewed,
} from '../../src/training/strides.js';

/** The place in memory of every element, in the order of the sides. */
function places(shape: readonly number[], strides: readonly number[]): readonly number[] {
  return shape.reduceRight<readonly number[]>(
    (inner, side, i) => Array.from({ length: side }, (_, at) => inner.map((place) => place + at * strides[i]!)).flat(),
    [0],
  );
}

const FACTORS = [1, 1, 2, 2, 3] as const;
const shuffled = <T>(items: readonly T[]) => fc.shuffledSubarray([...items], { minLength: items.length });
/** The same factors joined to sides at random. */
const sides = shuffled(FACTORS).chain((factors) =>
  fc
    .array(fc.boolean(), { minLength: factors.length, maxLength: factors.length })
    .map((joins) =>
      factors.reduce<number[]>(
        (found, factor, i) =>
          joins[i] && found.length > 0 ? [...found.slice(0, -1), found.at(-1)! * factor] : [...found, factor],
        [],
      ),
    ),
);

describe('viewed', () => {
  test('gives strides of the same places in the same order, and undefined only where there are none', () => {
    fc.assert(
      fc.property(
        sides.chain((shape) => fc.tuple(fc.constant(shape), shuffled(shape.map((_, i) => i)))),
        sides,
        ([shape, order], wanted) => {
          const strides = inOrder(shape, order) as number[];
          const found = viewed({ shape, strides }, wanted) as number[] | undefined;
          const own = places(shape, strides);
          if (found) expect(places(wanted, found)).toEqual(own);
          // The only strides that a view could have are the steps between the first elements of a side.
          const steps = wanted.map((side, i) => {
            const inner = wanted.slice(i + 1).reduce((all, one) => all * one, 1);
            return side === 1 ? 0 : own[inner]! - own[0]!;
          });
          const possible = places(wanted, steps).every((place, i) => place === own[i]);
          expect(found !== undefined).toBe(possible);
        },
      ),
      { seed: 15, numRuns: 400 },
    );
  });

  test('of heads of one image merges batch and heads, of several images it does not', () => {
    // [B, heads, tokens, size] of [B, tokens, heads, size].
    const heads = (batch: number) => ({ shape: [batch, 4, 6, 8], strides: inOrder([batch, 4, 6, 8], [0, 2, 1, 3]) });
    expect(viewed(heads(1), [4, 6, 8])).toEqual([8, 32, 1]);
    expect(viewed(heads(2), [8, 6, 8])).toBeUndefined();
  });

  test('works with symbols', () => {
    const n = symbol('n');
    expect(viewed({ shape: [n, 4, 6], strides: contiguous([n, 4, 6]) }, [n, 24])).toEqual([24, 1]);
    expect(viewed({ shape: [n, 6, 4], strides: inOrder([n, 6, 4], [0, 2, 1]) }, [n, 24])).toBeUndefined();
  });

  test('repeated sides join only with each other', () => {
    const laid = { shape: [2, 3, 4], strides: expanded({ shape: [1, 3, 4], strides: [12, 4, 1] }, [2, 3, 4]) };
    expect(viewed(laid, [2, 12])).toEqual([0, 1]);
    expect(viewed(laid, [6, 4])).toBeUndefined();
  });
});

describe('the result of an elementwise op lies', () => {
  const shape = [2, 3, 4];
  const turned = { shape, strides: inOrder(shape, [0, 2, 1]) };
  const plain = { shape, strides: contiguous(shape) };

  test.each([
    ['as its operand', [turned], turned.strides],
    ['as the first of two that differ', [turned, plain], turned.strides],
    ['as the other first one', [plain, turned], plain.strides],
    ['as the operand that is not broadcast', [{ shape: [4], strides: [1] }, turned], turned.strides],
    ['without the gaps of a part', [{ shape, strides: [36, 1, 9] }], turned.strides],
  ] as const)('%s', (_, operands, strides) => {
    expect(elementwise(operands, shape)).toEqual(strides);
  });
});

test('the memory format of an image goes on only where all that is read has it', () => {
  const shape = [2, 3, 4, 5];
  const last = { shape, strides: channelsLast(shape) };
  const first = { shape, strides: contiguous(shape) };
  expect([last, first].map(isChannelsLast)).toEqual([true, false]);
  expect(formattedAs([last], [2, 6, 4, 5])).toEqual(channelsLast([2, 6, 4, 5]));
  expect(formattedAs([last, first], shape)).toEqual(contiguous(shape));
  // Of one place per image there is no order.
  expect(isContiguous({ shape: [2, 3, 1, 1], strides: channelsLast([2, 3, 1, 1]) })).toBe(true);
});
