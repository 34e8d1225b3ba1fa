// Writes a protobuf message as bytes, in the order of the field numbers.

import protobuf from 'protobufjs/minimal.js';
import { MESSAGES, type MessageName } from '../../importers/onnx/messages.js';
import type { FieldRow, MessageTable } from '../../importers/protobuf/message.js';

interface Scalars {
  readonly int: number;
  readonly float: number;
  readonly double: number;
  readonly text: string;
  readonly bytes: Uint8Array;
}
type FieldValue<K> = K extends keyof Scalars ? Scalars[K] : K extends MessageName ? Written<K> : never;

/** A message as plain data. Absent fields are not written. */
export type Written<M extends MessageName> = {
  readonly [F in keyof (typeof MESSAGES)[M]]?: (typeof MESSAGES)[M][F] extends { many: infer R; kind: infer K }
    ? R extends true
      ? readonly FieldValue<K>[]
      : FieldValue<K>
    : never;
};

const [VARINT, FIXED64, LENGTH, FIXED32] = [0, 1, 2, 5] as const;

/** @returns the fields of the message, without a length before them */
export function encode<M extends MessageName>(name: M, message: Written<M>): Uint8Array {
  return encodeBy(MESSAGES, name, message);
}

/** A message of any table, such as a graph of TensorFlow. */
export function encodeBy(table: MessageTable, name: string, message: object): Uint8Array {
  const to = protobuf.Writer.create();
  writeFields(to, table, name, message);
  return to.finish();
}

/** One field of a message: its key, its length and what it holds. */
export const field = (number: number, content: Uint8Array): Uint8Array =>
  protobuf.Writer.create().uint32(keyOf(number, LENGTH)).bytes(content).finish();

/** The header before `length` bytes of a field that are written separately. */
export const opening = (number: number, length: number): Uint8Array =>
  protobuf.Writer.create().uint32(keyOf(number, LENGTH)).uint32(length).finish();

function writeFields(to: protobuf.Writer, table: MessageTable, name: string, message: object): void {
  for (const [key, row] of Object.entries(table[name]!)) {
    const value = (message as Readonly<Record<string, unknown>>)[key];
    if (value === undefined) continue;
    for (const item of row.many ? (value as readonly unknown[]) : [value]) writeOne(to, table, row, item);
  }
}

function writeOne(to: protobuf.Writer, table: MessageTable, { number, kind }: FieldRow, value: unknown): void {
  switch (kind) {
    case 'int':
      to.uint32(keyOf(number, VARINT)).int64(value as number);
      return;
    case 'float':
      to.uint32(keyOf(number, FIXED32)).float(value as number);
      return;
    case 'double':
      to.uint32(keyOf(number, FIXED64)).double(value as number);
      return;
    case 'unread':
      return;
    case 'text':
      to.uint32(keyOf(number, LENGTH)).string(value as string);
      return;
    case 'bytes':
      to.uint32(keyOf(number, LENGTH)).bytes(value as Uint8Array);
      return;
    default:
      writeFields(to.uint32(keyOf(number, LENGTH)).fork(), table, kind, value as object);
      to.ldelim();
  }
}

const keyOf = (number: number, wire: number): number => number * 8 + wire;
