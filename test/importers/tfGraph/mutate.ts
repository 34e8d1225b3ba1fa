// Spoils graphs of TensorFlow in seeded ways: ops, references, sides and lists change, or bytes of the file do.

import { encodeBy } from '../../../src/exporters/onnx/writeMessage.js';
import { bytesSource } from '../../../src/importers/modelFile.js';
import { readMessage } from '../../../src/importers/protobuf/readMessage.js';
import { MESSAGES } from '../../../src/importers/tfGraph/messages.js';
import { change, randomOf, spoiltBytes, writable, type Random, type Tree } from '../onnx/mutate.js';
import {
  call,
  conv,
  frozen,
  functionNamed,
  node,
  numbers,
  placeholder,
  savedModel,
  variable,
  weight,
  type Body,
} from './graphBytes.js';

const INNER: Body = {
  name: 'inner',
  inputs: ['image', 'filter_of'],
  returns: { identity: 'Identity:output:0' },
  nodes: [
    node('read', 'ReadVariableOp', ['filter_of']),
    conv('conv', 'image', 'read:value:0', 2),
    node('relu', 'Relu', ['conv:output:0']),
    numbers('axes', 1, 2),
    node('pool', 'Mean', ['relu:activations:0', 'axes:output:0']),
    node('Identity', 'Identity', ['pool:output:0']),
  ],
};
/** Counts to a limit; each run multiplies one tensor of a list. */
const LOOP: readonly Body[] = [
  {
    ...{ name: 'goes on', inputs: ['i', 'list', 'limit', 'filter'], returns: { less: 'less:z:0' } },
    nodes: [node('less', 'Less', ['i', 'limit'])],
  },
  {
    name: 'round',
    inputs: ['i', 'list', 'limit', 'filter'],
    returns: { next: 'sum:z:0', set: 'set:output_handle:0', limit: 'limit', filter: 'filter' },
    nodes: [
      ...[numbers('one', 1), node('sum', 'AddV2', ['i', 'one:output:0']), numbers('shape', 1, 8)],
      node('item', 'TensorListGetItem', ['list', 'i', 'shape:output:0']),
      node('product', 'MatMul', ['item:item:0', 'filter']),
      node('set', 'TensorListSetItem', ['list', 'i', 'product:product:0']),
    ],
  },
];
const IMAGE = placeholder('x', [null, 16, 16, 3]);

/** Shape arithmetic, a function that is called twice in a SavedModel, and a loop. */
export const GRAPHS: readonly Uint8Array[] = [
  frozen([
    IMAGE,
    weight('filter', 3, 3, 3, 4),
    conv('conv', 'x', 'filter', 2),
    node('shape', 'Shape', ['conv']),
    numbers('from', 0),
    numbers('to', 1),
    numbers('step', 1),
    node('batch', 'StridedSlice', ['shape', 'from', 'to', 'step'], { shrink_axis_mask: { i: 1 } }),
    numbers('rest', 256),
    node('rest0', 'Reshape', ['rest', 'none']),
    numbers('none'),
    node('sides', 'Pack', ['batch', 'rest0']),
    node('flat', 'Reshape', ['conv', 'sides']),
    weight('kernel', 256, 10),
    node('product', 'MatMul', ['flat', 'kernel']),
    node('scores', 'Softmax', ['product']),
  ]),
  savedModel(
    [
      IMAGE,
      ...variable('filter', 3, 3, 3, 4),
      call('once', 'inner', ['x', 'filter']),
      call('twice', 'inner', ['x', 'filter']),
      node('sum', 'AddV2', ['once', 'twice']),
    ],
    [INNER],
    { serving_default: { inputs: { x: 'x:0' }, outputs: { sum: 'sum:0' } } },
  ),
  frozen(
    [
      placeholder('x', [3, 1, 8]),
      ...[weight('filter', 8, 8), numbers('zero', 0), numbers('three', 3), numbers('shape', 1, 8)],
      node('list', 'TensorListFromTensor', ['x', 'shape']),
      node('while', 'While', ['zero', 'list', 'three', 'filter'], {
        ...{ cond: functionNamed('goes on'), body: functionNamed('round') },
      }),
      node('stack', 'TensorListStack', ['while:1', 'shape']),
      node('scores', 'Softmax', ['stack']),
    ],
    LOOP,
  ),
];

const OPS = [
  ...['Relu', 'AddV2', 'Reshape', 'Transpose', 'ConcatV2', 'MaxPool', 'MatMul', 'StridedSlice', 'Identity', 'Pack'],
  ...[
    'Softmax',
    'Mean',
    'Squeeze',
    'Shape',
    'Placeholder',
    'Const',
    'PartitionedCall',
    'StatelessWhile',
    'StatelessIf',
  ],
  ...['TensorListReserve', 'TensorListStack', 'TensorListGetItem', 'TensorListPopBack', 'While', 'Less', 'Fill'],
  ...['Switch', 'Merge', 'Enter', 'Exit', 'NextIteration', 'LoopCond', 'Split', 'Tile', 'Pad', 'MyOp'],
];

/** One to three changes of one of the files, the same for the same seed. */
export function mutant(files: readonly Uint8Array[], seed: number): Uint8Array {
  const random = randomOf(seed);
  const bytes = files[random(files.length)]!;
  return random(3) > 0 ? structured(bytes, random) : spoiltBytes(bytes, random, files);
}

function structured(bytes: Uint8Array, random: Random): Uint8Array {
  const message = bytes[0] === 0x08 ? 'SavedModel' : 'Graph';
  try {
    const graph = writable(readMessage(bytesSource(bytes), MESSAGES, message)) as Tree;
    for (let left = 1 + random(3); left > 0; left--)
      change(graph, random, { op: 'op', ops: OPS, names: namesIn(bytes) });
    return encodeBy(MESSAGES, message, graph);
  } catch {
    // What is damaged already, or too large to be written, stays as it is.
    return bytes;
  }
}

const names = new WeakMap<Uint8Array, readonly string[]>();

/** What looks like a reference in a file. */
function namesIn(bytes: Uint8Array): readonly string[] {
  const known = names.get(bytes);
  if (known) return known;
  const text = new TextDecoder('latin1').decode(bytes);
  const found = [...new Set(text.match(/[A-Za-z_][A-Za-z0-9_/:]{0,40}/g) ?? ['x'])].slice(0, 500);
  names.set(bytes, found);
  return found;
}
