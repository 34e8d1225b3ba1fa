// Lists the records of an HDF5 B-tree of version 2, which indexes attributes and long objects.

import { bytesFor, damaged, type Cursor } from './cursor.js';
import type { Hdf5File } from './hdf5File.js';

/** A node is 512 bytes, a tree of attributes two levels. */
const MOST_NODE_BYTES = 2 ** 20;
/** The root group of Keras has about ten attributes; each may cost a walk over the long objects. */
const MOST_RECORDS = 2_000;
const DEEPEST = 4;

interface Tree {
  readonly nodeSize: number;
  readonly recordSize: number;
}

/** Every record as a cursor over its bytes. */
export function* btreeRecords(file: Hdf5File, address: number): Generator<Cursor> {
  const head = file.upTo(address, 64);
  head.expect('BTHD');
  head.skip(2);
  const tree: Tree = { nodeSize: head.uint(4), recordSize: head.uint(2) };
  const depth = head.uint(2);
  head.skip(2);
  const [root, count] = [head.address(), head.uint(2)];
  if (tree.nodeSize > MOST_NODE_BYTES || tree.recordSize === 0 || tree.recordSize > tree.nodeSize || depth > DEEPEST)
    throw damaged('a B-tree has sizes that no file has');
  const seen = { records: 0 };
  if (count > 0) yield* recordsOf(file, tree, root, count, depth, seen);
}

function* recordsOf(
  file: Hdf5File,
  tree: Tree,
  address: number,
  count: number,
  depth: number,
  seen: { records: number },
): Generator<Cursor> {
  const node = file.upTo(address, tree.nodeSize);
  node.expect(depth === 0 ? 'BTLF' : 'BTIN');
  node.skip(2);
  seen.records += count;
  if (seen.records > MOST_RECORDS) throw damaged(`a B-tree has more than ${MOST_RECORDS} records`);
  for (let i = 0; i < count; i++) yield node.part(tree.recordSize);
  if (depth === 0) return;
  const counts = countSizes(tree, depth, file.addressSize);
  for (let i = 0; i <= count; i++) {
    const child = node.address();
    const records = node.uint(counts.child);
    if (depth > 1) node.skip(counts.all);
    // An empty child would let a damaged file loop at no cost.
    if (records === 0) throw damaged('a node of a B-tree is empty');
    yield* recordsOf(file, tree, child, records, depth - 1, seen);
  }
}

/** Bytes of the numbers beside an address: records of the child, and of everything below it. */
function countSizes(
  { nodeSize, recordSize }: Tree,
  depth: number,
  addressSize: number,
): { child: number; all: number } {
  let most = Math.floor((nodeSize - 10) / recordSize);
  const leafBytes = bytesFor(most);
  let total = most;
  let allBytes = 0;
  for (let level = 1; level < depth; level++) {
    const pointer = addressSize + leafBytes + allBytes;
    most = Math.floor((nodeSize - 10 - pointer) / (recordSize + pointer));
    total = (most + 1) * total + most;
    allBytes = bytesFor(total);
  }
  return { child: leafBytes, all: allBytes };
}
