// Writes FlatBuffers by the rows of the importer: parents first, children behind them, so that every offset leads forward.

import { OPTIONS, type OptionsName } from '../../../src/importers/tflite/options.js';
import { TABLES } from '../../../src/importers/tflite/tables.js';

/** What a field holds: a number, a text, numbers, raw bytes, a table or tables. Left out where undefined. */
export interface WrittenTable {
  readonly [field: string]:
    number | boolean | string | Uint8Array | readonly number[] | Branch | readonly Branch[] | undefined;
}

/** A table with the name of its rows. */
export interface Branch {
  readonly table: string;
  readonly data: WrittenTable;
}

interface OpRow {
  readonly id: number;
  readonly kind: string;
  readonly scalar?: string;
  readonly elementBytes?: number;
}

function rowsOf(name: string): Readonly<Record<string, OpRow>> {
  if (Object.hasOwn(TABLES, name)) return TABLES[name as keyof typeof TABLES];
  return OPTIONS[name as OptionsName].fields;
}

export class Writer {
  private bytes = new Uint8Array(1024);
  private view = new DataView(this.bytes.buffer);
  private end = 0;

  /** The bytes of a file whose root is this table. */
  static file(root: Branch, identifier = 'TFL3'): Uint8Array {
    const writer = new Writer();
    const at = writer.grow(8);
    for (let i = 0; i < 4; i++) writer.view.setUint8(4 + i, identifier.charCodeAt(i));
    writer.link(at, writer.table(root));
    return writer.bytes.slice(0, writer.end);
  }

  private table({ table, data }: Branch): number {
    const rows = Object.entries(rowsOf(table)).filter(([key]) => data[key] !== undefined);
    const ids = rows.map(([, { id }]) => id);
    const slots = Math.max(-1, ...ids) + 1;
    const vtable = this.grow(4 + 2 * slots);
    // Eight bytes for every field are enough for any scalar.
    const start = this.grow(4 + 8 * rows.length);
    this.view.setInt32(start, start - vtable, true);
    this.view.setUint16(vtable, 4 + 2 * slots, true);
    this.view.setUint16(vtable + 2, 4 + 8 * rows.length, true);
    rows.forEach(([key, row], i) => {
      this.view.setUint16(vtable + 4 + 2 * row.id, 4 + 8 * i, true);
      this.field(start + 4 + 8 * i, row, data[key]!);
    });
    return start;
  }

  private field(at: number, row: OpRow, value: NonNullable<WrittenTable[string]>): void {
    if (row.kind === 'scalar') this.scalar(at, row.scalar!, Number(value));
    else if (typeof value === 'string') this.link(at, this.vector(new TextEncoder().encode(value), 1));
    else if (value instanceof Uint8Array)
      this.link(at, this.vector(value, row.elementBytes ?? (row.kind === 'longs' ? 8 : 1)));
    else if (!Array.isArray(value)) this.link(at, this.table(value as Branch));
    else if (row.kind === 'tables') this.tables(at, value as readonly Branch[]);
    else this.link(at, this.vector(new Uint8Array(Int32Array.from(value as readonly number[]).buffer), 4));
  }

  private scalar(at: number, kind: string, value: number): void {
    if (kind === 'f32') this.view.setFloat32(at, value, true);
    else if (kind === 'u64') this.view.setBigUint64(at, BigInt(value), true);
    else if (kind === 'u8' || kind === 'i8' || kind === 'bool') this.view.setUint8(at, value);
    else this.view.setUint32(at, value, true);
  }

  private tables(at: number, branches: readonly Branch[]): void {
    const start = this.grow(4 + 4 * branches.length);
    this.view.setUint32(start, branches.length, true);
    this.link(at, start);
    branches.forEach((branch, i) => {
      this.link(start + 4 + 4 * i, this.table(branch));
    });
  }

  private vector(content: Uint8Array, elementBytes: number): number {
    const start = this.grow(4 + content.length);
    this.view.setUint32(start, content.length / elementBytes, true);
    this.bytes.set(content, start + 4);
    return start;
  }

  private link(at: number, target: number): void {
    this.view.setUint32(at, target - at, true);
  }

  private grow(length: number): number {
    const start = this.end;
    this.end += length;
    if (this.end > this.bytes.length) {
      const larger = new Uint8Array(2 * this.end);
      larger.set(this.bytes);
      this.bytes = larger;
      this.view = new DataView(larger.buffer);
    }
    return start;
  }
}
