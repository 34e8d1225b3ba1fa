// Which doubts should a reader have about a time? Each is one sentence with the flag that helps.

import type { Engine } from '../engines/engine.js';
import { counted } from '../plural.js';
import type { Run, Warning } from './run.js';
import { drift, type Summary } from './statistics.js';
import type { Protocol, Timed } from './windows.js';

/** Host time over the whole from which on a GPU run measures the host. */
const HOST_BOUND = 0.9;
const DRIFT = 0.03;
const SPREAD = 0.05;
const SHORT_SECONDS = 0.5;
const FEW_WINDOWS = 5;
const FEW_WARMUPS = 3;

const percent = (part: number): string => `${(100 * part).toFixed(1)} %`;

export const isHostBound = (engine: Pick<Engine, 'device'>, host: number, median: number): boolean =>
  engine.device.kind === 'gpu' && !engine.device.software && host / median > HOST_BOUND;

export function warningsOf(
  engine: Pick<Engine, 'device'>,
  { windows, host, runsPerWindow }: Timed,
  { median, spread }: Summary,
  protocol: Protocol,
  batch: number,
  emulated: readonly string[],
  utilisation: Run['utilisation'] = null,
): readonly Warning[] {
  const drifted = drift(windows) - 1;
  const rows: readonly (readonly [boolean, Warning['kind'], string, string | null])[] = [
    [
      isHostBound(engine, host, median),
      'host-bound',
      `preparing work on the host takes ${percent(host / median)} of the time: the GPU waits, and its speed is not seen`,
      `--batch ${batch * 8}`,
    ],
    [
      protocol.minWindowSeconds < SHORT_SECONDS || windows.length < FEW_WINDOWS,
      'too-short',
      `${counted(windows.length, 'window')} of ${protocol.minWindowSeconds} s ${windows.length === 1 ? 'is' : 'are'} few or short: clocks and caches may not have settled`,
      protocol.minWindowSeconds < SHORT_SECONDS ? '--min-window 1' : `--windows ${FEW_WINDOWS}`,
    ],
    [
      protocol.warmups < FEW_WARMUPS,
      'too-short',
      `${counted(protocol.warmups, 'warm-up')} ${protocol.warmups === 1 ? 'is' : 'are'} few: the first windows may still compile kernels and raise clocks`,
      `--warmups ${FEW_WARMUPS}`,
    ],
    [
      Math.abs(drifted) > DRIFT,
      'drifting',
      `the second half of the run is ${percent(Math.abs(drifted))} ${drifted > 0 ? 'slower than the first: the device heats up, or something else began to use it' : 'faster than the first: it was still warming up, or something else ended'}`,
      // Of a small network three warm-ups are a moment: as many as fill a window let clocks rise.
      drifted > 0 ? `--windows ${windows.length * 3}` : `--warmups ${Math.max(3 * protocol.warmups, runsPerWindow)}`,
    ],
    [
      spread > SPREAD,
      'noisy',
      `half of the windows lie ${percent(spread)} apart: something else uses this machine`,
      `--windows ${windows.length * 3}`,
    ],
    [
      utilisation !== null && Math.max(utilisation.compute, utilisation.memory) > 1,
      'other',
      'the run passes its own ceiling: the ceiling was measured on a busier machine, or the engine saves work that is counted (Winograd convolutions, say)',
      null,
    ],
    [
      engine.device.software,
      'software-device',
      'a software driver played the GPU: these times say nothing about any GPU',
      null,
    ],
    [
      emulated.length > 0,
      'emulated',
      `${counted(emulated.length, 'grouped convolution')} ${emulated.length === 1 ? 'was' : 'were'} put together from other ops, which this engine does not have: a native one would be faster`,
      null,
    ],
  ];
  return rows.filter(([applies]) => applies).map(([, kind, message, flag]) => ({ kind, message, flag }));
}
