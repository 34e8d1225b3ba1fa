// Writes small zip archives for tests: sound ones, and ones whose records lie.

import { crc32, deflateRawSync } from 'node:zlib';

export interface Part {
  readonly name: string;
  readonly content: string | Uint8Array;
  readonly deflate?: boolean;
  /** What the directory says instead of the truth. */
  readonly claims?: { size?: number; packed?: number; start?: number; crc32?: number; method?: number; flags?: number };
  /** Bytes of padding in the local header's extra field. */
  readonly padding?: number;
  /** Sizes and the start stand in an extra field of zip64. */
  readonly wide?: boolean;
}

export interface Ending {
  readonly comment?: string;
  /** The end record is one of zip64. */
  readonly wide?: boolean;
  readonly members?: number;
}

const WIDE = 0xffffffff;

export function zipOf(parts: readonly Part[], ending: Ending = {}): Uint8Array {
  const chunks: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  const push = (bytes: Buffer): void => {
    chunks.push(bytes);
    at += bytes.length;
  };
  for (const part of parts) {
    const content = Buffer.from(part.content);
    const packed = part.deflate ? deflateRawSync(content) : content;
    const name = Buffer.from(part.name);
    const known = {
      size: content.length,
      packed: packed.length,
      start: at,
      crc32: crc32(content),
      method: part.deflate ? 8 : 0,
      flags: 0,
      ...part.claims,
    };
    directory.push(entry(name, known, part.wide ?? false));
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(known.method, 8);
    local.writeUInt16LE(name.length, 26);
    local.writeUInt16LE(part.padding ?? 0, 28);
    push(Buffer.concat([local, name, Buffer.alloc(part.padding ?? 0), packed]));
  }
  const start = at;
  push(Buffer.concat(directory));
  const length = at - start;
  const members = ending.members ?? parts.length;
  if (ending.wide) push(wideEnd(members, start, length, at));
  push(end(ending, members, start, length));
  return new Uint8Array(Buffer.concat(chunks));
}

function entry(
  name: Buffer,
  known: { size: number; packed: number; start: number; crc32: number; method: number; flags: number },
  wide: boolean,
): Buffer {
  const extra = wide ? Buffer.alloc(28) : Buffer.alloc(0);
  if (wide) {
    extra.writeUInt16LE(1, 0);
    extra.writeUInt16LE(24, 2);
    [known.size, known.packed, known.start].forEach((value, i) => extra.writeBigUInt64LE(BigInt(value), 4 + i * 8));
  }
  const record = Buffer.alloc(46);
  record.writeUInt32LE(0x02014b50, 0);
  record.writeUInt16LE(known.flags, 8);
  record.writeUInt16LE(known.method, 10);
  record.writeUInt32LE(known.crc32, 16);
  record.writeUInt32LE(wide ? WIDE : known.packed, 20);
  record.writeUInt32LE(wide ? WIDE : known.size, 24);
  record.writeUInt16LE(name.length, 28);
  record.writeUInt16LE(extra.length, 30);
  record.writeUInt32LE(wide ? WIDE : known.start, 42);
  return Buffer.concat([record, name, extra]);
}

function wideEnd(members: number, start: number, length: number, at: number): Buffer {
  const record = Buffer.alloc(56 + 20);
  record.writeUInt32LE(0x06064b50, 0);
  [members, members, length, start].forEach((value, i) => record.writeBigUInt64LE(BigInt(value), 24 + i * 8));
  record.writeUInt32LE(0x07064b50, 56);
  record.writeBigUInt64LE(BigInt(at), 56 + 8);
  return record;
}

function end({ comment = '', wide }: Ending, members: number, start: number, length: number): Buffer {
  const record = Buffer.alloc(22);
  record.writeUInt32LE(0x06054b50, 0);
  record.writeUInt16LE(wide ? 0xffff : members, 10);
  record.writeUInt32LE(wide ? WIDE : length, 12);
  record.writeUInt32LE(wide ? WIDE : start, 16);
  record.writeUInt16LE(comment.length, 20);
  return Buffer.concat([record, Buffer.from(comment)]);
}
