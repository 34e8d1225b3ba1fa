// A design space: a model, values for its fields, and all combinations, numbered.

import type { ImageSize } from '../families/family.js';
import { InputError } from '../inputError.js';

/** A config field and its values. */
export interface Axis {
  /** Dotted path of a config field, as --symbol takes it. */
  readonly path: string;
  readonly values: readonly (number | string | boolean)[];
  /** "file:line:column". */
  readonly place: string;
  /** The same of each value; of a range all are at its place. */
  readonly places: readonly string[];
}

export interface DesignSpace {
  /** A built-in name; or file. */
  readonly model: string | null;
  /** From the folder of the space's file; or model. */
  readonly file: string | null;
  readonly axes: readonly Axis[];
  /** [C, H, W]; null for the model's own. */
  readonly inputs: readonly (ImageSize | null)[];
  readonly batches: readonly number[];
  readonly place: string;
}

/** One design: its number in the space, and the value of every axis. */
export interface Point {
  readonly index: number;
  readonly values: Readonly<Record<string, number | string | boolean>>;
  readonly input: ImageSize | null;
  readonly batch: number;
}

/** A larger space would never be finished. */
const MOST_POINTS = 100_000_000;

/** @throws InputError for a space above the limit */
export function pointsIn({ axes, inputs, batches, place }: DesignSpace): number {
  const points = axes.reduce((count, { values }) => count * values.length, inputs.length * batches.length);
  if (points > MOST_POINTS)
    throw new InputError(`${place}: the space has ${points} points, more than ${MOST_POINTS}: give fewer values`);
  return points;
}

/**
 * Mixed radix, the last axis the fastest, then input and batch: the number of a point never depends
 * on the shard.
 */
export function pointAt({ axes, inputs, batches }: DesignSpace, index: number): Point {
  let rest = index;
  const digit = (size: number): number => {
    const place = rest % size;
    rest = Math.floor(rest / size);
    return place;
  };
  const batch = batches[digit(batches.length)]!;
  const input = inputs[digit(inputs.length)]!;
  const values: [string, number | string | boolean][] = [];
  for (const axis of [...axes].reverse()) values.unshift([axis.path, axis.values[digit(axis.values.length)]!]);
  return { index, values: Object.fromEntries(values), input, batch };
}

/**
 * A share of the points: the i-th of n, i from 1; every n-th point, so that shards end at about the
 * same time.
 */
export interface Shard {
  readonly i: number;
  readonly n: number;
}

export function* pointsOf(space: DesignSpace, { i, n }: Shard): Iterable<Point> {
  const points = pointsIn(space);
  for (let index = i - 1; index < points; index += n) yield pointAt(space, index);
}
