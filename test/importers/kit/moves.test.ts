// Moves of data become the op that says most, and no node where nothing moves; slices backwards are cut and then reversed.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Builder } from '../../../src/builder.js';
import { sub, symbol } from '../../../src/dim/dim.js';
import { show } from '../../../src/dim/text.js';
import type { Call } from '../../../src/importers/kit/call.js';
import * as moves from '../../../src/importers/kit/moves.js';
import type { Shape } from '../../../src/shape.js';
import type { Value } from '../../../src/graph.js';

/** The ops that a move becomes, and the shape that comes of it. */
function made(shape: Shape, move: (call: Pick<Call, 'apply'>, x: Value) => Value) {
  const net = Builder.start();
  const x = net.input(shape);
  const ops: string[] = [];
  const call = {
    apply(op: string, inputs: Value, given: object, _: object, part: string) {
      ops.push(op);
      return net.apply(op as 'view', `${ops.length}${part}`, inputs, given);
    },
  } as unknown as Pick<Call, 'apply'>;
  return { shape: move(call, x).shape, ops };
}

describe('a move', () => {
  const image = [2, 6, 8, 10];

  test.each<[string, Parameters<typeof made>[1], readonly string[], Shape]>([
    ['the same sides', (call, x) => moves.regrouped(call, x, image), [], image],
    ['a list of features', (call, x) => moves.regrouped(call, x, [2, 480]), ['flatten'], [2, 480]],
    ['other sides of each image', (call, x) => moves.regrouped(call, x, [2, 48, 10]), ['reshape'], [2, 48, 10]],
    ['other batches', (call, x) => moves.regrouped(call, x, [4, 240]), ['view'], [4, 240]],
    ['the order it has', (call, x) => moves.permuted(call, x, [0, 1, 2, 3]), [], image],
    ['another order', (call, x) => moves.permuted(call, x, [0, 2, 3, 1]), ['transpose'], [2, 8, 10, 6]],
    ['a part of the channels', (call, x) => moves.partOf(call, x, 1, [2, 4], 1), ['split'], [2, 4, 8, 10]],
    ['a part of the rows', (call, x) => moves.partOf(call, x, 2, [3, 5], 0), ['slice'], [2, 6, 3, 10]],
    ['zeros around', (call, x) => moves.padded(call, x, [0, 0, 1, 1], [0, 0, 2, 2]), ['pad'], [2, 6, 11, 13]],
    ['more images', (call, x) => moves.padded(call, x, [1, 0, 0, 0], [0, 0, 0, 0]), ['padSides'], [3, 6, 8, 10]],
    ['twice as large', (call, x) => moves.resized(call, x, [2, 6, 16, 20], 'nearest'), ['upsample'], [2, 6, 16, 20]],
    ['another size', (call, x) => moves.resized(call, x, [2, 6, 9, 9], 'bilinear'), ['resize'], [2, 6, 9, 9]],
  ])('to %s', (_, move, ops, shape) => {
    expect(made(image, move)).toEqual({ ops, shape });
  });

  test('of a list to another length is one of images of a single row', () => {
    const found = made([2, 6, 8], (call, x) => moves.resized(call, x, [2, 6, 16], 'bilinear'));
    expect(found).toEqual({ ops: ['reshape', 'upsample', 'reshape'], shape: [2, 6, 16] });
  });

  test('of more images to another size is not counted', () => {
    expect(() => made(image, (call, x) => moves.resized(call, x, [4, 6, 8, 10], 'nearest'))).toThrow(
      'it resizes [2, 6, 8, 10] to [4, 6, 8, 10]',
    );
  });
});

describe('a slice', () => {
  test('has as many elements as one of a list, in either direction', () => {
    const bound = fc.integer({ min: -12, max: 12 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        bound,
        bound,
        fc.constantFrom(-3, -2, -1, 1, 2, 3),
        (side, a, b, step) => {
          const whole = Array.from({ length: side }, (_, i) => i);
          const expected = sliceOf(whole, a, b, step);
          if (expected.length === 0) {
            expect(() => moves.cutOf(side, a, b, step)).toThrow('it takes nothing');
            return;
          }
          const { first, length } = moves.cutOf(side, a, b, step);
          expect({ first, length }).toEqual({ first: expected[0], length: expected.length });
        },
      ),
      { seed: 11, numRuns: 300 },
    );
  });

  test('of a side that is open counts from its end', () => {
    const h = symbol('h');
    const { first, length } = moves.cutOf(h, -1, -Infinity, -1);
    expect(show(sub(first, sub(h, 1)))).toBe('0');
    expect(show(length)).toBe('h');
  });

  test('backwards is cut, and then reversed', () => {
    const found = made([1, 3, 8, 8], (call, x) =>
      moves.cut(call, x, [...[1, 3, 8].map(moves.wholeSide), moves.cutOf(8, 5, 1, -2)]),
    );
    expect(found).toEqual({ ops: ['slice', 'flip'], shape: [1, 3, 8, 2] });
  });
});

/** As Python slices a list. */
function sliceOf(list: readonly number[], start: number, end: number, step: number): readonly number[] {
  const { length } = list;
  const clipped = (at: number, low: number, high: number): number =>
    Math.max(low, Math.min(at < 0 ? at + length : at, high));
  const [low, high] = step > 0 ? [0, length] : [-1, length - 1];
  const found: number[] = [];
  for (
    let i = clipped(start, low, high);
    step > 0 ? i < clipped(end, low, high) : i > clipped(end, low, high);
    i += step
  )
    found.push(list[i]!);
  return found;
}
