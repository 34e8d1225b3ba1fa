// Where the bytes of a file come from: memory, or a file of which only the parts that are asked for are read.

export interface Source {
  readonly size: number;
  /** @returns exactly these bytes, which lie inside the source */
  read(start: number, length: number): Uint8Array;
}

export const bytesSource = (bytes: Uint8Array): Source => ({
  size: bytes.length,
  read: (start, length) => bytes.subarray(start, start + length),
});
