// Reads the bytes of protobuf a page at a time, so that what is passed over is never loaded.

import { InputError } from '../../inputError.js';
import type { ByteSource } from '../modelFile.js';

/** The four encodings that protobuf still uses. */
export const VARINT = 0;
export const EIGHT_BYTES = 1;
export const DELIMITED = 2;
export const FOUR_BYTES = 5;

const PAGE = 64 * 1024;

export class Wire {
  position = 0;
  private page: Uint8Array = new Uint8Array(0);
  private pageStart = 0;

  constructor(private readonly source: ByteSource) {}

  get size(): number {
    return this.source.size;
  }

  /** An unsigned whole number of at most 2^32, such as a tag or a length. */
  length(): number {
    const value = this.int();
    if (!(value >= 0 && value <= 2 ** 53)) throw this.damaged();
    return value;
  }

  /**
   * A whole number of 64 bits; what no double holds exactly becomes infinite, and no size is that.
   */
  int(): number {
    let [value, factor] = [0, 1];
    for (let i = 0; i < 9; i++) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) return Number.isSafeInteger(value) ? value : Infinity;
      factor *= 128;
    }
    // The tenth byte holds the sign.
    const sign = this.byte();
    if (sign > 1) throw this.damaged();
    if (sign === 0) return Number.isSafeInteger(value) ? value : Infinity;
    const negative = value - 2 ** 63;
    return negative >= Number.MIN_SAFE_INTEGER ? this.exactNegative() : -Infinity;
  }

  /** Exactly what the last ten bytes say, which are one negative number near to 0. */
  private exactNegative(): number {
    const bytes = this.source.read(this.position - 10, 10);
    let value = 0n;
    for (let i = 9; i >= 0; i--) value = (value << 7n) | BigInt(bytes[i]! & 127);
    return Number(BigInt.asIntN(64, value));
  }

  float(): number {
    return this.view(4).getFloat32(0, true);
  }

  double(): number {
    return this.view(8).getFloat64(0, true);
  }

  bytes(length: number): Uint8Array {
    this.demand(length);
    const at = this.position - this.pageStart;
    const paged = at >= 0 && at + length <= this.page.length;
    const found = paged ? this.page.subarray(at, at + length) : this.source.read(this.position, length);
    this.position += length;
    return found;
  }

  skip(length: number): void {
    this.demand(length);
    this.position += length;
  }

  damaged(): InputError {
    return new InputError(
      `it is damaged or cut short at byte ${Math.min(this.position, this.size)} of ${this.size}: export or copy it again`,
    );
  }

  private view(length: number): DataView {
    const bytes = this.bytes(length);
    return new DataView(bytes.buffer, bytes.byteOffset, length);
  }

  private byte(): number {
    const at = this.position++ - this.pageStart;
    if (at >= 0 && at < this.page.length) return this.page[at]!;
    this.position--;
    this.demand(1);
    this.pageStart = this.position;
    this.page = this.source.read(this.position, Math.min(PAGE, this.size - this.position));
    return this.page[this.position++ - this.pageStart]!;
  }

  private demand(length: number): void {
    if (length > this.size - this.position) throw this.damaged();
  }
}
