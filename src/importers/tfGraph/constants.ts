// What is a constant of a graph model? Sides, and its few values where they say a shape; weights are never read.

import type { Dim } from '../../dim/dim.js';
import { InputError } from '../../inputError.js';
import { shown } from '../../document/problem.js';
import { isCount, isData, type Data } from '../tfjs/settings.js';
import { sidesIn, type Attributes } from './attributes.js';

export interface Constant {
  /** In the order of the file. */
  readonly sides: readonly number[];
  /** Unknown where the file with the values is not there, and for weights. */
  readonly values: readonly Dim[] | undefined;
  /** The name of the weight, where it is one. */
  readonly weight?: string;
}

/** Bytes of files that stand beside the model, one after the other; undefined where they are not there. */
export type Companion = (paths: readonly string[], offset: number, length: number) => Uint8Array | undefined;

interface Stored {
  readonly sides: readonly number[];
  readonly dtype: string;
  readonly paths: readonly string[];
  readonly offset: number;
}

/** More values than this are weights. */
const MOST_VALUES = 64;
const BYTES: Readonly<Record<string, number>> = { float32: 4, int32: 4, bool: 1, uint8: 1, uint16: 2, float16: 2 };

export class Constants {
  private readonly stored: ReadonlyMap<string, Stored>;

  /** @param manifest `weightsManifest`: groups of files, and the weights that stand in them one after the other */
  constructor(
    manifest: unknown,
    private readonly companion: Companion,
  ) {
    this.stored = storedIn(manifest);
  }

  /** Where the values of a weight stand, for a message. */
  filesOf(name: string): string {
    return (
      this.stored
        .get(name)
        ?.paths.map((path) => shown(path))
        .join(', ') ?? 'no file'
    );
  }

  /** @throws InputError for a constant of which nobody says the sides */
  of(name: string, attributes: Attributes): Constant {
    const { tensor } = attributes;
    const stored = this.stored.get(name);
    const sides = stored?.sides ?? sidesIn(tensor?.['tensorShape']);
    if (!sides?.every((side) => side !== null))
      throw new InputError(`the constant ${shown(name)} has no shape, and no weight has its name`);
    const values = (tensor && valuesIn(tensor, sides)) ?? (stored && this.read(stored));
    return { sides, values, weight: name };
  }

  private read({ sides, dtype, paths, offset }: Stored): readonly number[] | undefined {
    const count = sides.reduce((all, side) => all * side, 1);
    if (dtype !== 'int32' || count > MOST_VALUES) return undefined;
    const bytes = this.companion(paths, offset, 4 * count);
    if (bytes?.length !== 4 * count) return undefined;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return Array.from({ length: count }, (_, i) => view.getInt32(4 * i, true));
  }
}

function storedIn(manifest: unknown): ReadonlyMap<string, Stored> {
  const stored = new Map<string, Stored>();
  for (const group of Array.isArray(manifest) ? (manifest as readonly unknown[]) : []) {
    if (!isData(group) || !Array.isArray(group['weights'])) continue;
    const paths = Array.isArray(group['paths']) ? group['paths'].filter((path) => typeof path === 'string') : [];
    let offset = 0;
    for (const weight of group['weights'] as readonly unknown[]) {
      if (!isData(weight)) continue;
      const { name, shape, dtype, quantization } = weight;
      if (typeof name !== 'string' || typeof dtype !== 'string' || !Array.isArray(shape)) continue;
      if (!shape.every((side) => isCount(side, 0)) || shape.length > 8) continue;
      stored.set(name, { sides: shape, dtype, paths, offset });
      const kept = isData(quantization) ? String(quantization['dtype']) : dtype;
      // Behind a text, whose length nobody says, nothing can be found.
      offset += shape.reduce((all: number, side: number) => all * side, 1) * (BYTES[kept] ?? NaN);
    }
  }
  return stored;
}

/** Of a constant that holds them itself. */
function valuesIn(tensor: Data, sides: readonly number[]): readonly number[] | undefined {
  const count = sides.reduce((all, side) => all * side, 1);
  if (count > MOST_VALUES) return undefined;
  const { intVal, tensorContent, dtype } = tensor;
  if (dtype !== 'DT_INT32') return undefined;
  if (Array.isArray(intVal) && intVal.every((value) => isCount(value, -(2 ** 31)))) {
    // A single value stands for all.
    if (intVal.length === count) return intVal;
    return intVal.length === 1 ? new Array<number>(count).fill(intVal[0]!) : undefined;
  }
  if (typeof tensorContent !== 'string') return undefined;
  const bytes = Buffer.from(tensorContent, 'base64');
  return bytes.length === 4 * count ? Array.from({ length: count }, (_, i) => bytes.readInt32LE(4 * i)) : undefined;
}
