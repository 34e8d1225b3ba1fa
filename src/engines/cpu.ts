// The engine cpu: tfjs's plain JavaScript backend. It is slow, and the tests' numeric reference.

import * as tf from '@tensorflow/tfjs-core';
import { cpuDevice } from './cpuDevice.js';
import type { Available } from './engine.js';
import { insideTheCall } from './hostPlatform.js';
import { tfjsEngine } from './tfjsEngine.js';

export async function open(): Promise<Available> {
  tf.enableProdMode(); // no banner
  const { version_cpu: version } = await import('@tensorflow/tfjs-backend-cpu');
  await tf.setBackend('cpu');
  const engine = tfjsEngine({
    ...insideTheCall(),
    name: 'cpu',
    tf,
    backend: 'cpu',
    device: cpuDevice(),
    failures: [],
    versions: { '@tensorflow/tfjs-core': tf.version_core, '@tensorflow/tfjs-backend-cpu': version },
    settings: { threads: 1 },
  });
  return { available: true, engine };
}
