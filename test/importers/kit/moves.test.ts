// Moves of data become the op that says most, and no node where nothing moves; slices backwards are cut and then reversed.

import { describe, expect, test } from 'vitest';
import { Builder } from '../../../src/builder.js';
import { symbol } from '../../../src/dim/dim.js';
import { show } from '../../../src/dim/text.js';
import type { Call } from '../../../src/importers/kit/call.js';
import * as moves from '../../../src/importers/kit/moves.js';
import { cutOf, wholeSide } from '../../../src/importers/kit/slice.js';
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
  test('backwards is cut, and then reversed', () => {
    const found = made([1, 3, 8, 8], (call, x) =>
      moves.cut(call, x, [...[1, 3, 8].map(wholeSide), cutOf(8, 5, 1, -2)]),
    );
    expect(found).toEqual({ ops: ['slice', 'flip'], shape: [1, 3, 8, 2] });
  });
});

describe('sides of which one is open', () => {
  test('are completed where the elements divide', () => {
    expect(moves.completed([2, 3, 4], [-1, 6])).toEqual([4, 6]);
    expect(moves.completed([symbol('n'), 4], [-1, 2, 2]).map(show)).toEqual(['n', '2', '2']);
    expect(moves.completed([2, 3], [3, 2])).toEqual([3, 2]);
  });

  test.each([
    [[-1, 5], '[2, 3, 4] does not have the elements of [-1, 5]'],
    [[4, 5], '[2, 3, 4] does not have the elements of [4, 5]'],
    [[-1, 0], '[2, 3, 4] does not have the elements of [-1, 0]'],
    [[-2, -12], '[2, 3, 4] does not have the elements of [-2, -12]'],
    [[-1, 2, -1], 'it leaves 2 sides of [-1, 2, -1] open: one at most may be -1'],
  ])('%j are refused of 24 elements', (wanted, why) => {
    expect(() => moves.completed([2, 3, 4], wanted)).toThrow(why);
  });
});
