// Writes small HDF5 files for tests: a root group with attributes of text, in old and new form.

export interface Text {
  readonly name: string;
  readonly text: string;
}

/** Bytes in little-endian order. */
class Bytes {
  readonly list: number[] = [];

  uint(value: number, size: number): this {
    for (let i = 0, rest = value; i < size; i++, rest = Math.floor(rest / 256)) this.list.push(rest % 256);
    return this;
  }

  text(text: string): this {
    this.list.push(...new TextEncoder().encode(text));
    return this;
  }

  add(bytes: readonly number[]): this {
    this.list.push(...bytes);
    return this;
  }

  /** Zeros up to a multiple of eight. */
  fill(): this {
    while (this.list.length % 8 !== 0) this.list.push(0);
    return this;
  }
}

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
export const UNDEFINED = [255, 255, 255, 255, 255, 255, 255, 255];

/** A datatype of text with a fixed length. */
const fixedText = (length: number): readonly number[] => new Bytes().uint(0x13, 1).uint(0, 3).uint(length, 4).list;
/** One of a variable length: the text itself lies in a global heap. */
const openText: readonly number[] = new Bytes().uint(0x19, 1).uint(0x01, 3).uint(16, 4).add(fixedText(1)).list;
/** A single value. */
const SCALAR = [1, 0, 0, 0, 0, 0, 0, 0];

/** An attribute message of version 1, whose parts are filled up to eight bytes each. */
function attribute(name: string, type: readonly number[], data: readonly number[]): readonly number[] {
  const title = new TextEncoder().encode(`${name}\0`);
  const head = new Bytes().uint(1, 1).uint(0, 1).uint(title.length, 2).uint(type.length, 2).uint(SCALAR.length, 2);
  const padded = (part: ArrayLike<number>): readonly number[] => new Bytes().add(Array.from(part)).fill().list;
  return head.add(padded(title)).add(padded(type)).add(SCALAR).add(data).list;
}

interface Message {
  readonly type: number;
  readonly body: readonly number[];
}

/** What is in bytes 96 and on: the object header of the root. Everything else stands behind it. */
const ROOT = 96;
const HEADER = 16;

function header(messages: readonly Message[]): readonly number[] {
  const body = new Bytes();
  for (const message of messages) {
    const padded = new Bytes().add(message.body).fill().list;
    body.uint(message.type, 2).uint(padded.length, 2).uint(0, 4).add(padded);
  }
  return new Bytes()
    .uint(1, 1)
    .uint(0, 1)
    .uint(messages.length, 2)
    .uint(1, 4)
    .uint(body.list.length, 4)
    .uint(0, 4)
    .add(body.list).list;
}

/** Superblock of version 0, with addresses and lengths of eight bytes. */
const superblock = (size: number): readonly number[] =>
  new Bytes()
    .add(SIGNATURE)
    .add([0, 0, 0, 0, 0, 8, 8, 0])
    .uint(4, 2)
    .uint(16, 2)
    .uint(0, 4)
    .uint(0, 8)
    .add(UNDEFINED)
    .uint(size, 8)
    .add(UNDEFINED)
    .uint(0, 8)
    .uint(ROOT, 8)
    .uint(0, 24).list;

const ATTRIBUTE = 12;
const CONTINUATION = 16;

const fileOf = (messages: readonly Message[], behind: readonly number[]): Uint8Array => {
  const root = header(messages);
  const size = ROOT + root.length + behind.length;
  return new Uint8Array([...superblock(size), ...root, ...behind]);
};

/** Texts of fixed length in the header itself. */
export const withFixedTexts = (texts: readonly Text[]): Uint8Array =>
  fileOf(
    texts.map(({ name, text }) => {
      const bytes = Array.from(new TextEncoder().encode(text));
      return { type: ATTRIBUTE, body: attribute(name, fixedText(bytes.length), bytes) };
    }),
    [],
  );

/** Where the heap stands behind a header with one message of so many bytes. */
const heapAt = (body: readonly number[]): number => ROOT + HEADER + 8 + Math.ceil(body.length / 8) * 8;

/** One text in a global heap. @param address of the heap, where it is not the true one */
export function withOpenText({ name, text }: Text, address?: number): Uint8Array {
  const bytes = Array.from(new TextEncoder().encode(text));
  const point = (heap: number): readonly number[] => new Bytes().uint(bytes.length, 4).uint(heap, 8).uint(1, 4).list;
  const body = (heap: number): readonly number[] => attribute(name, openText, point(heap));
  const object = new Bytes().uint(1, 2).uint(1, 2).uint(0, 4).uint(bytes.length, 8).add(bytes).fill().list;
  const heap = new Bytes()
    .text('GCOL')
    .uint(1, 4)
    .uint(16 + object.length + 16, 8)
    .add(object)
    .uint(0, 16).list;
  return fileOf([{ type: ATTRIBUTE, body: body(address ?? heapAt(body(0))) }], heap);
}

/** The attribute stands in a second block, or at the address that is given. */
export function withContinuation({ name, text }: Text, place?: { address: number; length: number }): Uint8Array {
  const bytes = Array.from(new TextEncoder().encode(text));
  const body = new Bytes().add(attribute(name, fixedText(bytes.length), bytes)).fill().list;
  const block = new Bytes().uint(ATTRIBUTE, 2).uint(body.length, 2).uint(0, 4).add(body).list;
  const { address, length } = place ?? { address: ROOT + HEADER + 8 + 16, length: block.length };
  return fileOf([{ type: CONTINUATION, body: new Bytes().uint(address, 8).uint(length, 8).list }], block);
}

/** Superblock and header of version 2, and an attribute of version 3. */
export function inNewForm({ name, text }: Text): Uint8Array {
  const bytes = Array.from(new TextEncoder().encode(text));
  const title = Array.from(new TextEncoder().encode(`${name}\0`));
  const type = fixedText(bytes.length);
  const space = [2, 0, 0, 0];
  const body = new Bytes()
    .uint(3, 1)
    .uint(0, 1)
    .uint(title.length, 2)
    .uint(type.length, 2)
    .uint(space.length, 2)
    .uint(1, 1);
  body.add(title).add(type).add(space).add(bytes);
  const message = new Bytes().uint(ATTRIBUTE, 1).uint(body.list.length, 2).uint(0, 1).add(body.list).list;
  const root = new Bytes().text('OHDR').uint(2, 1).uint(2, 1).uint(message.length, 4).add(message).uint(0, 4).list;
  const start = 48;
  const top = new Bytes()
    .add(SIGNATURE)
    .add([2, 8, 8, 0])
    .uint(0, 8)
    .add(UNDEFINED)
    .uint(start + root.length, 8);
  return new Uint8Array([...top.uint(start, 8).uint(0, 4).list, ...root]);
}
