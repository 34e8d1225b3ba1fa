// Where the bytes of an archive come from: memory, or a file of which only parts are read.

/** Bytes that are read where they are asked for. */
export interface Source {
  readonly size: number;
  /** @returns exactly these bytes, which lie inside the source */
  read(start: number, length: number): Uint8Array;
}
