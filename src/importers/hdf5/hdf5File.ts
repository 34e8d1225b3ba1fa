// Reads an HDF5 file by random access: superblock and bounded pieces, never the weights.

import { InputError } from '../../inputError.js';
import type { ByteSource } from '../modelFile.js';
import { Cursor, type Sizes } from './cursor.js';

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a] as const;
/** The superblock stands at byte 0, or behind a user block of 512 bytes times a power of two. */
const STARTS = [0, ...Array.from({ length: 14 }, (_, i) => 512 * 2 ** i)];
/** A header and its checksum are far below this. */
const SUPERBLOCK_BYTES = 128;

export const startsAsHdf5 = (bytes: Uint8Array): boolean => SIGNATURE.every((byte, i) => bytes[i] === byte);

export class Hdf5File {
  private constructor(
    private readonly source: ByteSource,
    private readonly base: number,
    private readonly sizes: Sizes,
    /** Address of the object header of the root group. */
    readonly root: number,
  ) {}

  /** @throws InputError where the bytes are no HDF5 file, or one of a version that is not read */
  static open(source: ByteSource): Hdf5File {
    const base = STARTS.find((start) => start + 8 <= source.size && startsAsHdf5(source.read(start, 8)));
    if (base === undefined) throw new InputError('this is not an HDF5 file: its signature is missing');
    const length = Math.min(SUPERBLOCK_BYTES, source.size - base);
    const bytes = source.read(base, length);
    const version = bytes[8] ?? -1;
    if (version > 3 || version < 0)
      throw new InputError(`its HDF5 superblock has version ${version}, and 0 to 3 are read`);
    const old = version < 2;
    const sizes = { address: bytes[old ? 13 : 9] ?? 0, length: bytes[old ? 14 : 10] ?? 0 };
    for (const size of Object.values(sizes))
      if (![2, 4, 8].includes(size)) throw new InputError(`its HDF5 superblock says sizes of ${size} bytes`);
    const cursor = new Cursor(bytes, sizes);
    // Versions 0 and 1 end with the symbol table entry of the root group: link name, then object
    // header.
    cursor.skip(old ? (version === 0 ? 24 : 28) : 12);
    cursor.skip(sizes.address * (old ? 5 : 3));
    return new Hdf5File(source, base, sizes, cursor.address());
  }

  /** @throws InputError where these bytes do not lie inside the file */
  at(address: number, length: number): Cursor {
    const start = this.base + address;
    if (!Number.isSafeInteger(start) || length > this.source.size - start)
      throw new InputError(`it is damaged or cut short: byte ${address} is outside of its ${this.source.size} bytes`);
    return new Cursor(this.source.read(start, length), this.sizes);
  }

  /** As much of `length` bytes as the file has. */
  upTo(address: number, length: number): Cursor {
    return this.at(address, Math.max(1, Math.min(length, this.source.size - this.base - address)));
  }

  get addressSize(): number {
    return this.sizes.address;
  }

  get lengthSize(): number {
    return this.sizes.length;
  }
}
