// Reads fields of parsed JSON and says where one is missing or of another kind.

import { InputError } from '../../inputError.js';

export type Fields = Readonly<Record<string, unknown>>;

/** What stands in the file at a place: "nodes[3].inputs". */
export interface Place {
  readonly value: unknown;
  readonly path: string;
}

export const inside = ({ value, path }: Place, key: string): Place => ({
  value: isFields(value) && Object.hasOwn(value, key) ? value[key] : undefined,
  path: path === '' ? key : `${path}.${key}`,
});

export function listAt(place: Place): readonly Place[] {
  if (!Array.isArray(place.value)) throw misfit(place, 'a list');
  return place.value.map((value: unknown, i) => ({ value, path: `${place.path}[${i}]` }));
}

/** The entries of a mapping. */
export function entriesAt(place: Place): readonly (readonly [key: string, place: Place])[] {
  if (!isFields(place.value)) throw misfit(place, 'a mapping');
  return Object.keys(place.value).map((key) => [key, inside(place, key)] as const);
}

export function textAt(place: Place): string {
  if (typeof place.value !== 'string') throw misfit(place, 'a text');
  return place.value;
}

export function flagAt(place: Place): boolean {
  if (typeof place.value !== 'boolean') throw misfit(place, 'true or false');
  return place.value;
}

export function wholeAt(place: Place): number {
  if (!Number.isInteger(place.value)) throw misfit(place, 'a whole number');
  return place.value as number;
}

/** JSON has no infinity, so PyTorch writes it as a text. */
export function numberAt(place: Place): number {
  const { value } = place;
  if (typeof value === 'number') return value;
  if (value === 'Infinity' || value === '-Infinity' || value === 'NaN') return Number(value);
  throw misfit(place, 'a number');
}

/** The one key of a union that says what it holds. Older files write the others too, as null. */
export function chosen(place: Place): readonly [key: string, place: Place] {
  const found = entriesAt(place).filter(([, { value }]) => value !== null);
  if (found.length !== 1) throw misfit(place, 'a mapping of one key');
  return found[0]!;
}

export const isAbsent = ({ value }: Place): boolean => value === undefined || value === null;

export function misfit({ value, path }: Place, what: string): InputError {
  const found = value === undefined ? 'it is missing' : `it is ${nameOf(value)}`;
  return new InputError(`${path} of its exported program must be ${what}, and ${found}: export the model again`);
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'string') return value.length > 40 ? 'a long text' : JSON.stringify(value);
  return JSON.stringify(value);
}
