// The user's own ONNX file runs as it is: its weights, ops that are not counted, and the sizes that it states.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { DATA_TYPES } from '../../../src/importers/onnx/messages.js';
import { bytesSource } from '../../../src/importers/modelFile.js';
import { readOnnx } from '../../../src/importers/onnx/readOnnx.js';
import { encode, type Written } from '../../../src/exporters/onnx/writeMessage.js';
import { openEngine } from '../../../src/engines/open.js';
import type { Engine } from '../../../src/engines/engine.js';
import { graphOf } from '../../../src/model.js';
import type { Run } from '../../../src/measure/run.js';
import { capture } from '../../cli/capture.js';

const folder = mkdtempSync(join(tmpdir(), 'flopscope-files-'));
const opened: Engine[] = [];
afterAll(async () => {
  rmSync(folder, { recursive: true });
  for (const engine of opened) await engine.close();
});

/** Twice the image's sum over channels, through an op of Microsoft's that flopscope does not know where asked. */
function fileOf(middle: 'Relu' | 'SampleOp'): { readonly path: string; readonly bytes: Uint8Array } {
  const floats = (name: string, dims: readonly number[], value: number): Written<'Tensor'> => ({
    ...{ name, dims, dataType: DATA_TYPES.float },
    floatData: new Array<number>(dims.reduce((a, b) => a * b, 1)).fill(value),
  });
  const value = (name: string, sides: readonly number[]): Written<'ValueInfo'> => ({
    name,
    type: { tensorType: { elemType: DATA_TYPES.float, shape: { dim: sides.map((dimValue) => ({ dimValue })) } } },
  });
  const bytes = encode('Model', {
    irVersion: 8,
    opsetImport: [{ version: 17 }, { domain: 'com.microsoft', version: 1 }],
    graph: {
      name: 'own',
      node: [
        { opType: 'Conv', input: ['image', 'filter'], output: ['sum'], name: '' },
        middle === 'Relu'
          ? { opType: 'Relu', input: ['sum'], output: ['middle'] }
          : { opType: 'SampleOp', domain: 'com.microsoft', input: ['sum'], output: ['middle'] },
        { opType: 'Conv', input: ['middle', 'second'], output: ['out'] },
      ],
      initializer: [floats('filter', [1, 3, 1, 1], 2), floats('second', [1, 1, 1, 1], 1)],
      input: [value('image', [1, 3, 8, 8])],
      output: [value('out', [1, 1, 8, 8])],
      valueInfo: [value('sum', [1, 1, 8, 8]), value('middle', [1, 1, 8, 8])],
    },
  });
  const path = join(folder, `${middle}.onnx`);
  writeFileSync(path, bytes);
  return { path, bytes };
}

async function runtime(): Promise<Engine | undefined> {
  const found = await openEngine('onnxruntime', { provider: 'cpu' });
  if (found.available) opened.push(found.engine);
  return found.available ? found.engine : undefined;
}
const engine = await runtime();

it.skipIf(!engine)('has its own weights, and joins its nodes though they have no names', async () => {
  const { path, bytes } = fileOf('Relu');
  const model = readOnnx(bytesSource(bytes), path);
  const graph = graphOf(model);
  const file = model.fileAt!(graph.inputs[0]!.shape)!;
  const executable = await engine!.load(graph, { seed: 3, file });
  expect(executable.weights).toBe('file');
  const [out] = await executable.outputs();
  // All weights are positive multiples of the identity, so that no output of the ReLU is negative.
  expect(out!.shape).toEqual([1, 1, 8, 8]);
  expect(out!.values.every((value) => value >= 0)).toBe(true);
  expect(out!.values.some((value) => value > 0)).toBe(true);
  const ran = await executable.asRun();
  expect(ran!.steps.flatMap(({ nodes }) => nodes).sort()).toEqual(graph.nodes.map(({ name }) => name).sort());
  executable.dispose();
  await engine!.done();
});

it('is not there for sizes that the file does not take, nor for a file without weights', () => {
  const { path, bytes } = fileOf('Relu');
  const model = readOnnx(bytesSource(bytes), path);
  expect(model.fileAt!([1, 3, 8, 8])).toBeDefined();
  expect(model.fileAt!([1, 3, 16, 16])).toBeUndefined();
});

const SHORT = ['--min-window', '0.02', '--windows', '2', '--no-ceilings', '--format', 'json'];

it.skipIf(!engine)('is timed with an op that is not counted, and the run says so', async () => {
  const { path } = fileOf('SampleOp');
  const { out, err, code } = await capture(['measure', path, '--engine', 'onnxruntime', '--layers', ...SHORT]);
  expect(err).toBe('');
  expect(code).toBe(0);
  const run = JSON.parse(out) as Run;
  expect(run.weights).toBe('file');
  expect(run.warnings.map(({ message }) => message).join()).toContain('1 node of it is not counted');
  expect(run.asRun!.kernels).toBeGreaterThanOrEqual(3);
});

it('with such an op is refused by an engine that runs graphs, naming the op', async () => {
  const { path } = fileOf('SampleOp');
  const { err, code } = await capture(['measure', path, '--engine', 'wasm', ...SHORT]);
  expect(code).toBe(2);
  expect(err).toContain('SampleOp');
});

it.skipIf(!engine)('that is damaged is refused in one sentence', async () => {
  const { path, bytes } = fileOf('Relu');
  writeFileSync(path, bytes.subarray(0, bytes.length - 40));
  const { err, code } = await capture(['measure', path, '--engine', 'onnxruntime', ...SHORT]);
  expect(code).toBe(2);
  expect(err.trim().split('\n')).toHaveLength(1);
});
