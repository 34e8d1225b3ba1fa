// Lists the messages of an HDF5 object header, of version 1 or 2, with its continuation blocks.

import { damaged, type Cursor } from './cursor.js';
import type { Hdf5File } from './hdf5File.js';

export interface HeaderMessage {
  readonly type: number;
  readonly body: Cursor;
}

/** Types of messages. */
export const ATTRIBUTE = 0x0c;
export const ATTRIBUTE_INFO = 0x15;
const CONTINUATION = 0x10;

/** A root group of Keras has about ten messages; a header is a few hundred bytes. */
const MOST_MESSAGES = 10_000;
const MOST_BLOCKS = 1_000;
const MOST_BLOCK_BYTES = 2 ** 24;

interface Layout {
  readonly version: 1 | 2;
  /** Version 2 may number its messages in order of creation. */
  readonly hasOrder: boolean;
}

/** @throws InputError where the header is damaged or has more parts than any group of Keras */
export function messagesOf(file: Hdf5File, address: number): readonly HeaderMessage[] {
  const { layout, block } = firstBlock(file, address);
  const messages: HeaderMessage[] = [];
  const blocks = [block];
  for (let next = 0; next < blocks.length; next++) {
    if (blocks.length > MOST_BLOCKS) throw damaged(`a header has more than ${MOST_BLOCKS} blocks`);
    for (const message of messagesIn(blocks[next]!, layout)) {
      if (messages.push(message) > MOST_MESSAGES) throw damaged(`a header has more than ${MOST_MESSAGES} messages`);
      if (message.type === CONTINUATION) blocks.push(continued(file, message.body, layout));
    }
  }
  return messages;
}

function firstBlock(file: Hdf5File, address: number): { readonly layout: Layout; readonly block: Cursor } {
  const start = file.upTo(address, 64);
  const version = start.uint(1);
  if (version === 1) {
    start.skip(7);
    const size = start.uint(4);
    return { layout: { version: 1, hasOrder: false }, block: file.at(address + 16, checkedLength(size)) };
  }
  start.position = 0;
  start.expect('OHDR');
  const [second, flags] = [start.uint(1), start.uint(1)];
  if (second !== 2) throw damaged(`an object header has version ${second}, and 1 and 2 are read`);
  // Bit 5: four times. Bit 4: two limits of attributes. Bits 0 and 1: the bytes of the size.
  if (flags & 32) start.skip(16);
  if (flags & 16) start.skip(4);
  const size = start.uint(2 ** (flags & 3));
  return {
    layout: { version: 2, hasOrder: (flags & 4) !== 0 },
    block: file.at(address + start.position, checkedLength(size)),
  };
}

function continued(file: Hdf5File, body: Cursor, { version }: Layout): Cursor {
  const [address, length] = [body.address(), checkedLength(body.length())];
  const block = file.at(address, length);
  if (version === 1) return block;
  block.expect('OCHK');
  // A checksum of four bytes ends it.
  return block.part(Math.max(0, block.left - 4));
}

function* messagesIn(block: Cursor, { version, hasOrder }: Layout): Generator<HeaderMessage> {
  const head = version === 1 ? 8 : hasOrder ? 6 : 4;
  while (block.left >= head) {
    const type = block.uint(version === 1 ? 2 : 1);
    const size = block.uint(2);
    block.skip(head - (version === 1 ? 4 : 3));
    yield { type, body: block.part(size) };
  }
}

function checkedLength(size: number): number {
  if (size > MOST_BLOCK_BYTES) throw damaged(`a header says that it has ${size} bytes`);
  return size;
}
