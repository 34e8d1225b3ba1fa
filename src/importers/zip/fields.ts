// The little-endian numbers in the records of a zip archive.

import { damaged } from './damaged.js';

/** A view of one record, whose numbers are read at their offsets. */
export const recordView = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** A number of 64 bits. No size or offset of a real file passes 2^53. */
export function wideNumber(view: DataView, at: number): number {
  const value = view.getBigUint64(at, true);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw damaged('a size or an offset passes 2^53');
  return Number(value);
}
