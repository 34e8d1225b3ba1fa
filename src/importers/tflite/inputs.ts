// The inputs of a TFLite file: which is the image, and the sides of all at a given image.

import { equal, type Dim } from '../../dim/dim.js';
import { shown } from '../../document/problem.js';
import { InputError } from '../../inputError.js';
import { showShape, type Shape } from '../../shape.js';
import { CHANNELS_LAST } from '../kit/layout.js';
import type { Network } from './network.js';

export interface FileInput {
  readonly key: string;
  /** In our order; undefined where the file leaves a side open. */
  readonly sides: readonly (number | undefined)[];
  /** The file has the channels first, as files from PyTorch do. */
  readonly channelsFirst: boolean;
}

export interface Inputs {
  /** The input whose sides --batch and --input set. */
  readonly image: FileInput;
  readonly others: readonly FileInput[];
}

/** @throws InputError for a graph without inputs, and for sides that no tensor has */
export function inputsOf(network: Network): Inputs {
  const all = network.subgraph(network.main).inputs.map((key) => inputOf(network, key));
  const image = all.find(isColoured) ?? all.find(({ sides }) => sides.length === 4) ?? all[0];
  if (!image) throw new InputError('its graph has no input');
  return { image, others: all.filter((one) => one !== image) };
}

function inputOf(network: Network, key: string): FileInput {
  const { shape, signature } = network.tensor(key);
  if (signature.length > 0 && signature.length !== shape.length)
    throw new InputError(`its input ${shown(key)} has ${shape.length} sides and a signature of ${signature.length}`);
  const stated = (signature.length > 0 ? signature : shape).map((side) => (side === -1 ? undefined : side));
  const odd = stated.find((side) => side !== undefined && side < 1);
  if (odd !== undefined) throw new InputError(`its input ${shown(key)} has a side of ${odd}: sides are 1 or more`);
  const channelsFirst = hasChannelsFirst(stated);
  return { key, sides: channelsFirst ? stated : CHANNELS_LAST.ours(stated), channelsFirst };
}

const MOST_COLOURS = 4;
const few = (side: number | undefined): boolean => side !== undefined && side <= MOST_COLOURS;

const hasChannelsFirst = (sides: readonly (number | undefined)[]): boolean =>
  sides.length === 4 && few(sides[1]) && !few(sides[2]) && !few(sides[3]);

const isColoured = ({ sides }: FileInput): boolean => sides.length === 4 && sides[1] === 3;

/**
 * The sides of every input at the given sides of the image.
 * @throws InputError for a side of another input that is open
 */
export const boundInputs = ({ image, others }: Inputs, shape: Shape): ReadonlyMap<FileInput, Shape> =>
  new Map([[image, shape], ...others.map((other) => [other, boundOther(other, image, shape[0])] as const)]);

/** The batch of the image is the batch of all. */
function boundOther({ key, sides }: FileInput, image: FileInput, batch: Dim | undefined): Shape {
  return sides.map((side, i): Dim => {
    const isBatch = i === 0 && sides.length > 1 && (side === undefined || side === image.sides[0]);
    if (isBatch && batch !== undefined) return batch;
    if (side !== undefined) return side;
    throw new InputError(`its input ${shown(key)} leaves side ${i} open, and only the first image is given one`);
  });
}

/** Sides of the image that differ from the numbers of the file. */
export const changedSides = ({ image }: Inputs, shape: Shape): readonly number[] =>
  image.sides.flatMap((side, i) => (side !== undefined && !equal(side, shape[i]!) ? [i] : []));

export const showSides = ({ sides }: FileInput): string =>
  showShape(sides.map((side) => side ?? -1)).replaceAll('-1', '?');
