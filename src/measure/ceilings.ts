// Measures an engine's ceilings: the rates of its own large matrix product and its own large copy.

import type { Ceiling, Engine } from '../engines/engine.js';
import type { Ceilings } from './run.js';
import { timeWindows, type Now, type Progress, type Protocol } from './windows.js';

/** Milliseconds of a run that show the full rate and are short enough on a slow device. */
const LONG_MS = 100;
const LARGEST_SIDE = 8192;
const LARGEST_COPY = 2 ** 26;
const CEILING: Protocol = { warmups: 1, windows: 5, minWindowSeconds: 0.2 };

/** @throws DeviceFailure when the device reports an error */
export async function measureCeilings(
  engine: Engine,
  progress: Progress = () => undefined,
  now?: Now,
): Promise<Ceilings> {
  const fits = (floats: number): boolean => engine.maxTensorBytes === null || floats * 4 <= engine.maxTensorBytes;
  progress('ceilings', 0, 2);
  const side = await grow(
    engine,
    256,
    2,
    (side) => side <= LARGEST_SIDE && fits(side * side),
    (side) => engine.matmul(side),
    now,
  );
  const flopsPerSecond = await best(engine, engine.matmul(side), now);
  progress('ceilings', 1, 2);
  const elements = await grow(
    engine,
    2 ** 20,
    4,
    (size) => size <= LARGEST_COPY && fits(size),
    (size) => engine.copy(size),
    now,
  );
  const bytesPerSecond = await best(engine, engine.copy(elements), now);
  progress('ceilings', 2, 2);
  return {
    flopsPerSecond,
    bytesPerSecond,
    how: `matrix product of two ${side} x ${side} matrices, copy of ${elements.toLocaleString('en-US')} floats`,
  };
}

/** The largest size that is allowed, or the first whose run is long. */
async function grow(
  engine: Engine,
  start: number,
  factor: number,
  allowed: (size: number) => boolean,
  make: (size: number) => Ceiling,
  now: Now = () => performance.now(),
): Promise<number> {
  for (let size = start; ; size *= factor) {
    const workload = make(size);
    try {
      workload.run();
      await engine.done();
      const before = now();
      workload.run();
      await engine.done();
      if (now() - before >= LONG_MS || !allowed(size * factor)) return size;
    } finally {
      workload.dispose();
    }
  }
}

/** Amount per second of the fastest window. */
async function best(engine: Engine, workload: Ceiling, now?: Now): Promise<number> {
  try {
    const { windows } = await timeWindows(engine, workload, CEILING, undefined, now);
    return workload.amount / (Math.min(...windows) / 1000);
  } finally {
    workload.dispose();
  }
}
