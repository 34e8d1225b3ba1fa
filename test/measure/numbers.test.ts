// A run says in which numbers it computed, and its bytes/s are of elements of their size.

import { describe, expect, it } from 'vitest';
import { builtIn } from '../../src/builtIn.js';
import type { AsRun } from '../../src/engines/engine.js';
import type { RunnableFile } from '../../src/graph.js';
import { measure } from '../../src/measure/measure.js';
import { numbersOf } from '../../src/measure/numbers.js';
import { graphOf } from '../../src/model.js';
import { profile } from '../../src/profile.js';
import { readRuns } from '../../src/records/run/readRun.js';
import { fakeEngine } from './fakeEngine.js';

const file = (precision: string, bytesPerElement: number): RunnableFile => ({
  ...{ path: 'own.onnx', precision, bytesPerElement, weightFiles: [], inputs: new Map(), graphNodes: new Map() },
});
const ran = (given: Partial<AsRun>): AsRun => ({ steps: [], ...given });

describe('numbersOf', () => {
  it('is float32 where our graph ran, or TF32 where the engine says so', () => {
    expect(numbersOf(undefined, null, {})).toEqual({ precision: 'float32', bytesPerElement: 4 });
    expect(numbersOf(undefined, null, { tf32: true }).precision).toBe('tf32');
    expect(numbersOf(file('float32', 4), null, { tf32: true }).precision).toBe('tf32');
  });

  it.each<[string, RunnableFile, AsRun | null, number]>([
    ['float16', file('float16', 2), ran({ widened: false }), 2],
    ['float16', file('float16', 2), null, 2],
    ['float16, run in float32', file('float16', 2), ran({ widened: true }), 4],
    ['float64', file('float64', 8), ran({ widened: false, integerProducts: false }), 8],
    ['int8 (QDQ)', file('int8 (QDQ)', 1), ran({ integerProducts: true }), 1],
    ['int8 (QDQ), run in float32', file('int8 (QDQ)', 1), ran({ integerProducts: false }), 4],
  ])('%s', (precision, own, made, bytesPerElement) => {
    expect(numbersOf(own, made, {})).toEqual({ precision, bytesPerElement });
  });
});

it('a file in half precision has half the bytes per second of the same time, and its record is read', async () => {
  const graph = graphOf(builtIn('resnet18'), 2, [3, 32, 32]);
  const counted = profile(graph);
  const run = async (weights: 'file' | 'seeded') => {
    const fake = fakeEngine({ layers: { clock: null, reason: 'no clock' } });
    const engine = { ...fake.engine, load: async () => ({ ...(await fake.engine.load(graph)), weights }) };
    return measure(engine, graph, counted, {
      ...{ protocol: { warmups: 3, windows: 5, minWindowSeconds: 1 }, seed: 1, eager: false, layers: false },
      ...{ ceilings: null, version: 'test', now: fake.now, file: file('float16', 2) },
      power: { meter: { reason: 'no meter here' }, idle: { watts: null, how: 'no meter here' } },
    });
  };
  const [own, seeded] = [await run('file'), await run('seeded')];
  expect([own.precision, own.bytesPerElement]).toEqual(['float16', 2]);
  expect([seeded.precision, seeded.bytesPerElement]).toEqual(['float32', 4]);
  const seconds = own.times.median / 1000;
  expect(own.bytesPerSecond).toBeCloseTo((2 * counted.totals.memoryAccess.fused) / seconds, -3);
  expect(own.memory.weightBytes).toBe(2 * counted.totals.params);
  expect(readRuns(JSON.stringify(own), 'run.json')).toHaveLength(1);
  expect(() => readRuns(JSON.stringify({ ...own, bytesPerElement: 4 }), 'run.json')).toThrow(/bytesPerSecond is wrong/);
});
