// Where does an engine keep its tensors, and how much has room there? A limit that is known before anything runs.

import { totalmem } from 'node:os';

export interface Heap {
  /** "this machine's 23.5 GiB". */
  readonly name: string;
  /** Bytes in all. */
  readonly limit: number;
  /** Part of the room beside the weights that is filled whatever the order in which tensors come and go: holes take the rest. */
  readonly usable: number;
  /** How often every weight is kept: twice where kernels pack their own copy. */
  readonly weightCopies: number;
}

/** A heap of which no more is known than its size. */
export const heapOf = (owner: string, limit: number): Heap => ({
  name: `${owner} ${(limit / 2 ** 30).toFixed(1)} GiB`,
  limit,
  usable: 1,
  weightCopies: 1,
});

/** Of an engine that works on the processor: past it the system ends the process without a word. */
export const hostHeap = (): Heap =>
  // 0, or next to 2^64, where nothing constrains the process.
  heapOf("this machine's", Math.min(process.constrainedMemory() || Infinity, totalmem()));

/** Bytes that activations have beside so many of weights. */
export const roomBeside = ({ limit, usable, weightCopies }: Heap, weights: number): number =>
  usable * (limit - weights * weightCopies);
