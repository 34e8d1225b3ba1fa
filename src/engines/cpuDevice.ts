// Names the processor on which the engines without a GPU run.

import { cpus } from 'node:os';
import type { Device } from './engine.js';

export function cpuDevice(): Device {
  const name = cpus()[0]?.model.trim() ?? '';
  return { kind: 'cpu', vendor: null, name: name === '' ? 'unknown CPU' : name, software: false, driver: null };
}
