// How many bytes fit into WebAssembly's memory: less than 4 GiB, for the allocator leaves gaps.

import type { KernelBackend } from '@tensorflow/tfjs-core';
import { heapOf, hostHeap, type Heap } from './heap.js';
import { OutOfMemory } from './outOfMemory.js';

/** Emscripten's module in tfjs's backend. */
interface Module {
  _malloc(bytes: number): number;
  _free(address: number): void;
  /** All of its memory; another array when it has grown. */
  readonly HEAPU8: Uint8Array;
}

/** tfjs builds it to grow up to what 32 bits address, less a page. */
const LIMIT = 2 ** 32 - 2 ** 16;
/**
 * Fifteen networks were tried at ever larger batches: the first failed at 38 % (DenseNet-201), most
 * between 45 and 65 %.
 */
const USABLE = 0.35;
/**
 * The allocator asks for memory in signed steps and takes one of more than 2 GiB for a step back; a
 * request of more than 4 GiB wraps around. It answers both with an address. A page is left for its
 * own notes.
 */
export const MOST_AT_ONCE = 2 ** 31 - 2 ** 16;

/**
 * Also makes the backend throw where its allocator has nothing left: tfjs itself goes on with the
 * address 0.
 */
export function wasmHeap(backend: KernelBackend): Heap {
  const { wasm } = backend as unknown as { readonly wasm: Module };
  guard(wasm);
  const own = heapOf("WebAssembly's", LIMIT);
  const host = hostHeap();
  return {
    // Its memory is the machine's, which may have less.
    ...(host.limit < own.limit ? host : own),
    usable: USABLE,
    // XNNPACK packs filters in an order of its own, and keeps both.
    weightCopies: 2,
  };
}

const GUARDED = new WeakSet<Module>();

function guard(wasm: Module): void {
  if (GUARDED.has(wasm)) return;
  GUARDED.add(wasm);
  // The first call of each puts the real function in its place.
  wasm._free(wasm._malloc(8));
  const malloc = wasm._malloc;
  let lied = false;
  wasm._malloc = (bytes) => {
    const address = lied || bytes > MOST_AT_ONCE ? 0 : malloc(bytes);
    // Close to its end the allocator has been seen to give a block over others and beyond the
    // memory there is.
    lied ||= address !== 0 && (address >>> 0) + bytes > wasm.HEAPU8.length;
    if (address === 0 || lied) throw new OutOfMemory(`WebAssembly has no room for ${bytes} bytes more`);
    return address;
  };
}
