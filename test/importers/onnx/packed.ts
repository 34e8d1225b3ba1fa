// How would another exporter write the same file? With the numbers of each list packed into one field, as proto3 does.

import protobuf from 'protobufjs/minimal.js';
import { MESSAGES, type MessageName } from '../../../src/importers/onnx/messages.js';

const LENGTH = 2;

interface Field {
  readonly number: number;
  readonly kind: string;
  readonly many: boolean;
}

/** The same message, every list of numbers packed; fields that the table does not know are kept as they are. */
export function packed(bytes: Uint8Array, name: MessageName = 'Model'): Uint8Array {
  const reader = protobuf.Reader.create(bytes);
  const parts: Uint8Array[] = [];
  const fields = Object.values<Field>(MESSAGES[name]);
  const lists = new Map<number, Uint8Array[]>();
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const key = reader.uint32();
    const [number, encoding] = [key >>> 3, key & 7];
    const field = fields.find((one) => one.number === number);
    const from = reader.pos;
    if (encoding === LENGTH && field && Object.hasOwn(MESSAGES, field.kind)) {
      parts.push(delimited(key, packed(reader.bytes(), field.kind as MessageName)));
      continue;
    }
    reader.skipType(encoding);
    const raw = bytes.subarray(from, reader.pos);
    if (field?.many && encoding !== LENGTH) lists.set(number, [...(lists.get(number) ?? []), raw]);
    else parts.push(bytes.subarray(start, reader.pos));
  }
  for (const [number, values] of lists) parts.push(delimited((number << 3) | LENGTH, Buffer.concat(values)));
  return Buffer.concat(parts);
}

const delimited = (key: number, content: Uint8Array): Uint8Array =>
  protobuf.Writer.create().uint32(key).bytes(content).finish();
