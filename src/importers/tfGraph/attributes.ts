// What does a node of TensorFlow say of itself? Attributes of GraphDef as JSON has them: numbers as text, texts in base64.

import { InputError } from '../../inputError.js';
import { shown } from '../../document/problem.js';
import { isData, type Data } from '../tfjs/settings.js';

const MOST = 2 ** 31 - 1;

/** @throws InputError naming the attribute, from every method */
export class Attributes {
  constructor(private readonly data: Data) {}

  private value(key: string): Data {
    const value = Object.hasOwn(this.data, key) ? this.data[key] : undefined;
    return isData(value) ? value : {};
  }

  integer(key: string, fallback: number): number {
    const { i } = this.value(key);
    return i === undefined ? fallback : (integerIn(i) ?? refuse(key, i));
  }

  real(key: string, fallback: number): number {
    const { f } = this.value(key);
    if (f === undefined) return fallback;
    return typeof f === 'number' && Number.isFinite(f) ? f : refuse(key, f);
  }

  flag(key: string, fallback: boolean): boolean {
    const { b } = this.value(key);
    return typeof b === 'boolean' ? b : fallback;
  }

  text(key: string, fallback: string): string {
    const { s } = this.value(key);
    return typeof s === 'string' ? decoded(s) : fallback;
  }

  texts(key: string): readonly string[] {
    return this.list(key, 's').map((item) => (typeof item === 'string' ? decoded(item) : refuse(key, item)));
  }

  integers(key: string): readonly number[] {
    return this.list(key, 'i').map((item) => integerIn(item) ?? refuse(key, item));
  }

  /** The sides of a shape, null where one is open; undefined where it says none. */
  sides(key: string): readonly (number | null)[] | undefined {
    const { shape } = this.value(key);
    return sidesIn(shape);
  }

  get tensor(): Data | undefined {
    const { tensor } = this.value('value');
    return isData(tensor) ? tensor : undefined;
  }

  type(key: string): string {
    const { type } = this.value(key);
    return typeof type === 'string' ? type : '';
  }

  private list(key: string, kind: 'i' | 's'): readonly unknown[] {
    const { list } = this.value(key);
    const items = isData(list) ? list[kind] : undefined;
    if (items === undefined) return [];
    return Array.isArray(items) && items.length <= 64 ? items : refuse(key, items);
  }
}

/** { dim: [{ size: "-1" }, ...] }. */
export function sidesIn(shape: unknown): readonly (number | null)[] | undefined {
  if (!isData(shape) || shape['unknownRank'] === true) return undefined;
  const dims = shape['dim'] ?? [];
  if (!Array.isArray(dims) || dims.length > 8) return refuse('shape', dims);
  return dims.map((dim: unknown) => {
    const size = isData(dim) ? integerIn(dim['size'] ?? 0) : undefined;
    return size === undefined ? refuse('shape', dim) : size > 0 ? size : null;
  });
}

function integerIn(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^-?\d{1,10}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && Math.abs(number) <= MOST ? number : undefined;
}

/** In base64 as protobuf's JSON has it, or as it is. */
function decoded(text: string): string {
  const known = /^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.length % 4 === 0;
  const plain = known ? Buffer.from(text, 'base64').toString('latin1') : text;
  return /^[\x20-\x7e]*$/.test(plain) ? plain : text;
}

function refuse(key: string, value: unknown): never {
  throw new InputError(`its attribute ${key} says ${shown(value)}`);
}
