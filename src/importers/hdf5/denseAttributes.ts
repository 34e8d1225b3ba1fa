// Lists attributes outside of an object header: large or many ones lie in a fractal heap.

import { btreeRecords } from './btree.js';
import { bytesFor, damaged, type Cursor } from './cursor.js';
import type { Hdf5File } from './hdf5File.js';

/**
 * What an undefined address looks like once it is read: all bits set, which is past 2^53 or 2^32 -
 * 1.
 */
const isDefined = (address: number): boolean => address < 2 ** 32 - 1 || (address > 2 ** 32 && address < Infinity);

/** Longer ones hold no configuration of a network. */
const LONGEST = 2 ** 26;

interface Heap {
  readonly offsetSize: number;
  readonly objectLengthSize: number;
  readonly huge: number;
  readonly width: number;
  readonly startSize: number;
  readonly mostDirect: number;
  readonly root: number;
  /** Rows of the root block; 0 where it is a direct block itself. */
  readonly rows: number;
}

/** @param body an attribute info message */
export function* denseAttributes(file: Hdf5File, body: Cursor): Generator<Cursor> {
  body.skip(1);
  if (body.uint(1) & 1) body.skip(2);
  const [heapAddress, names] = [body.address(), body.address()];
  if (!isDefined(heapAddress) || !isDefined(names)) return;
  const heap = heapAt(file, heapAddress);
  for (const record of btreeRecords(file, names)) {
    // A record begins with the heap's identifier of the attribute, of eight bytes.
    yield objectOf(file, heap, record.part(8));
  }
}

function heapAt(file: Hdf5File, address: number): Heap {
  const head = file.upTo(address, 256);
  head.expect('FRHP');
  head.skip(3);
  if (head.uint(2) !== 0) throw damaged('its attributes are compressed');
  head.skip(1);
  const mostManaged = head.uint(4);
  head.length();
  const huge = head.address();
  head.length();
  head.address();
  for (let i = 0; i < 8; i++) head.length();
  const width = head.uint(2);
  const [startSize, mostDirect] = [head.length(), head.length()];
  const offsetSize = Math.ceil(head.uint(2) / 8);
  head.skip(2);
  const [root, rows] = [head.address(), head.uint(2)];
  if (width === 0 || startSize === 0 || offsetSize === 0 || offsetSize > 8)
    throw damaged('a fractal heap has no sizes');
  return {
    offsetSize,
    objectLengthSize: bytesFor(Math.min(mostManaged, mostDirect)),
    huge,
    width,
    startSize,
    mostDirect,
    root,
    rows,
  };
}

function objectOf(file: Hdf5File, heap: Heap, id: Cursor): Cursor {
  const kind = (id.uint(1) >> 4) & 3;
  if (kind === 0) {
    const offset = id.uint(heap.offsetSize);
    const length = id.uint(heap.objectLengthSize);
    return file.at(addressOf(file, heap, offset), checkedLength(length));
  }
  if (kind !== 1) throw damaged('an attribute lies in an identifier');
  const wanted = id.uint(Math.min(7, file.lengthSize));
  for (const record of btreeRecords(file, heap.huge)) {
    const [address, length] = [record.address(), record.length()];
    if (record.length() === wanted) return file.at(address, checkedLength(length));
  }
  throw damaged('an attribute is not in its heap');
}

/** Where a byte of the heap's own address space lies: blocks of doubling size, rows of `width`. */
function addressOf(file: Hdf5File, heap: Heap, offset: number): number {
  if (heap.rows === 0) return heap.root + offset;
  const block = file.upTo(
    heap.root,
    5 + file.addressSize + heap.offsetSize + heap.rows * heap.width * file.addressSize,
  );
  block.expect('FHIB');
  block.skip(1 + file.addressSize + heap.offsetSize);
  let start = 0;
  for (let row = 0; row < heap.rows; row++) {
    const size = heap.startSize * 2 ** Math.max(0, row - 1);
    if (size > heap.mostDirect) break;
    for (let column = 0; column < heap.width; column++) {
      const address = block.address();
      if (offset < start + size) return address + offset - start;
      start += size;
    }
  }
  throw damaged('a fractal heap has more levels than are read');
}

function checkedLength(length: number): number {
  if (length > LONGEST) throw damaged(`an attribute has ${length} bytes`);
  return length;
}
