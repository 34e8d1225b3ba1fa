// How many bytes fit into WebAssembly's memory: less than 4 GiB, for the allocator leaves gaps.

import type { KernelBackend } from '@tensorflow/tfjs-core';
import { heapOf, type Heap } from './heap.js';
import { hostHeap } from './hostHeap.js';
import { OutOfMemory } from './outOfMemory.js';

/** Emscripten's module in tfjs's backend. */
interface Module {
  _malloc(bytes: number): number;
  _free(address: number): void;
  /** All of its memory. The array changes when memory grows. */
  readonly HEAPU8: Uint8Array;
}

/** tfjs builds it to grow up to what 32 bits address, less a page. */
const LIMIT = 2 ** 32 - 2 ** 16;
/**
 * Measured on fifteen networks at growing batches: the first failed at 38 % (DenseNet-201), most at
 * 45 to 65 %.
 */
const USABLE = 0.35;
/**
 * The allocator uses signed sizes: requests above 2 GiB become negative, and those above 4 GiB wrap
 * around. Both return an address. One page is left for its metadata.
 */
export const MOST_AT_ONCE = 2 ** 31 - 2 ** 16;

/**
 * Makes the backend throw if an allocation fails. tfjs itself continues with the address 0.
 */
export function wasmHeap(backend: KernelBackend): Heap {
  const { wasm } = backend as unknown as { readonly wasm: Module };
  guard(wasm);
  const own = heapOf("WebAssembly's", LIMIT);
  const host = hostHeap();
  return {
    // The machine may have less memory than that.
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
  // The first call of each replaces it by the real function.
  wasm._free(wasm._malloc(8));
  const malloc = wasm._malloc;
  let lied = false;
  wasm._malloc = (bytes) => {
    const address = lied || bytes > MOST_AT_ONCE ? 0 : malloc(bytes);
    // Near its limit the allocator has returned blocks that overlap others or exceed the memory.
    lied ||= address !== 0 && (address >>> 0) + bytes > wasm.HEAPU8.length;
    if (address === 0 || lied) throw new OutOfMemory(`WebAssembly has no room for ${bytes} bytes more`);
    return address;
  };
}
