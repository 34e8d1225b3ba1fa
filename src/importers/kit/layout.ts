// The layout of channels-last files: the image is turned once, and axes and shapes follow.

import { InputError } from '../../inputError.js';

/** How a file orders the sides of an image. Values of three sides or fewer keep their order. */
export interface Layout {
  /**
   * Which of our sides the file's side `axis` is. Negative axes count from the end.
   * @throws InputError for none
   */
  side(axis: number, rank: number): number;
  /** Sides in the order of the file as ours. */
  ours<T>(sides: readonly T[]): readonly T[];
  /** Our sides in the order of the file. */
  theirs<T>(sides: readonly T[]): readonly T[];
}

function counted(axis: number, rank: number): number {
  const side = axis < 0 ? axis + rank : axis;
  if (Number.isInteger(side) && side >= 0 && side < rank) return side;
  throw new InputError(`there is no side ${axis} among ${rank}`);
}

/** [N, C, ...] as we have it. */
export const CHANNELS_FIRST: Layout = { side: counted, ours: (sides) => sides, theirs: (sides) => sides };

/**
 * From this rank on the last side is the channels of an image: [N, H, W, C] and [N, D, H, W, C].
 */
const LEAST_RANK = 4;

/** [N, H, W, C] in the file is [N, C, H, W] with us. */
export const CHANNELS_LAST: Layout = {
  side(axis, rank) {
    const side = counted(axis, rank);
    if (rank < LEAST_RANK || side === 0) return side;
    return side === rank - 1 ? 1 : side + 1;
  },
  ours(sides) {
    if (sides.length < LEAST_RANK) return sides;
    return [sides[0]!, sides.at(-1)!, ...sides.slice(1, -1)];
  },
  theirs(sides) {
    if (sides.length < LEAST_RANK) return sides;
    return [sides[0]!, ...sides.slice(2), sides[1]!];
  },
};
