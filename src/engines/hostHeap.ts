// The memory of this machine that an engine on its processor may fill.

import { freemem, totalmem } from 'node:os';
import { heapOf, type Heap } from './heap.js';

/** The memory of the machine as a process sees it, in bytes. */
export interface MachineMemory {
  readonly platform: NodeJS.Platform;
  readonly total: number;
  /** Free, or reclaimable (MemAvailable of Linux). */
  readonly free: number;
  /**
   * What a container or a control group lets this process have; 0, or next to 2^64, where none
   * does.
   */
  readonly constrained: number;
  /** Resident memory of this process. */
  readonly own: number;
}

const surroundings = (): MachineMemory => ({
  platform: process.platform,
  total: totalmem(),
  free: freemem(),
  constrained: process.constrainedMemory(),
  own: resident(),
});

/** Resident bytes. Without /proc, as in a bare chroot, the peak. */
function resident(): number {
  try {
    return process.memoryUsage.rss();
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}

/**
 * The usable part of a machine's memory where the system does not report it: macOS counts
 * reclaimable memory as used.
 */
const LEFT = 0.8;

/** Bytes that this process may still allocate before the system kills it. */
export function bytesLeft({ platform, total, free, constrained, own }: MachineMemory): number {
  const inMachine = platform === 'darwin' ? LEFT * total - own : free;
  // The usage counter of a control group is not used: it includes file caches, which the system
  // frees on demand.
  const inContainer = constrained > 0 && constrained < total ? constrained - own : Infinity;
  return Math.max(0, Math.min(inMachine, inContainer));
}

/**
 * What an engine needs beside its tensors: scratch of kernels as a share, and repacked weights.
 */
export type HeapOverhead = Pick<Heap, 'usable' | 'weightCopies' | 'fusionAllocates'>;

const SCRATCH: HeapOverhead = { usable: 0.5, weightCopies: 2 };

/**
 * The heap of an engine that works on the processor, with the memory that is free when it is
 * opened.
 */
export const hostHeap = (beside: HeapOverhead = SCRATCH, around: MachineMemory = surroundings()): Heap => ({
  ...heapOf("this machine's free", bytesLeft(around)),
  ...beside,
});
