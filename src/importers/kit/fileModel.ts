// Makes a model of a file: its own image size, and a graph for each size that is asked for.

import type { Graph } from '../../graph.js';
import { isNumber } from '../../dim/dim.js';
import { InputError, locate } from '../../inputError.js';
import { hasBatchSide } from '../../inputSize.js';
import type { Model } from '../../model.js';
import type { Source } from '../../profile.js';
import type { Shape } from '../../shape.js';
import { countable } from '../countable.js';

/** Height and width where a file leaves them open: most backbones were published for this size. */
const USUAL_SIDE = 224;
const USUAL_CHANNELS = 3;

export interface FileModel {
  readonly name: string;
  readonly source: Source;
  /**
   * Of the image, [N, C, H, W] as far as it has them; undefined for a side that the file leaves
   * open.
   */
  readonly sides: readonly (number | undefined)[];
  /** Whether unknown calls are left out. */
  readonly partial: boolean;
  /** Of most stored weights, where the file says it: 2 for float16, 1 for int8. */
  readonly bytesPerElement?: number;
  /** @param shape has as many sides as the file's image */
  build(shape: Shape): Graph;
}

/** @param fileName starts every message */
export function modelOfFile(
  { name, source, sides, partial, bytesPerElement, build }: FileModel,
  fileName: string,
): Model {
  // The sides of a batch; a file that takes a single image has none of its own.
  const batched = isBatched(sides, build) ? sides : [1, ...sides];
  const side = (i: number, usual: number): number => (i < batched.length ? (batched[i] ?? usual) : 1);
  return {
    name,
    source,
    ...(typeof batched[0] === 'number' ? { batch: batched[0] } : {}),
    input: [side(1, USUAL_CHANNELS), side(2, USUAL_SIDE), side(3, USUAL_SIDE)],
    fields: {},
    config: {},
    fieldAt: () => undefined,
    ...(partial ? { partial: true } : {}),
    ...(bytesPerElement === undefined ? {} : { bytesPerElement }),
    build: (shape) =>
      inFile(fileName, () => countable(build(sidesAt(sides, batched === sides ? shape : singleImage(sides, shape))))),
  };
}

/** One image at the sides of the file, with usual ones where it leaves them open. */
export const usualSides = (sides: FileModel['sides']): Shape =>
  sides.map((side, i) => side ?? (i === 0 ? 1 : i === 1 ? USUAL_CHANNELS : USUAL_SIDE));

/** Only a graph tells: it puts a single image into a batch of one itself. */
function isBatched(sides: FileModel['sides'], build: FileModel['build']): boolean {
  const [first] = sides;
  if (sides.length > MOST_GIVEN - 1 || first === undefined || first === 1) return true;
  try {
    return hasBatchSide(build(sides.map((side) => side ?? USUAL_SIDE)));
  } catch {
    // What is wrong with the file is said where it is counted.
    return true;
  }
}

/** @throws InputError for more than one image */
function singleImage(sides: FileModel['sides'], [n = 1, ...image]: Shape): Shape {
  if (isNumber(n) && n !== 1)
    throw new InputError(
      `its input takes a single image of ${sides.length} sides and has none for a batch: leave out --batch, or export it with a batch`,
    );
  return image;
}

/**
 * All sides of the file's image where users give [N, C, H, W].
 * @throws InputError for sides that the image does not have, and for one past the fourth that the
 * file leaves open
 */
export function sidesAt(sides: FileModel['sides'], shape: Shape): Shape {
  if (shape.slice(sides.length).some((one) => one !== 1))
    throw new InputError(`its input has ${sides.length} sides, and more are given`);
  return [...shape.slice(0, Math.min(sides.length, MOST_GIVEN)), ...further(sides)];
}

/** Users give a batch, channels and two more sides. */
const MOST_GIVEN = 4;

/** Sides past those that a user can give are as the file has them. */
const further = (sides: FileModel['sides']): readonly number[] =>
  sides.slice(MOST_GIVEN).map((side, i) => {
    if (side !== undefined) return side;
    throw new InputError(
      `its input has ${sides.length} sides and leaves number ${MOST_GIVEN + i + 1} open: export it with that side fixed`,
    );
  });

/**
 * Starts the message of an InputError with the file's name, unless it begins with a line of that
 * file already.
 */
export function inFile<T>(fileName: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw error instanceof InputError && error.message.startsWith(`${fileName}:`) ? error : locate(error, fileName);
  }
}
