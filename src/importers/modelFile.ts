// The input of a reader: the bytes of a file by random access, its name, and the files beside it.

import { InputError } from '../inputError.js';

/** Bytes in memory, or in a file that is open. */
export interface ByteSource {
  readonly size: number;
  /** @returns exactly these bytes, which lie inside the source */
  read(start: number, length: number): Uint8Array;
}

export interface ModelFile {
  /** Starts every message; its base name is the model's where the file states none. */
  readonly name: string;
  readonly source: ByteSource;
  /**
   * A file by its path from this one, such as weights that stand apart; undefined where there is
   * none.
   */
  beside?(path: string): ByteSource | undefined;
}

export interface ReadOptions {
  /** Leave out what flopscope does not know, so that every total is a lower bound. */
  readonly allowUnknown?: boolean;
}

export const bytesSource = (bytes: Uint8Array): ByteSource => ({
  size: bytes.length,
  read: (start, length) => bytes.subarray(start, start + length),
});

/** The first bytes of a file, which tell its kind. */
export const headOf = ({ source }: ModelFile, length = 4096): Uint8Array =>
  source.read(0, Math.min(length, source.size));

const MIB = 2 ** 20;

/**
 * The whole file as UTF-8.
 * @param mostMib what no file of its kind passes
 * @throws InputError naming the file
 */
export function textOf({ name, source }: ModelFile, mostMib = 5): string {
  if (source.size > mostMib * MIB)
    throw new InputError(`${name}: ${source.size} bytes are more than the ${mostMib} MB that such a file may have`);
  return new TextDecoder().decode(source.read(0, source.size));
}
