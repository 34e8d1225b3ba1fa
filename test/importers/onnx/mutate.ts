// How is a real file spoilt? A few seeded changes: bits, bytes, lengths, hostile numbers, pieces moved, doubled, cut or taken from another file.

import { MESSAGES } from '../../../src/importers/onnx/messages.js';
import { readMessage } from '../../../src/importers/protobuf/readMessage.js';
import { bytesSource } from '../../../src/importers/modelFile.js';
import { encode, type Written } from '../../../src/exporters/onnx/writeMessage.js';

/** Mulberry32: small, seeded, good enough to choose places. */
export function randomOf(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** What changes the meaning of a file and keeps its form: sides, axes, attributes, names, ops. */
function structured(bytes: Uint8Array, random: Random): Uint8Array {
  try {
    const model = writable(readMessage(bytesSource(bytes), MESSAGES, 'Model')) as Tree;
    for (let left = 1 + random(2); left > 0; left--)
      change(model, random, { op: 'opType', ops: OPS, names: namesIn(model) });
    return encode('Model', model as Written<'Model'>);
  } catch {
    // What is damaged already, or too large to be written, stays as it is.
    return bytes;
  }
}

export type Tree = Record<string, unknown>;
const OPS = [
  'Relu',
  'Add',
  'Reshape',
  'Transpose',
  'Concat',
  'MaxPool',
  'Gemm',
  'MatMul',
  'Slice',
  'Identity',
  'Loop',
  'Softmax',
  'ReduceMean',
  'Squeeze',
  'Shape',
];
const NUMBERS = [-1, 0, 1, 2, 3, 4, 7, 64, 224, 1000, 2 ** 31, 2 ** 40, -(2 ** 31), -7];

/** Bytes of a tensor as a writer wants them. */
export function writable(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(writable);
  if (typeof part !== 'object' || part === null) return part;
  if ('length' in part) return 'content' in part ? part.content : undefined;
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, writable(value)]));
}

/** Texts that may take the place of others. */
export interface Texts {
  /** The key of an op. */
  readonly op: string;
  readonly ops: readonly string[];
  readonly names: readonly string[];
}

/** One leaf takes another value, or an item of a list goes, comes twice or changes its place. */
export function change(model: Tree, random: Random, { op, ops, names }: Texts): void {
  let part: Tree | unknown[] = model;
  for (;;) {
    const keys = Object.keys(part).filter((key) => Reflect.get(part, key) !== undefined);
    const key = keys[random(keys.length)];
    if (key === undefined) return;
    const branch = part;
    const value = branch[key];
    if (typeof value === 'number') {
      branch[key] = random(2) === 0 ? value + random(3) - 1 : NUMBERS[random(NUMBERS.length)];
      return;
    }
    if (typeof value === 'string') {
      const others = key === op ? ops : [...ops, ...names];
      branch[key] = others[random(others.length)];
      return;
    }
    if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return;
    if (Array.isArray(value) && value.length > 0 && random(8) === 0) {
      const list = value as unknown[];
      const [from, to] = [random(list.length), random(list.length)];
      const [item] = random(2) === 0 ? list.splice(from, 1) : [list[from]];
      if (random(3) > 0) list.splice(to, 0, item);
      return;
    }
    part = value as Tree;
  }
}

const namesIn = (model: Tree): readonly string[] =>
  ((model['graph'] as Tree | undefined)?.['node'] as readonly { output: string[] }[] | undefined)?.flatMap(
    ({ output }) => output,
  ) ?? [];

export type Random = ReturnType<typeof randomOf>;
type Mutation = (bytes: Uint8Array, random: Random, others: readonly Uint8Array[]) => Uint8Array;

/** Varints and texts that files do not expect: -1, 2^63 - 1, 2^53, 2^31, 0, long lengths, other ops. */
const HOSTILE: readonly Uint8Array[] = [
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
  [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10],
  [0xff, 0xff, 0xff, 0xff, 0x07],
  [0xff, 0xff, 0xff, 0xff, 0xff],
  [0x00],
  [0x80],
  [0x0a, 0xff, 0xff, 0x03],
  [0x0b],
  ...['Relu', 'If', 'Reshape', 'Conv', 'input', '\u0000', '\n', '\u202e'].map((text) => [
    ...new TextEncoder().encode(text),
  ]),
].map((bytes) => Uint8Array.from(bytes));

const joined = (...parts: readonly Uint8Array[]): Uint8Array => Buffer.concat(parts);

const MUTATIONS: readonly Mutation[] = [
  function bit(bytes, random) {
    const changed = new Uint8Array(bytes);
    changed[random(bytes.length)]! ^= 1 << random(8);
    return changed;
  },
  function byte(bytes, random) {
    const changed = new Uint8Array(bytes);
    changed[random(bytes.length)] = random(256);
    return changed;
  },
  /** A small number becomes another small one: lengths, sides, axes, field numbers. */
  function nudge(bytes, random) {
    const changed = new Uint8Array(bytes);
    changed[random(bytes.length)]! += random(2) === 0 ? 1 : -1;
    return changed;
  },
  function replace(bytes, random) {
    const [at, piece] = [random(bytes.length), HOSTILE[random(HOSTILE.length)]!];
    return joined(bytes.subarray(0, at), piece, bytes.subarray(at + piece.length));
  },
  function insert(bytes, random) {
    const at = random(bytes.length);
    return joined(bytes.subarray(0, at), HOSTILE[random(HOSTILE.length)]!, bytes.subarray(at));
  },
  function remove(bytes, random) {
    const [at, length] = [random(bytes.length), 1 + random(64)];
    return joined(bytes.subarray(0, at), bytes.subarray(at + length));
  },
  function double(bytes, random) {
    const [at, length] = [random(bytes.length), 1 + random(512)];
    return joined(bytes.subarray(0, at + length), bytes.subarray(at));
  },
  function truncate(bytes, random) {
    return bytes.slice(0, random(bytes.length));
  },
  function swap(bytes, random) {
    const [a, b, length] = [random(bytes.length), random(bytes.length), 1 + random(32)];
    const changed = new Uint8Array(bytes);
    changed.set(bytes.subarray(a, a + length).slice(0, bytes.length - b), b);
    return changed;
  },
  function graft(bytes, random, others) {
    const other = others[random(others.length)]!;
    const [at, from, length] = [random(bytes.length), random(other.length), 1 + random(256)];
    return joined(bytes.subarray(0, at), other.subarray(from, from + length), bytes.subarray(at + random(2) * length));
  },
];

/** One to three changes of one of the files, the same for the same seed. */
export function mutant(files: readonly Uint8Array[], seed: number): Uint8Array {
  const random = randomOf(seed);
  const bytes = files[random(files.length)]!;
  return random(2) === 0 ? structured(bytes, random) : spoiltBytes(bytes, random, files);
}

/** One to three changes that know nothing of the file's form. */
export function spoiltBytes(given: Uint8Array, random: Random, files: readonly Uint8Array[]): Uint8Array {
  let bytes = given;
  for (let left = 1 + random(3); left > 0 && bytes.length > 0; left--)
    bytes = MUTATIONS[random(MUTATIONS.length)]!(bytes, random, files);
  return bytes;
}
