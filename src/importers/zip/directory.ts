// Reads the directory of a zip archive: the name, the place and the sizes of each member.

import { InputError } from '../../inputError.js';
import { damaged } from './damaged.js';
import type { ByteSource } from '../modelFile.js';
import { endRecord, IN_ZIP64_32, type EndRecord } from './endRecord.js';
import { recordView, wideNumber } from './fields.js';

export interface Member {
  readonly name: string;
  /** 0 is stored, 8 is deflated. */
  readonly method: number;
  readonly encrypted: boolean;
  readonly crc32: number;
  /** Bytes in the archive. */
  readonly packed: number;
  /** Bytes once they are inflated. */
  readonly size: number;
  /** Where its local header starts. */
  readonly start: number;
  /** Where the next member or the directory starts: this one ends before it. */
  readonly limit: number;
}

const SIGNATURE = 0x02014b50;
const LENGTH = 46;
export const LOCAL_LENGTH = 30;
const ZIP64_FIELD = 1;

/** Past these an archive is no model, and listing it would take seconds. */
const MOST_MEMBERS = 100_000;
const MOST_BYTES = 32 * 2 ** 20;

/** Whether these first bytes of a file are those of a zip archive. */
export const isZip = (bytes: Uint8Array): boolean =>
  bytes.length >= 4 &&
  bytes[0] === 0x50 &&
  bytes[1] === 0x4b &&
  [0x0403, 0x0605].includes(bytes[2]! | (bytes[3]! << 8));

/**
 * All members of an archive. No other byte than the directory's is read.
 * @throws InputError for an archive that is damaged, or whose members overlap
 */
export function membersIn(source: ByteSource): readonly Member[] {
  const end = endRecord(source);
  demandSmall(end);
  return membersOf(source.read(end.start, end.length), end);
}

function demandSmall({ members, length }: EndRecord): void {
  if (members > MOST_MEMBERS || length > MOST_BYTES)
    throw new InputError(
      `the zip archive lists ${members} members in ${length} bytes: at most ${MOST_MEMBERS} members in ${MOST_BYTES} bytes are read`,
    );
}

/**
 * @param bytes the directory
 * @throws InputError for names that lead outside of the archive or stand twice, and for members
 * that overlap
 */
function membersOf(bytes: Uint8Array, { members: count, start: directory }: EndRecord): readonly Member[] {
  const members: Member[] = [];
  const names = new Set<string>();
  let at = 0;
  for (let i = 0; i < count; i++) {
    const { member, length } = memberAt(bytes, at, directory);
    demandSafe(member.name);
    if (names.has(member.name)) throw damaged(`it has two members "${member.name}"`);
    names.add(member.name);
    members.push(member);
    at += length;
  }
  return withLimits(members);
}

function memberAt(bytes: Uint8Array, at: number, directory: number): { member: Member; length: number } {
  if (at + LENGTH > bytes.length) throw damaged('the list of its members ends too early');
  const view = recordView(bytes.subarray(at));
  if (view.getUint32(0, true) !== SIGNATURE) throw damaged('the list of its members has a strange entry');
  const [nameLength, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(offset, true)) as [
    number,
    number,
    number,
  ];
  const length = LENGTH + nameLength + extra + comment;
  if (at + length > bytes.length) throw damaged('the list of its members ends too early');
  const name = new TextDecoder().decode(bytes.subarray(at + LENGTH, at + LENGTH + nameLength));
  const extraBytes = bytes.subarray(at + LENGTH + nameLength, at + LENGTH + nameLength + extra);
  const [size, packed, start] = placesOf(view, extraBytes);
  if (start + LOCAL_LENGTH + nameLength + packed > directory) throw damaged(`"${name}" ends outside of it`);
  const member: Member = {
    name,
    method: view.getUint16(10, true),
    encrypted: (view.getUint16(8, true) & 1) === 1,
    crc32: view.getUint32(16, true),
    packed,
    size,
    start,
    limit: directory,
  };
  return { member, length };
}

/**
 * Size, packed size and start. Those that 32 bits do not hold stand in the extra field of zip64, in
 * this order.
 */
function placesOf(view: DataView, extra: Uint8Array): [size: number, packed: number, start: number] {
  const narrow = [24, 20, 42].map((offset) => view.getUint32(offset, true));
  const field = narrow.includes(IN_ZIP64_32) ? zip64Field(extra) : undefined;
  let at = 0;
  const places = narrow.map((value) => {
    if (value !== IN_ZIP64_32 || field === undefined) return value;
    if (at + 8 > field.byteLength) throw damaged('a zip64 field is too short');
    at += 8;
    return wideNumber(field, at - 8);
  });
  return places as [number, number, number];
}

function zip64Field(extra: Uint8Array): DataView | undefined {
  const view = recordView(extra);
  for (let at = 0; at + 4 <= extra.length;) {
    const length = view.getUint16(at + 2, true);
    if (at + 4 + length > extra.length) return undefined;
    if (view.getUint16(at, true) === ZIP64_FIELD) return recordView(extra.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return undefined;
}

function demandSafe(name: string): void {
  const outside = /^[/\\]|^[A-Za-z]:|\p{Cc}/u.test(name) || name.split(/[/\\]/).includes('..');
  if (name === '' || outside)
    throw new InputError(
      `the zip archive has a member named ${JSON.stringify(name)}, which leads outside of it or cannot be shown: no exporter writes that`,
    );
}

/** Each member with the place where the next one starts, in the order of the directory. */
function withLimits(members: readonly Member[]): readonly Member[] {
  const order = members.map((_, i) => i).sort((a, b) => members[a]!.start - members[b]!.start);
  const limits = new Map<number, number>();
  for (let i = 0; i + 1 < order.length; i++) {
    const [member, next] = [members[order[i]!]!, members[order[i + 1]!]!];
    if (member.start + LOCAL_LENGTH + member.packed > next.start)
      throw new InputError(
        `the zip archive is damaged or was made to mislead: its members "${member.name}" and "${next.name}" overlap`,
      );
    limits.set(order[i]!, next.start);
  }
  return members.map((member, i) => ({ ...member, limit: limits.get(i) ?? member.limit }));
}
