// Reads members of a zip archive by name, loading only the directory and those members.

import { InputError } from '../../inputError.js';
import { crc32 } from './crc32.js';
import { damaged } from './damaged.js';
import { LOCAL_LENGTH, type Member, membersIn } from './directory.js';
import { recordView } from './fields.js';
import { inflate } from './inflate.js';
import type { ByteSource } from '../modelFile.js';

export interface Archive {
  /** In the order of the directory. */
  readonly members: readonly Member[];
  /**
   * The bytes of one member.
   * @throws InputError where there is no such member, or for one that is damaged, encrypted, or
   * larger than `most` bytes
   */
  read(name: string, most?: number): Uint8Array;
  /** The same as text (UTF-8). */
  text(name: string, most?: number): string;
}

const LOCAL_SIGNATURE = 0x04034b50;
const STORED = 0;
const DEFLATED = 8;

/** Descriptions of networks have a few MiB. */
const MOST_BYTES = 128 * 2 ** 20;

/** Deflate packs at most this many bytes into one. */
const MOST_RATIO = 1040;

/**
 * @throws InputError for an archive that is damaged, that is spread over several files, or whose
 * members overlap
 */
export function openArchive(source: ByteSource): Archive {
  const members = membersIn(source);
  const byName = new Map(members.map((member) => [member.name, member]));
  const read = (name: string, most = MOST_BYTES): Uint8Array => {
    const member = byName.get(name);
    if (member === undefined) throw new InputError(`the zip archive has no member "${name}"`);
    return contentOf(source, member, most);
  };
  return { members, read, text: (name, most) => new TextDecoder().decode(read(name, most)) };
}

function contentOf(source: ByteSource, member: Member, most: number): Uint8Array {
  const { name, method, packed, size } = member;
  if (member.encrypted) throw new InputError(`"${name}" in the zip archive is encrypted: save it without a password`);
  if (method !== STORED && method !== DEFLATED)
    throw new InputError(`"${name}" in the zip archive is packed by method ${method}: store or deflate it`);
  if (Math.max(size, packed) > most)
    throw new InputError(
      `"${name}" in the zip archive has ${size} bytes (${packed} packed): at most ${most} bytes are read`,
    );
  if (method === STORED && packed !== size) throw damaged(`"${name}" has two sizes`);
  if (size > packed * MOST_RATIO) throw damaged(`"${name}" claims more bytes than deflate can pack`);
  const bytes = source.read(dataStart(source, member), packed);
  const content = method === STORED ? bytes : inflate(bytes, size, name);
  if (crc32(content) !== member.crc32) throw damaged(`the checksum of "${name}" does not match`);
  return content;
}

/**
 * The local header repeats the name, and has extra fields of its own length: PyTorch aligns its
 * members by them.
 */
function dataStart(source: ByteSource, { name, start, packed, limit }: Member): number {
  const view = recordView(source.read(start, LOCAL_LENGTH));
  if (view.getUint32(0, true) !== LOCAL_SIGNATURE) throw damaged(`"${name}" is not where it should be`);
  const data = start + LOCAL_LENGTH + view.getUint16(26, true) + view.getUint16(28, true);
  if (data + packed > limit) throw damaged(`"${name}" reaches into what follows it`);
  return data;
}
