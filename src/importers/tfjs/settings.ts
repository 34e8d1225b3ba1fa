// The settings of a layer. Each is checked where it is read, so a message names layer and key.

import type { Pair } from '../../fields.js';
import { InputError } from '../../inputError.js';
import { shown } from '../../document/problem.js';

export type Data = Readonly<Record<string, unknown>>;

export const isData = (value: unknown): value is Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The largest size that is read. Products of two larger ones may not be exact. */
const MOST = 2 ** 31 - 1;

export const isCount = (value: unknown, least = 1): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= MOST;

/** Reads the `config` of a layer. @throws InputError naming the key, here and from every method */
export class Settings {
  constructor(private readonly data: Data) {}

  /** Undefined where the file leaves it out or where it is null. */
  raw(key: string): unknown {
    return Object.hasOwn(this.data, key) ? (this.data[key] ?? undefined) : undefined;
  }

  count(key: string, fallback?: number): number {
    const value = this.raw(key) ?? fallback;
    return isCount(value) ? value : this.refuse(key, 'a positive whole number');
  }

  flag(key: string, fallback: boolean): boolean {
    const value = this.raw(key) ?? fallback;
    return typeof value === 'boolean' ? value : this.refuse(key, 'true or false');
  }

  real(key: string, fallback: number): number {
    const value = this.raw(key) ?? fallback;
    return typeof value === 'number' && Number.isFinite(value) ? value : this.refuse(key, 'a number');
  }

  choice<const T extends string>(key: string, options: readonly T[], fallback: T): T {
    const value = this.raw(key) ?? fallback;
    return options.find((option) => option === value) ?? this.refuse(key, `one of ${options.join(', ')}`);
  }

  /** [height, width]; one number for both. */
  pair(key: string, fallback?: Pair): Pair {
    const value = this.raw(key) ?? fallback;
    if (isCount(value)) return [value, value];
    if (Array.isArray(value) && value.length === 2 && value.every((side) => isCount(side)))
      return value as unknown as Pair;
    return this.refuse(key, 'one or two positive whole numbers');
  }

  /** Whole numbers, negative ones too. */
  integers(key: string, fallback?: readonly number[]): readonly number[] {
    const value = this.raw(key) ?? fallback;
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (list.length <= 8 && list.every((item) => isCount(item, -MOST))) return list;
    return this.refuse(key, 'whole numbers');
  }

  /**
   * [top, left, bottom, right] from one number, [height, width] or [[top, bottom], [left, right]].
   */
  padding(key: string): readonly [number, number, number, number] {
    const value = this.raw(key) ?? 1;
    const sides: readonly unknown[] = Array.isArray(value) ? value : [value, value];
    const ends = sides.map((side): readonly unknown[] => (Array.isArray(side) ? side : [side, side]));
    if (ends.length !== 2 || !ends.every((pair) => pair.length === 2 && pair.every((end) => isCount(end, 0))))
      return this.refuse(key, 'whole numbers of rows and columns');
    const [[top, bottom], [left, right]] = ends as [[number, number], [number, number]];
    return [top, left, bottom, right];
  }

  refuse(key: string, phrase: string): never {
    throw new InputError(`${key} must be ${phrase}, not ${shown(this.raw(key))}`);
  }
}
