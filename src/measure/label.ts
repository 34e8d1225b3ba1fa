// What a run was taken on, in words: the device, the engine, and the settings that affect its
// times.

import { counted } from '../plural.js';
import { abbreviate } from '../visible.js';
import type { Run, RunDevice } from './run.js';

/** "NVIDIA H100 (webgpu)", "AMD EPYC CPU (wasm)". */
export const deviceLabel = ({ device, engine }: Pick<Run, 'device' | 'engine'>): string =>
  `${deviceWords(device, 48)} (${abbreviate(engine, 24)})`;

/** The label names the kind of device, so that a CPU is not taken for a GPU. */
export function deviceWords({ name, kind, software }: RunDevice, longest: number): string {
  const kindMissing = kind === 'cpu' && !/\b(cpu|processor)\b/i.test(name);
  return `${abbreviate(name, longest)}${kindMissing ? ' CPU' : ''}${software ? ', a software GPU' : ''}`;
}

/** "AMD EPYC (wasm), eager". */
export const runLabel = (run: Run): string => `${deviceLabel(run)}${run.mode === 'eager' ? ', eager' : ''}`;

/** "AMD EPYC CPU (tensorflow), 2 cores": the number of cores affects times. Null without a run. */
export function machineLabel([run]: readonly Run[]): string | null {
  if (!run) return null;
  const { device, environment } = run;
  return `${runLabel(run)}${device.kind === 'cpu' ? `, ${counted(environment.cores, 'core')}` : ''}`;
}
