// Matches the layers of two networks: in order (Needleman-Wunsch), then those that moved.

import type { Layer } from '../profile.js';
import { byItself, likeness, marker, type LayerFeatures } from './likeness.js';

/**
 * For each layer of the first network the index of its partner in the second, -1 where it has none.
 */
export type Partners = Int32Array;

/**
 * 8,000 x 8,000; beyond, layers are matched by name and then by what they are, whatever their
 * order.
 */
const MOST_CELLS = 64_000_000;

/** Pairs that do not depend on which network comes first. */
export function align(a: readonly Layer[], b: readonly Layer[]): Partners {
  const mark = marker();
  // Of several best alignments the same one is taken for both orders of the networks.
  return comesFirst(a, b) ? pairs(a.map(mark), b.map(mark)) : inverse(pairs(b.map(mark), a.map(mark)), a.length);
}

function comesFirst(a: readonly Layer[], b: readonly Layer[]): boolean {
  if (a.length !== b.length) return a.length < b.length;
  const text = (layer: Layer): string => JSON.stringify(byItself(layer));
  const i = a.findIndex((layer, k) => text(layer) !== text(b[k]!));
  return i < 0 || text(a[i]!) < text(b[i]!);
}

function inverse(partners: Partners, length: number): Partners {
  const other = new Int32Array(length).fill(-1);
  for (const [i, j] of partners.entries()) if (j >= 0) other[j] = i;
  return other;
}

function pairs(a: readonly LayerFeatures[], b: readonly LayerFeatures[]): Partners {
  const partners = new Int32Array(a.length).fill(-1);
  const same = (i: number, j: number): boolean => a[i]!.name === b[j]!.name && a[i]!.signature === b[j]!.signature;
  // Equal layers at both ends are paired first: no alignment is better.
  let start = 0;
  while (start < a.length && start < b.length && same(start, start)) partners[start] = start++;
  let [endA, endB] = [a.length, b.length];
  while (endA > start && endB > start && same(endA - 1, endB - 1)) partners[--endA] = --endB;
  if ((endA - start) * (endB - start) <= MOST_CELLS)
    for (const [i, j] of inOrder(a.slice(start, endA), b.slice(start, endB))) partners[start + i] = start + j;
  pairLeftover(a, b, partners, ({ name }) => name, CERTAIN);
  pairLeftover(a, b, partners, ({ signature }) => signature, CERTAIN);
  return partners;
}

/** The pairs in order of the greatest sum of likeness; the earliest of several. */
function inOrder(a: readonly LayerFeatures[], b: readonly LayerFeatures[]): readonly (readonly [number, number])[] {
  const width = b.length;
  const steps = new Uint8Array(a.length * width);
  let below = new Int32Array(width + 1);
  for (let i = a.length - 1; i >= 0; i--) {
    const row = new Int32Array(width + 1);
    for (let j = width - 1; j >= 0; j--) {
      const like = likeness(a[i]!, b[j]!);
      const pair = like > 0 ? like + below[j + 1]! : -1;
      const best = Math.max(pair, below[j]!, row[j + 1]!);
      row[j] = best;
      steps[i * width + j] = pair === best ? PAIR : below[j] === best ? SKIP_A : SKIP_B;
    }
    below = row;
  }
  const found: [number, number][] = [];
  for (let [i, j] = [0, 0]; i < a.length && j < width;) {
    const step = steps[i * width + j];
    if (step === PAIR) found.push([i, j]);
    if (step !== SKIP_B) i++;
    if (step !== SKIP_A) j++;
  }
  return found;
}

const PAIR = 0;
const SKIP_A = 1;
const SKIP_B = 2;

/** Out of order, layers match only by the same name, or the same op on the same shapes. */
const CERTAIN = 4;

function pairLeftover(
  a: readonly LayerFeatures[],
  b: readonly LayerFeatures[],
  partners: Partners,
  key: (marks: LayerFeatures) => number,
  least: number,
): void {
  const taken = new Set(partners);
  const free = new Map<number, number[]>();
  for (const [j, marks] of b.entries()) {
    if (taken.has(j)) continue;
    const queue = free.get(key(marks));
    if (queue) queue.push(j);
    else free.set(key(marks), [j]);
  }
  for (const queue of free.values()) queue.reverse();
  for (const [i, marks] of a.entries()) {
    const queue = partners[i]! < 0 ? free.get(key(marks)) : undefined;
    const j = queue?.at(-1);
    if (j === undefined || likeness(marks, b[j]!) < least) continue;
    queue!.pop();
    partners[i] = j;
  }
}
