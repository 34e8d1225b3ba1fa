// Reads a FlatBuffer by vtable from random access. Every offset is checked.

import { InputError } from '../../inputError.js';
import type { ByteSource } from '../modelFile.js';

/** Position of the first element, and the number of elements. */
export interface Vector {
  readonly at: number;
  readonly length: number;
}

const PAGE = 16 * 1024;
/**
 * Pages of 4 MiB in all are cached: tables lie between the weights, and neighbouring tables share a
 * page.
 */
const MOST_PAGES = 256;
const LONGEST_TEXT = 10_000;

const utf8 = new TextDecoder();

/**
 * All positions are absolute.
 * @throws InputError from every method, for bytes outside of the file
 */
export class FlatBuffer {
  private readonly pages = new Map<number, DataView>();

  constructor(private readonly source: ByteSource) {}

  get size(): number {
    return this.source.size;
  }

  u8(at: number): number {
    return this.view(at, 1, (view, i) => view.getUint8(i));
  }

  i8(at: number): number {
    return this.view(at, 1, (view, i) => view.getInt8(i));
  }

  u16(at: number): number {
    return this.view(at, 2, (view, i) => view.getUint16(i, true));
  }

  u32(at: number): number {
    return this.view(at, 4, (view, i) => view.getUint32(i, true));
  }

  i32(at: number): number {
    return this.view(at, 4, (view, i) => view.getInt32(i, true));
  }

  f32(at: number): number {
    return this.view(at, 4, (view, i) => view.getFloat32(i, true));
  }

  /** Exact up to 2^53; larger values lie outside of any file. */
  u64(at: number): number {
    return this.u32(at) + this.u32(at + 4) * 2 ** 32;
  }

  /** Position of the root table. */
  get root(): number {
    return this.target(0);
  }

  /** Position of a field of `width` bytes in a table; undefined where the table leaves it out. */
  field(table: number, id: number, width: number): number | undefined {
    const vtable = table - this.i32(table);
    const [length, tableLength] = [this.u16(vtable), this.u16(vtable + 2)];
    if (length < 4 || length % 2 === 1) throw this.damaged(vtable);
    if (4 + 2 * id >= length) return undefined;
    const offset = this.u16(vtable + 4 + 2 * id);
    if (offset === 0) return undefined;
    if (offset < 4 || offset + width > tableLength) throw this.damaged(vtable);
    return table + offset;
  }

  /** The target of the offset at a position. Offsets are positive, so they form no cycle. */
  target(at: number): number {
    const offset = this.u32(at);
    if (offset < 4 || at + offset + 4 > this.size) throw this.damaged(at);
    return at + offset;
  }

  vector(at: number, elementBytes: number): Vector {
    const start = this.target(at);
    const length = this.u32(start);
    if (length * elementBytes > this.size - start - 4) throw this.damaged(start);
    return { at: start + 4, length };
  }

  text(at: number): string {
    const { at: start, length } = this.vector(at, 1);
    if (length > LONGEST_TEXT)
      throw new InputError(`it has a name or text of ${length} bytes, and at most ${LONGEST_TEXT} are read`);
    return utf8.decode(this.bytes(start, length));
  }

  bytes(at: number, length: number): Uint8Array {
    this.demand(at, length);
    return this.source.read(at, length);
  }

  damaged(at: number): InputError {
    const place = Math.max(0, Math.min(at, this.size));
    return new InputError(`it is damaged or cut short at byte ${place} of ${this.size}: convert or copy it again`);
  }

  private view(at: number, width: number, read: (view: DataView, i: number) => number): number {
    this.demand(at, width);
    const start = at % PAGE;
    if (start + width <= PAGE) return read(this.page(at - start), start);
    return read(viewOf(this.source.read(at, width)), 0);
  }

  private page(start: number): DataView {
    const known = this.pages.get(start);
    if (known) return known;
    if (this.pages.size === MOST_PAGES) this.pages.clear();
    const page = viewOf(this.source.read(start, Math.min(PAGE, this.size - start)));
    this.pages.set(start, page);
    return page;
  }

  private demand(at: number, length: number): void {
    if (!(at >= 0 && length <= this.size - at)) throw this.damaged(at);
  }
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
