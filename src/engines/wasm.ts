// The engine wasm: tfjs's WebAssembly backend with SIMD on one thread. It needs no GPU.

import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
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
    const packed = await packedBinary();
    if (packed === undefined) wasm.setWasmPaths(join(dirname(fromSource()), 'dist', '/'));
    else wasm.setWasmPaths(everyBuild(`data:application/wasm;base64,${packed.toString('base64')}`), true);
  }
  if (!(await tf.setBackend(backend)))
    return unavailable(
      'wasm',
      'the WebAssembly backend of tfjs did not start',
      'install flopscope again; its .wasm files are part of it',
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

/** Beside the chunks of a build, and beside its scripts. */
const BUILT = ['./tfjs/', '../tfjs/'].map((path) => new URL(path, import.meta.url));

/** The WebAssembly of a build; undefined where this runs from source. */
async function packedBinary(): Promise<Buffer | undefined> {
  const simd = (await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')) === true;
  const name = `tfjs-backend-wasm${simd ? '-simd' : ''}.wasm.br`;
  const path = BUILT.map((folder) => fileURLToPath(new URL(name, folder))).find(existsSync);
  return path === undefined ? undefined : brotliDecompressSync(readFileSync(path));
}

/** tfjs asks for an address of each of its builds, and loads one. */
const everyBuild = (address: string) => ({
  'tfjs-backend-wasm.wasm': address,
  'tfjs-backend-wasm-simd.wasm': address,
  'tfjs-backend-wasm-threaded-simd.wasm': address,
});

const fromSource = (): string => createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json');

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
