// The engine tensorflow: tfjs-node-gpu or tfjs-node, where the user has installed one.

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { nvidiaGpus } from '../nvidia/gpus.js';
import { cpuDevice } from './cpuDevice.js';
import { cudaDevice, cudaHeap, multipliesInTf32 } from './cudaDevice.js';
import type { Available, Unavailable } from './engine.js';
import { hostHeap, type HeapOverhead } from './hostHeap.js';
import type { Tf } from './kernels/kernel.js';
import { timeOnHost } from './platform.js';
import { tensorflowHome } from './tensorflowHome.js';
import { tfjsEngine } from './tfjsEngine.js';
import { firstLine, unavailable } from './problem.js';

/**
 * In order of preference. Both are CommonJS, and required by a variable: no bundler looks for what
 * is not there.
 */
const PACKAGES = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'];

/**
 * The part of the memory that a plan may fill. A convolution, its bias and its activation are three
 * tensors inside tfjs-node. The process of eight networks grew by at most 1.37 of the plan, without
 * two more copies of the weights (ShuffleNetV2 and ResNet-50 at batch 32). 0.65 leaves a margin.
 */
const BESIDE: HeapOverhead = { usable: 0.65, weightCopies: 3, fusionAllocates: true };

/**
 * tfjs-node's own backend; `isUsingGpuDevice` tells whether TensorFlow found a GPU that it can use.
 */
interface NodeBackend {
  readonly isUsingGpuDevice: boolean;
  readonly binding: { readonly TF_Version?: string };
}

export async function open(): Promise<Available | Unavailable> {
  // The package that `flopscope setup tensorflow` installed is used before one beside flopscope.
  const places = [join(tensorflowHome(), 'package.json'), import.meta.url].map((from) => createRequire(from));
  const require = places.find((place) => PACKAGES.some((name) => isInstalled(place, name)));
  if (!require)
    return unavailable(
      'tensorflow',
      'neither tfjs-node-gpu nor tfjs-node is installed',
      'run flopscope setup tensorflow',
    );
  let problem = '';
  for (const name of PACKAGES.filter((name) => isInstalled(require, name))) {
    try {
      return await openPackage(require, name);
    } catch (error) {
      problem ||= `${name} is installed, but does not load: ${firstLine(error)}`;
    }
  }
  return unavailable('tensorflow', problem, 'run flopscope setup tensorflow');
}

async function openPackage(require: NodeJS.Require, name: string): Promise<Available> {
  restoreUtil(require);
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2'; // errors only: it would report its own build otherwise
  if (hidesItsCaches()) process.env['TF_ENABLE_ONEDNN_OPTS'] ??= '0';
  const tf = require(name) as Tf;
  tf.enableProdMode();
  if (!(await tf.setBackend('tensorflow'))) throw new Error('its backend did not start');
  const backend = tf.backend() as unknown as NodeBackend;
  const gpu = backend.isUsingGpuDevice;
  const report = gpu ? await nvidiaGpus() : null;
  // Kernels of one device run in order, so a value that is computed last and read back has waited
  // for all of them.
  const one = tf.scalar(1);
  const finish = async (): Promise<void> => {
    const last = tf.neg(one);
    await last.data();
    last.dispose();
  };
  const engine = tfjsEngine({
    name: 'tensorflow',
    throughCuda: true,
    tf,
    backend: 'tensorflow',
    device: report ? cudaDevice(report, process.env) : cpuDevice(),
    maxTensorBytes: null,
    heap: report ? cudaHeap(report, process.env) : hostHeap(BESIDE),
    traits: { padsMaxPool: false, cheapLaunches: !gpu },
    versions: {
      [name]: (require(`${name}/package.json`) as { version: string }).version,
      tensorflow: backend.binding.TF_Version ?? 'unknown',
    },
    settings: {
      gpu,
      oneDnn: process.env['TF_ENABLE_ONEDNN_OPTS'] !== '0',
      tf32: report !== null && multipliesInTf32(report, process.env),
    },
    failures: [],
    clock: 'host',
    flush: () => undefined,
    finish,
    time: (pieces) => timeOnHost(pieces, finish),
    allocated: () => null,
    allocatedIs: 'not known: tfjs-node does not tell what TensorFlow took',
    trim: () => undefined,
    close() {
      one.dispose();
      return Promise.resolve();
    },
  });
  return { available: true, engine };
}

/**
 * Some virtual machines hide the sizes of the CPU's caches. There oneDNN divides by zero in a 1x1
 * convolution and ends the process (tensorflow issue 57749), so TensorFlow's own kernels are used.
 */
const hidesItsCaches = (): boolean => process.platform === 'linux' && !existsSync('/sys/devices/system/cpu/cpu0/cache');

function isInstalled(require: NodeJS.Require, name: string): boolean {
  try {
    require.resolve(`${name}/package.json`);
    return true;
  } catch {
    return false;
  }
}

/** tfjs-node 4.22 calls two functions that Node 23 removed (tfjs issue 8609). */
function restoreUtil(require: NodeJS.Require): void {
  const util = require('node:util') as Record<string, unknown>;
  util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  util['isArray'] ??= Array.isArray;
}
