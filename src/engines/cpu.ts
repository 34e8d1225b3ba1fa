// Which engine needs nothing but JavaScript? tfjs's cpu backend: slow, plain, and the numeric reference of the tests.

import * as tf from '@tensorflow/tfjs-core';
import { cpuDevice } from './cpuDevice.js';
import type { Available } from './engine.js';
import { timeOnHost } from './platform.js';
import { tfjsEngine } from './tfjsEngine.js';

export async function open(): Promise<Available> {
  tf.enableProdMode(); // no banner
  const { version_cpu: version } = await import('@tensorflow/tfjs-backend-cpu');
  await tf.setBackend('cpu');
  const finish = (): Promise<void> => Promise.resolve();
  const engine = tfjsEngine({
    name: 'cpu',
    tf,
    backend: 'cpu',
    device: cpuDevice(),
    maxTensorBytes: null,
    traits: { padsMaxPool: true, cheapLaunches: true },
    versions: { '@tensorflow/tfjs-core': tf.version_core, '@tensorflow/tfjs-backend-cpu': version },
    settings: { threads: 1 },
    failures: [],
    clock: 'host',
    flush: () => undefined,
    finish,
    time: (pieces) => timeOnHost(pieces, finish),
    allocated: () => null,
    close: finish,
  });
  return { available: true, engine };
}
