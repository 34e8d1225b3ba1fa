// The engine wasm: tfjs's WebAssembly backend with SIMD on one thread. It needs no GPU.

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { cpuDevice } from './cpuDevice.js';
import type { Available, Unavailable } from './engine.js';
import { GIVE_MEMORY } from './outOfMemory.js';
import { insideTheCall } from './hostPlatform.js';
import { tfjsEngine } from './tfjsEngine.js';
import { MOST_AT_ONCE, wasmHeap } from './wasmHeap.js';
import { unavailable } from './problem.js';

/** tfjs refuses a second path once the backend has started. */
let located = false;
/**
 * There is one WebAssembly module in the process: once broken, it stays so for every engine on it.
 */
const failures: string[] = [];

export async function open(): Promise<Available | Unavailable> {
  if (lacksMemory())
    return unavailable('wasm', 'there is no room for the memory that WebAssembly reserves', GIVE_MEMORY);
  tf.enableProdMode(); // no banner
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  const backend = 'wasm';
  if (!located) {
    located = true;
    const manifest = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json');
    wasm.setWasmPaths(join(dirname(manifest), 'dist', '/'));
  }
  if (!(await tf.setBackend(backend)))
    return unavailable(
      'wasm',
      'the WebAssembly backend of tfjs did not start',
      'install the dependencies again (npm ci); its .wasm files are part of them',
    );
  const engine = tfjsEngine({
    ...insideTheCall(),
    name: 'wasm',
    tf,
    backend,
    device: cpuDevice(),
    failures,
    maxTensorBytes: MOST_AT_ONCE,
    heap: wasmHeap(tf.backend()),
    allocatedIs:
      "not known: WebAssembly's memory never shrinks, so that this run's part cannot be told from what was before",
    versions: {
      '@tensorflow/tfjs-core': tf.version_core,
      '@tensorflow/tfjs-backend-wasm': wasm.version_wasm,
    },
    // tfjs turns its threaded build off in Node (tfjs issue 3830).
    settings: { threads: 1, simd: await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT') },
  });
  return { available: true, engine };
}

/**
 * Checked before tfjs, which hides why its backend does not start. V8 reserves the whole address
 * space.
 */
function lacksMemory(): boolean {
  try {
    return new Memory({ initial: FIRST_PAGES, maximum: MOST_PAGES }) === null;
  } catch {
    return true;
  }
}
const [FIRST_PAGES, MOST_PAGES] = [256, 2 ** 16];
/** WebAssembly is a global. Node's types leave it out. */
const { Memory } = (globalThis as unknown as Globals).WebAssembly;
interface Globals {
  readonly WebAssembly: { readonly Memory: new (limits: { initial: number; maximum: number }) => object | null };
}
