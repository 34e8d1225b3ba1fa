// Tests whether an engine works: it runs one convolution whose result is known.

import type { Device, Engine, EngineName } from './engine.js';
import { oneConvolution, SEED, tryConvolution } from './knownConvolution.js';
import type { Provider } from './onnxruntime/providers.js';
import { openEngine } from './open.js';

/** Unknown values are null. */
export interface EngineReport {
  readonly name: EngineName;
  /**
   * It computed the convolution. A software device does so too, but its times are not a GPU's.
   */
  readonly works: boolean;
  readonly problem: string | null;
  readonly remedy: string | null;
  readonly device: Device | null;
  readonly throughCuda: boolean;
  readonly maxTensorBytes: number | null;
  readonly maxTotalBytes: number | null;
  /** The clock of layers: timestamps of the device, or the host's clock; null for neither. */
  readonly layerClock: 'device' | 'host' | null;
  readonly versions: Readonly<Record<string, string>> | null;
  readonly settings: Readonly<Record<string, string | number | boolean>> | null;
  /** Of the convolution: the largest difference from plain loops, over the largest value. */
  readonly convolutionError: number | null;
}

export const brokenEngine = (name: EngineName, problem: string, remedy: string): EngineReport => ({
  name,
  works: false,
  problem,
  remedy,
  device: null,
  throughCuda: false,
  maxTensorBytes: null,
  maxTotalBytes: null,
  layerClock: null,
  versions: null,
  settings: null,
  convolutionError: null,
});

/**
 * Never throws: a missing or broken engine is a finding, not an error.
 * @param provider of onnxruntime; without it the best that works
 */
export async function probeEngine(name: EngineName, provider?: Provider): Promise<EngineReport> {
  const opened = await openEngine(name, { allowSoftware: true, ...(provider ? { provider } : {}) });
  if (!opened.available) return brokenEngine(name, opened.problem, opened.remedy);
  const { engine } = opened;
  const { device, throughCuda, maxTensorBytes, maxTotalBytes, versions, settings } = engine;
  const open = {
    ...brokenEngine(name, '', OTHER_ENGINE),
    ...{ device, throughCuda, maxTensorBytes, maxTotalBytes, versions, settings },
  };
  try {
    const { problem, error } = await tryConvolution(engine);
    if (problem !== null) return { ...open, convolutionError: error, problem: `it ${problem}` };
    const layerClock = await clockOf(engine);
    return { ...open, works: true, problem: null, remedy: null, convolutionError: error, layerClock };
  } catch (error) {
    return { ...open, problem: `it times no layer: ${error instanceof Error ? error.message : String(error)}` };
  } finally {
    await engine.close();
  }
}

const OTHER_ENGINE = 'update the GPU driver, or choose another engine with --engine';

async function clockOf(engine: Engine): Promise<EngineReport['layerClock']> {
  const executable = await engine.load(oneConvolution(), { seed: SEED });
  try {
    const { clock } = await executable.layerTimes();
    await engine.done();
    return clock;
  } finally {
    executable.dispose();
  }
}
