// Does an engine work here? It is opened, runs one convolution whose result is known, and says on what it ran.

import { Builder } from '../builder.js';
import { sites } from '../cost.js';
import type { Graph } from '../graph.js';
import { DeviceFailure, type Device, type Engine, type EngineName } from './engine.js';
import { openEngine } from './open.js';
import { inputOf, seededWeights } from '../weights/weights.js';

/** What is not known is null. */
export interface EngineReport {
  readonly name: EngineName;
  /** It computed the convolution, on whatever device; a software one plays the GPU and is good for no time. */
  readonly works: boolean;
  readonly problem: string | null;
  readonly remedy: string | null;
  readonly device: Device | null;
  readonly maxTensorBytes: number | null;
  readonly maxTotalBytes: number | null;
  /** What times layers: timestamps of the device, or the host's clock; null for neither. */
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
  maxTensorBytes: null,
  maxTotalBytes: null,
  layerClock: null,
  versions: null,
  settings: null,
  convolutionError: null,
});

/** Never throws: an engine that is missing or broken is a finding. */
export async function probeEngine(name: EngineName): Promise<EngineReport> {
  const opened = await openEngine(name, { allowSoftware: true });
  if (!opened.available) return brokenEngine(name, opened.problem, opened.remedy);
  const { engine } = opened;
  const { device, maxTensorBytes, maxTotalBytes, versions, settings } = engine;
  const open = {
    ...brokenEngine(name, '', OTHER_ENGINE),
    ...{ device, maxTensorBytes, maxTotalBytes, versions, settings },
  };
  try {
    const { error, clock } = await convolve(engine);
    if (error > TOLERANCE)
      return { ...open, convolutionError: error, problem: 'it computes a convolution wrongly', layerClock: clock };
    return { ...open, works: true, problem: null, remedy: null, convolutionError: error, layerClock: clock };
  } catch (error) {
    return {
      ...open,
      problem: `it opens, but runs no convolution: ${error instanceof Error ? error.message : String(error)}`,
    };
  } finally {
    await engine.close();
  }
}

const OTHER_ENGINE = 'update the GPU driver, or choose another engine with --engine';

/** TF32 keeps 10 bits of a factor, which errs by less than 1e-3; work that was dropped errs by 1. */
const TOLERANCE = 1e-2;

const SEED = 1;
const [CHANNELS, SIDE, KERNEL, PADDING] = [4, 8, 3, 1];

function oneConvolution(): Graph {
  const builder = Builder.start();
  const input = builder.input([1, CHANNELS, SIDE, SIDE]);
  const output = builder.apply('conv', 'conv', input, {
    channels: CHANNELS,
    kernel: [KERNEL, KERNEL],
    padding: [PADDING, PADDING, PADDING, PADDING],
    bias: false,
  });
  return builder.finish('probe', output);
}

async function convolve(engine: Engine): Promise<{ error: number; clock: EngineReport['layerClock'] }> {
  const graph = oneConvolution();
  const executable = await engine.load(graph, { seed: SEED });
  try {
    const [output] = await executable.outputs();
    const { clock } = await executable.layerTimes();
    await engine.done();
    if (!output) throw new DeviceFailure('it gives no output');
    const expected = byDefinition(graph);
    const largest = Math.max(...expected.map(Math.abs));
    const errors = expected.map((value, i) => Math.abs(value - (output.values[i] ?? NaN)) / largest);
    const error = Math.max(...errors);
    return { error: Number.isNaN(error) ? 1 : error, clock };
  } finally {
    executable.dispose();
  }
}

/** Every output element as the sum that defines it. */
function byDefinition(graph: Graph): readonly number[] {
  const x = inputOf('input', [1, CHANNELS, SIDE, SIDE], SEED);
  const [site] = sites(graph);
  const filter = seededWeights(graph, SEED)(site!)['weight']!;
  const values: number[] = [];
  for (let out = 0; out < CHANNELS; out++)
    for (let row = 0; row < SIDE; row++)
      for (let column = 0; column < SIDE; column++) values.push(sumAt(out, row, column));
  return values;

  function sumAt(out: number, row: number, column: number): number {
    let sum = 0;
    for (let c = 0; c < CHANNELS; c++)
      for (let i = 0; i < KERNEL; i++)
        for (let j = 0; j < KERNEL; j++) {
          const [y, z] = [row + i - PADDING, column + j - PADDING];
          if (y < 0 || z < 0 || y >= SIDE || z >= SIDE) continue;
          sum += x[(c * SIDE + y) * SIDE + z]! * filter[((out * CHANNELS + c) * KERNEL + i) * KERNEL + j]!;
        }
    return sum;
  }
}
