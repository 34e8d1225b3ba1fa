// Reads fields of parsed JSON and says where one is missing or of another kind.

import { InputError } from '../../inputError.js';

export type Fields = Readonly<Record<string, unknown>>;

/** A value of the parsed file with its path: "nodes[3].inputs". */
export interface JsonValue {
  readonly value: unknown;
  readonly path: string;
}

export const inside = ({ value, path }: JsonValue, key: string): JsonValue => ({
  value: isFields(value) && Object.hasOwn(value, key) ? value[key] : undefined,
  path: path === '' ? key : `${path}.${key}`,
});

export function listAt(json: JsonValue): readonly JsonValue[] {
  if (!Array.isArray(json.value)) throw misfit(json, 'a list');
  return json.value.map((value: unknown, i) => ({ value, path: `${json.path}[${i}]` }));
}

/** The entries of a mapping. */
export function entriesAt(json: JsonValue): readonly (readonly [key: string, json: JsonValue])[] {
  if (!isFields(json.value)) throw misfit(json, 'a mapping');
  return Object.keys(json.value).map((key) => [key, inside(json, key)] as const);
}

export function textAt(json: JsonValue): string {
  if (typeof json.value !== 'string') throw misfit(json, 'a text');
  return json.value;
}

export function flagAt(json: JsonValue): boolean {
  if (typeof json.value !== 'boolean') throw misfit(json, 'true or false');
  return json.value;
}

export function wholeAt(json: JsonValue): number {
  if (!Number.isInteger(json.value)) throw misfit(json, 'a whole number');
  return json.value as number;
}

/** JSON has no infinity, so PyTorch writes it as a text. */
export function numberAt(json: JsonValue): number {
  const { value } = json;
  if (typeof value === 'number') return value;
  if (value === 'Infinity' || value === '-Infinity' || value === 'NaN') return Number(value);
  throw misfit(json, 'a number');
}

/** The one key of a union that says what it holds. Older files write the others too, as null. */
export function chosen(json: JsonValue): readonly [key: string, json: JsonValue] {
  const found = entriesAt(json).filter(([, { value }]) => value !== null);
  if (found.length !== 1) throw misfit(json, 'a mapping of one key');
  return found[0]!;
}

export const isAbsent = ({ value }: JsonValue): boolean => value === undefined || value === null;

export function misfit({ value, path }: JsonValue, what: string): InputError {
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
