// Compares one convolution of an engine with plain loops, since a broken device gives times, too.

import { Builder } from '../builder.js';
import { shapedNodes } from '../cost.js';
import type { Graph } from '../graph.js';
import { inputOf, seededWeights } from '../weights/weights.js';
import type { Engine } from './engine.js';

/**
 * TF32 keeps 10 bits of a factor, which errs by less than 1e-3; work that was dropped errs by 1.
 */
const TOLERANCE = 1e-2;

export const SEED = 1;
const [CHANNELS, SIDE, KERNEL, PADDING] = [4, 8, 3, 1];

export function oneConvolution(): Graph {
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

/** The result of an engine's convolution. */
export interface ConvolutionResult {
  /** Why its times are not valid, to complete "the engine ..."; null where the result is right. */
  readonly problem: string | null;
  /**
   * The largest difference from plain loops, over the largest value; null without a result.
   */
  readonly error: number | null;
}

/** Never throws: a wrong result is a finding, not an error. */
export async function tryConvolution(engine: Engine): Promise<ConvolutionResult> {
  try {
    const error = await errorOf(engine);
    return { error, problem: error > TOLERANCE ? 'computes a convolution wrongly' : null };
  } catch (error) {
    const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    return { error: null, problem: `opens, but runs no convolution: ${line}` };
  }
}

async function errorOf(engine: Engine): Promise<number> {
  const graph = oneConvolution();
  const executable = await engine.load(graph, { seed: SEED });
  try {
    const [output] = await executable.outputs();
    await engine.done();
    const expected = byDefinition(graph);
    const largest = Math.max(...expected.map(Math.abs));
    const errors = expected.map((value, i) => Math.abs(value - (output?.values[i] ?? NaN)) / largest);
    const error = Math.max(...errors);
    return Number.isNaN(error) ? 1 : error;
  } finally {
    executable.dispose();
  }
}

/** Every output element as the sum that defines it. */
function byDefinition(graph: Graph): readonly number[] {
  const x = inputOf('input', [1, CHANNELS, SIDE, SIDE], SEED);
  const [shapedNode] = shapedNodes(graph);
  const filter = seededWeights(graph, SEED)(shapedNode!)['weight']!;
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
