// Spoils TFLite files in seeded ways: bits, bytes, offsets, hostile numbers, other codes, pieces moved, doubled or cut.

import { randomOf } from '../onnx/mutate.js';

type Random = ReturnType<typeof randomOf>;
type Mutation = (bytes: Uint8Array, random: Random, others: readonly Uint8Array[]) => Uint8Array;

/** 32-bit numbers that files do not expect. */
const HOSTILE = [0, 1, 2, 3, 4, 7, 8, 64, 255, 256, 65_535, 2 ** 20, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32 - 4];

const joined = (...parts: readonly Uint8Array[]): Uint8Array => {
  const bytes = new Uint8Array(parts.reduce((all, { length }) => all + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
};

/** Tables stand apart from weights: most changes are made where a small number is, which an offset or a side may be. */
function place(bytes: Uint8Array, random: Random, width: number): number {
  const last = Math.max(1, bytes.length - width);
  for (let left = 8; left > 0; left--) {
    const at = random(last);
    if (bytes[at + width - 1] === 0 || bytes[at + width - 1] === 255) return at;
  }
  return random(last);
}

const MUTATIONS: readonly Mutation[] = [
  function bit(bytes, random) {
    const changed = new Uint8Array(bytes);
    changed[place(bytes, random, 1)]! ^= 1 << random(8);
    return changed;
  },
  function nudge(bytes, random) {
    const changed = new Uint8Array(bytes);
    changed[place(bytes, random, 2)]! += random(2) === 0 ? 1 : -1;
    return changed;
  },
  function byte(bytes, random) {
    const changed = new Uint8Array(bytes);
    changed[place(bytes, random, 2)] = random(256);
    return changed;
  },
  function word(bytes, random) {
    const changed = new Uint8Array(bytes);
    const at = place(bytes, random, 4);
    if (at + 4 <= bytes.length) new DataView(changed.buffer).setUint32(at, HOSTILE[random(HOSTILE.length)]!, true);
    return changed;
  },
  /** One offset, side or index takes the place of another. */
  function copy(bytes, random) {
    const changed = new Uint8Array(bytes);
    const [from, to] = [place(bytes, random, 4), place(bytes, random, 4)];
    changed.set(bytes.subarray(from, from + 4).slice(0, bytes.length - to), to);
    return changed;
  },
  function offset(bytes, random) {
    const changed = new Uint8Array(bytes);
    const at = place(bytes, random, 4);
    if (at + 4 > bytes.length) return changed;
    const view = new DataView(changed.buffer);
    view.setUint32(at, (view.getUint32(at, true) + 4 * (random(65) - 32)) >>> 0, true);
    return changed;
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
  function graft(bytes, random, others) {
    const other = others[random(others.length)]!;
    const [at, from, length] = [random(bytes.length), random(other.length), 1 + random(256)];
    return joined(bytes.subarray(0, at), other.subarray(from, from + length), bytes.subarray(at + length));
  },
];

/** One to four changes of one of the files, the same for the same seed. */
export function mutant(files: readonly Uint8Array[], seed: number): Uint8Array {
  const random = randomOf(seed);
  let bytes = files[random(files.length)]!;
  for (let left = 1 + random(4); left > 0 && bytes.length > 0; left--) {
    // Small changes keep the form of a file, so that what is behind its tables is reached.
    const some = random(4) === 0 ? MUTATIONS.length : 6;
    bytes = MUTATIONS[random(some)]!(bytes, random, files);
  }
  return bytes;
}
