// Attributes of a TensorFlow node, the same whether the file is JSON or protobuf.

import { InputError } from '../../inputError.js';
import { shown } from '../../document/problem.js';

/**
 * Sides in the order of the file, null for an open one; undefined where their number is unknown.
 */
export type Sides = readonly (number | null)[] | undefined;

/** A constant that stands in its node. */
export interface Tensor {
  readonly dtype: string;
  readonly sides: Sides;
  /** The elements, where they are few. The last one stands for all that follow. */
  readonly values: readonly number[] | undefined;
}

/** A value of an attribute. One of these fields is present. */
export interface Attribute {
  readonly i?: number;
  readonly f?: number;
  readonly b?: boolean;
  readonly s?: string;
  readonly type?: string;
  readonly shape?: Sides;
  readonly tensor?: Tensor;
  /** The name of a function. */
  readonly function?: string;
  readonly integers?: readonly number[];
  readonly reals?: readonly number[];
  readonly texts?: readonly string[];
  readonly shapes?: readonly Sides[];
  /** Names of functions. */
  readonly functions?: readonly string[];
}

/** The longest list of an attribute; lists of convolutions, pools and slices are shorter. */
const LONGEST_LIST = 256;
const MOST = 2 ** 31 - 1;

/** Reads attributes by name. @throws InputError naming the attribute, from every method */
export class Attributes {
  constructor(private readonly data: ReadonlyMap<string, Attribute>) {}

  private value(key: string): Attribute {
    return this.data.get(key) ?? {};
  }

  has(key: string): boolean {
    return this.data.has(key);
  }

  integer(key: string, fallback: number): number {
    return whole(key, this.value(key).i ?? fallback);
  }

  real(key: string, fallback: number): number {
    const value = this.value(key).f ?? fallback;
    return Number.isFinite(value) ? value : refuse(key, value);
  }

  flag(key: string, fallback: boolean): boolean {
    return this.value(key).b ?? fallback;
  }

  text(key: string, fallback: string): string {
    return this.value(key).s ?? fallback;
  }

  type(key: string): string {
    return this.value(key).type ?? '';
  }

  function(key: string): string | undefined {
    return this.value(key).function;
  }

  functions(key: string): readonly string[] {
    return short(key, this.value(key).functions);
  }

  texts(key: string): readonly string[] {
    return short(key, this.value(key).texts);
  }

  integers(key: string): readonly number[] {
    return short(key, this.value(key).integers).map((item) => whole(key, item));
  }

  sides(key: string): Sides {
    return this.value(key).shape;
  }

  /** Shapes of a node's outputs as `_output_shapes` states them. */
  shapes(key: string): readonly Sides[] {
    return this.value(key).shapes ?? [];
  }

  get tensor(): Tensor | undefined {
    return this.value('value').tensor;
  }
}

const whole = (key: string, value: number): number =>
  Number.isSafeInteger(value) && Math.abs(value) <= MOST ? value : refuse(key, value);

const short = <T>(key: string, list: readonly T[] = []): readonly T[] =>
  list.length <= LONGEST_LIST ? list : refuse(key, `${list.length} items`);

export function refuse(key: string, value: unknown): never {
  throw new InputError(`its attribute ${key} says ${shown(value)}`);
}
