// Walks little-endian bytes of an HDF5 file; every step is checked against their end.

import { InputError } from '../../inputError.js';

/** Bytes of an address and of a length, which the superblock states. */
export interface Sizes {
  readonly address: number;
  readonly length: number;
}

const ascii = new TextDecoder('latin1');

/** Bytes that hold a whole number up to this one. */
export const bytesFor = (most: number): number => Math.max(1, Math.ceil(Math.log2(most + 1) / 8));

export class Cursor {
  position = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly sizes: Sizes,
  ) {}

  get left(): number {
    return this.bytes.length - this.position;
  }

  /** An unsigned number; past 2^53 it is no place in a file, and becomes infinite. */
  uint(size: number): number {
    const from = this.taken(size);
    let value = 0;
    for (let i = size - 1; i >= 0; i--) value = value * 256 + this.bytes[from + i]!;
    return Number.isSafeInteger(value) ? value : Infinity;
  }

  address(): number {
    return this.uint(this.sizes.address);
  }

  length(): number {
    return this.uint(this.sizes.length);
  }

  skip(count: number): void {
    this.taken(count);
  }

  take(count: number): Uint8Array {
    const from = this.taken(count);
    return this.bytes.subarray(from, from + count);
  }

  /** The next `count` bytes as a cursor of their own. */
  part(count: number): Cursor {
    return new Cursor(this.take(count), this.sizes);
  }

  /** @throws InputError where the next bytes are not this signature of four letters */
  expect(signature: string): void {
    const found = ascii.decode(this.take(4));
    if (found !== signature) throw damaged(`${signature} is expected where another block stands`);
  }

  private taken(count: number): number {
    if (!(count >= 0) || count > this.left) throw damaged('a block ends too early');
    const from = this.position;
    this.position += count;
    return from;
  }
}

export const damaged = (why: string): InputError => new InputError(`its HDF5 structure is damaged: ${why}`);
