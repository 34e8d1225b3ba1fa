// Reads the tables of a TFLite file as plain data, by the rows of tables.ts, without weights.

import { InputError } from '../../inputError.js';
import type { ByteSource } from '../modelFile.js';
import { FlatBuffer } from './flatBuffer.js';
import { OPTIONS, type Options, type OptionsName } from './options.js';
import { TABLES, type ScalarKind, type Table } from './tables.js';

/**
 * Limits of the work for a hostile file: all offsets of a small file may lead to one large table.
 */
const MOST_TABLES = 400_000;
const MOST_NUMBERS = 2_000_000;
/**
 * A table takes at least eight bytes with its offset. One table for every four bytes leaves room
 * for shared tables.
 */
const LEAST_BYTES = 4;
const MOST_TEXT = 2 ** 26;

const IDENTIFIER = 'TFL3';

type Row = { readonly id: number } & (
  | { readonly kind: 'scalar'; readonly scalar: ScalarKind; readonly otherwise: number }
  | { readonly kind: 'text' | 'numbers' | 'longs' | 'union' }
  | { readonly kind: 'vector'; readonly elementBytes: number }
  | { readonly kind: 'table' | 'tables'; readonly table: string }
);

const ROWS: Readonly<Record<string, Readonly<Record<string, Row>>>> = TABLES;

const WIDTHS: Readonly<Record<ScalarKind, number>> = { u8: 1, i8: 1, bool: 1, u32: 4, i32: 4, u64: 8, i64: 8, f32: 4 };

/** Names of options by their number in the union, and by which of the two unions it is. */
const NAMES: ReadonlyMap<string, OptionsName> = new Map(
  Object.entries(OPTIONS).map(([name, { type, later }]) => [`${type} ${later}`, name as OptionsName]),
);

/** Bytes 4 to 7 of a TFLite file. */
export const isTflite = (head: Uint8Array): boolean => String.fromCharCode(...head.subarray(4, 8)) === IDENTIFIER;

export class Tables {
  private readonly buffer: FlatBuffer;
  /** Options that were read, by their operator. */
  private readonly stated = new Map<Table<'Operator'>, { readonly name: OptionsName; readonly read: object }>();
  private tables = 0;
  private numbers = 0;
  private texts = 0;

  /** @throws InputError for a file that is no TFLite model */
  constructor(source: ByteSource) {
    this.buffer = new FlatBuffer(source);
    if (source.size < 8 || !isTflite(source.read(0, 8)))
      throw new InputError(`it is no TFLite model, which has ${IDENTIFIER} at byte 4`);
  }

  /** @throws InputError where a table is damaged, or describes more than any network has */
  model(): Table<'Model'> {
    return this.table('Model', this.buffer.root) as Table<'Model'>;
  }

  /** Reads the options that an operator states: the file may be closed when they are asked for. */
  keepOptions(operator: Table<'Operator'>): void {
    const later = operator.laterType !== 0;
    const type = later ? operator.laterType : operator.optionsType;
    const name = NAMES.get(`${type} ${later}`);
    if (name !== undefined) this.stated.set(operator, { name, read: this.options(operator, name) });
  }

  /**
   * The options of an operator, with defaults for those that are absent.
   * @throws InputError for options of another operator
   */
  options<O extends OptionsName>(operator: Table<'Operator'>, name: O): Options<O> {
    const known = this.stated.get(operator);
    if (known?.name === name) return known.read as Options<O>;
    const { type, fields, later } = OPTIONS[name];
    const [optionsType, options] = later
      ? [operator.laterType, operator.laterOptions]
      : [operator.optionsType, operator.options];
    if (optionsType !== 0 && optionsType !== type)
      throw new InputError(`its options are of the kind ${optionsType}, and ${name} is the kind ${type}`);
    const at = optionsType === 0 ? undefined : options;
    const read = Object.entries<Row>(fields).map(([key, row]) => [key, this.value(at, row)]);
    return Object.fromEntries(read) as Options<O>;
  }

  bytes(at: number, length: number): Uint8Array {
    return this.buffer.bytes(at, length);
  }

  f32(at: number): number {
    return this.buffer.f32(at);
  }

  i32(at: number): number {
    return this.buffer.i32(at);
  }

  /** @throws InputError where these bytes are not all in the file */
  demandInside(at: number, length: number): void {
    if (!(at >= 0 && length <= this.size - at)) throw this.buffer.damaged(at);
  }

  get size(): number {
    return this.buffer.size;
  }

  /** Nesting is bounded: no row of tables.ts leads back to a table that contains it. */
  private table(name: string, at: number): object {
    this.tables++;
    const most = Math.min(MOST_TABLES, Math.floor(this.size / LEAST_BYTES));
    if (this.tables > most) throw new InputError(`it has more than ${most} tables, which no network has`);
    const draft: Record<string, unknown> = {};
    const rows = ROWS[name]!;
    for (const key in rows) draft[key] = this.value(at, rows[key]!);
    return draft;
  }

  private value(table: number | undefined, row: Row): unknown {
    const width = row.kind === 'scalar' ? WIDTHS[row.scalar] : 4;
    const at = table === undefined ? undefined : this.buffer.field(table, row.id, width);
    switch (row.kind) {
      case 'scalar':
        return at === undefined ? row.otherwise : this.scalar(row.scalar, at);
      case 'text':
        return at === undefined ? '' : this.text(at);
      case 'numbers':
        return at === undefined ? [] : this.integers(at);
      case 'longs':
        return at === undefined ? [] : this.longs(at);
      case 'union':
        return at === undefined ? undefined : this.buffer.target(at);
      case 'vector':
        return at === undefined ? { at: 0, length: 0 } : this.buffer.vector(at, row.elementBytes);
      case 'table':
        return at === undefined ? undefined : this.table(row.table, this.buffer.target(at));
      case 'tables':
        return at === undefined ? [] : this.list(row.table, at);
    }
  }

  private scalar(kind: ScalarKind, at: number): number {
    if (kind === 'i64') return this.long(at);
    return kind === 'bool' ? this.buffer.u8(at) : this.buffer[kind](at);
  }

  private text(at: number): string {
    const text = this.buffer.text(at);
    this.texts += text.length;
    if (this.texts > MOST_TEXT) throw new InputError(`its names have more than ${MOST_TEXT} letters`);
    return text;
  }

  private integers(at: number): readonly number[] {
    const { at: start, length } = this.buffer.vector(at, 4);
    this.numbers += length;
    if (this.numbers > MOST_NUMBERS)
      throw new InputError(`its tables hold more than ${MOST_NUMBERS} numbers, which no network's do`);
    return Array.from({ length }, (_, i) => this.buffer.i32(start + 4 * i));
  }

  /** Sizes and axes of StableHLO have eight bytes; those that a double cannot hold are no sizes. */
  private longs(at: number): readonly number[] {
    const { at: start, length } = this.buffer.vector(at, 8);
    this.numbers += length;
    if (this.numbers > MOST_NUMBERS)
      throw new InputError(`its tables hold more than ${MOST_NUMBERS} numbers, which no network's do`);
    return Array.from({ length }, (_, i) => this.long(start + 8 * i));
  }

  private long(at: number): number {
    return this.buffer.u32(at) + this.buffer.i32(at + 4) * 2 ** 32;
  }

  private list(name: string, at: number): readonly object[] {
    const { at: start, length } = this.buffer.vector(at, 4);
    return Array.from({ length }, (_, i) => this.table(name, this.buffer.target(start + 4 * i)));
  }
}
