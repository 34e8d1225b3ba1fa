// Constants of a TensorFlow graph: their shapes, numbers that shape the network, and which are
// learnt.

import type { Companion } from '../bytesBeside.js';
import type { StoredTensor } from '../../graph.js';
import { InputError } from '../../inputError.js';
import { shown } from '../../document/problem.js';
import { constant, type Constant } from '../kit/operand.js';
import type { Sides } from './attribute.js';
import { elementsIn } from './decode.js';
import type { GraphNode } from './inline.js';
import { isCount, isData } from '../tfjs/settings.js';

/** A weight of TensorFlow.js, in a file beside the model. */
export interface Stored {
  readonly sides: readonly number[];
  readonly dtype: string;
  readonly paths: readonly string[];
  readonly offset: number;
}

/** More numbers than this are weights. */
const MOST_WHOLE = 1024;
const MOST_SIDES = 8;
const BYTES: Readonly<Record<string, number>> = { float32: 4, int32: 4, bool: 1, uint8: 1, uint16: 2, float16: 2 };

const isReal = (dtype: string): boolean => /float|double|half/i.test(dtype);

/** Variables of a graph that was not frozen. */
export const VARIABLES: ReadonlySet<string> = new Set(['VarHandleOp', 'VariableV2', 'Variable']);

/**
 * @param manifest `weightsManifest`: groups of files, and the weights that stand in them one after
 * the other
 */
export function storedIn(manifest: unknown): ReadonlyMap<string, Stored> {
  const stored = new Map<string, Stored>();
  for (const group of Array.isArray(manifest) ? (manifest as readonly unknown[]) : []) {
    if (!isData(group) || !Array.isArray(group['weights'])) continue;
    const paths = Array.isArray(group['paths']) ? group['paths'].filter((path) => typeof path === 'string') : [];
    let offset = 0;
    for (const weight of group['weights'] as readonly unknown[]) {
      if (!isData(weight)) continue;
      const { name, shape, dtype, quantization } = weight;
      if (typeof name !== 'string' || typeof dtype !== 'string' || !Array.isArray(shape)) continue;
      if (!shape.every((side) => isCount(side, 0)) || shape.length > MOST_SIDES) continue;
      stored.set(name, { sides: shape, dtype, paths, offset });
      const kept = isData(quantization) ? String(quantization['dtype']) : dtype;
      // A text has no stated length, so the positions behind it are unknown.
      offset += shape.reduce((all: number, side: number) => all * side, 1) * (BYTES[kept] ?? NaN);
    }
  }
  return stored;
}

const count = (sides: readonly number[]): number => sides.reduce((all, side) => all * side, 1);

export class Constants {
  /** @param frozen whether weights are constants, and not variables */
  constructor(
    private readonly stored: ReadonlyMap<string, Stored>,
    private readonly companion: Companion,
    private readonly frozen: boolean,
  ) {}

  /** @throws InputError for a constant whose sides are not stated */
  of({ name, op, attributes }: GraphNode): Constant {
    if (VARIABLES.has(op)) return this.variable(name, attributes.sides('shape'), attributes.type('dtype'));
    const { tensor } = attributes;
    const key = this.keyOf(name, tensor?.values !== undefined);
    const stored = this.stored.get(key);
    const sides: Sides = stored?.sides ?? tensor?.sides;
    if (!sides?.every((side) => side !== null))
      throw new InputError(`the constant ${shown(name)} has no shape, and no weight has its name`);
    const dtype = stored?.dtype ?? tensor?.dtype ?? '';
    const items = tensor?.values ?? (stored && this.read(stored));
    return constant(isReal(dtype) ? 'float' : 'int', sides, items, this.learnt(key, sides, dtype));
  }

  /**
   * The name of a constant of a function: the path of the call is replaced by the name of the
   * function.
   */
  private keyOf(name: string, given: boolean): string {
    if (given || this.stored.size === 0) return name;
    for (let inner = name; ; inner = inner.slice(inner.indexOf('/') + 1)) {
      if (this.stored.has(inner)) return inner;
      if (!inner.includes('/')) return name;
    }
  }

  /** Files that hold the numbers of constants which are not there. */
  filesOf(name: string): string | undefined {
    return this.stored
      .get(this.keyOf(name, false))
      ?.paths.map((path) => shown(path))
      .join(', ');
  }

  private variable(name: string, sides: Sides, dtype: string): Constant {
    if (!sides?.every((side) => side !== null))
      throw new InputError(`the variable ${shown(name)} has a shape that is not fixed`);
    const found = isReal(dtype) ? [{ id: name, elements: count(sides) }] : [];
    return constant(isReal(dtype) ? 'float' : 'int', sides, undefined, found);
  }

  /**
   * A single number without sides is an attribute. A list is learnt, even a list of one. Where the
   * graph has variables, only these are learnt.
   */
  private learnt(name: string, sides: readonly number[], dtype: string): readonly StoredTensor[] {
    const elements = count(sides);
    return this.frozen && isReal(dtype) && sides.length > 0 ? [{ id: name, elements }] : [];
  }

  /** Few whole numbers may be sizes, and a single real one may be a bound. The rest are weights. */
  private read({ sides, dtype, paths, offset }: Stored): readonly number[] | undefined {
    const elements = count(sides);
    const wanted = dtype === 'int32' ? elements <= MOST_WHOLE : dtype === 'float32' && elements === 1;
    if (!wanted) return undefined;
    const bytes = this.companion(paths, offset, 4 * elements);
    return bytes && elementsIn(bytes, dtype === 'int32' ? 'DT_INT32' : 'DT_FLOAT', elements);
  }
}
