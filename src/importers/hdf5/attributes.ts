// Finds an attribute of text at the root of an HDF5 file, of fixed or of variable length.

import { InputError } from '../../inputError.js';
import { damaged, type Cursor } from './cursor.js';
import { denseAttributes } from './denseAttributes.js';
import type { Hdf5File } from './hdf5File.js';
import { ATTRIBUTE, ATTRIBUTE_INFO, messagesOf } from './objectHeader.js';

/** Classes of datatypes. */
const TEXT = 3;
const VARIABLE_LENGTH = 9;
/** The config of the largest applications is 1 MB. */
const LONGEST_TEXT = 2 ** 26;

const utf8 = new TextDecoder();

interface Attribute {
  readonly name: string;
  readonly datatype: Cursor;
  readonly data: Cursor;
}

/**
 * Texts of the attributes with these names, in one walk over the root group.
 * @throws InputError where the file is damaged
 */
export function rootTexts(file: Hdf5File, names: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const look = (body: Cursor): void => {
    const attribute = attributeIn(body);
    if (attribute && names.includes(attribute.name) && !found.has(attribute.name))
      found.set(attribute.name, textOf(file, attribute));
  };
  const messages = messagesOf(file, file.root);
  for (const { type, body } of messages) if (type === ATTRIBUTE) look(body);
  // A header names the place of its other attributes once.
  const outside = messages.find(({ type }) => type === ATTRIBUTE_INFO);
  if (outside) for (const stored of denseAttributes(file, outside.body)) look(stored);
  return found;
}

/**
 * Versions 1 to 3; undefined where its type is shared with another object, which Keras never
 * writes.
 */
function attributeIn(body: Cursor): Attribute | undefined {
  const [version, flags] = [body.uint(1), body.uint(1)];
  if (version < 1 || version > 3) throw damaged(`an attribute has version ${version}`);
  const [nameSize, typeSize, spaceSize] = [body.uint(2), body.uint(2), body.uint(2)];
  if (version === 3) body.skip(1);
  // Version 1 fills each part up to a multiple of eight bytes.
  const filled = (size: number): number => (version === 1 ? Math.ceil(size / 8) * 8 : size);
  const name = textUntilNul(body.take(filled(nameSize)).subarray(0, nameSize));
  const datatype = body.part(filled(typeSize));
  body.skip(filled(spaceSize));
  return version > 1 && (flags & 1) !== 0 ? undefined : { name, datatype, data: body };
}

function textOf(file: Hdf5File, { name, datatype, data }: Attribute): string {
  const kind = datatype.uint(1) & 15;
  const bits = datatype.uint(3);
  const size = datatype.uint(4);
  if (kind === TEXT) return textUntilNul(data.take(checkedLength(name, size)));
  if (kind === VARIABLE_LENGTH && (bits & 15) === 1) {
    const length = checkedLength(name, data.uint(4));
    const [collection, index] = [data.address(), data.uint(4)];
    return length === 0 ? '' : textUntilNul(heapObject(file, collection, index).subarray(0, length));
  }
  throw new InputError(`its attribute ${name} is not a text`);
}

/** An object of a global heap: a collection of numbered objects, each filled up to eight bytes. */
function heapObject(file: Hdf5File, address: number, index: number): Uint8Array {
  const head = file.upTo(address, 32);
  head.expect('GCOL');
  head.skip(4);
  const heap = file.at(address, checkedLength('heap', head.length()));
  heap.skip(head.position);
  while (heap.left >= 8 + file.lengthSize) {
    const number = heap.uint(2);
    heap.skip(6);
    const size = heap.length();
    if (number === index) return heap.take(size);
    // Number 0 is the free space, which ends it.
    if (number === 0) break;
    heap.skip(Math.ceil(size / 8) * 8);
  }
  throw damaged(`its global heap has no object ${index}`);
}

function checkedLength(name: string, size: number): number {
  if (size > LONGEST_TEXT)
    throw new InputError(`its attribute ${name} has ${size} bytes, and at most ${LONGEST_TEXT} are read`);
  return size;
}

function textUntilNul(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return utf8.decode(end < 0 ? bytes : bytes.subarray(0, end));
}
