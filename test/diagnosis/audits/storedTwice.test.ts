// Does the audit find weights that an ONNX file stores again, and only those?

import { describe, expect, it } from 'vitest';
import { encode, type Written } from '../../../src/exporters/onnx/writeMessage.js';
import { bytesSource } from '../../../src/importers/modelFile.js';
import { readOnnx } from '../../../src/importers/onnx/readOnnx.js';
import { graphOf } from '../../../src/model.js';
import type { Graph } from '../../../src/graph.js';
import { profile } from '../../../src/profile.js';
import { found, whole } from '../found.js';

const [ROWS, COLUMNS] = [48, 40];
const numbers = (seed: number): Float32Array =>
  Float32Array.from({ length: ROWS * COLUMNS }, (_, i) => Math.sin(1 + i * 1.7 + seed * 0.3));
const transposed = (of: Float32Array): Float32Array =>
  of.map((_, i) => of[(i % ROWS) * COLUMNS + Math.floor(i / ROWS)]!);

const tensor = (name: string, dims: readonly number[], values: Float32Array): Written<'Tensor'> => ({
  ...{ name, dataType: 1, dims },
  rawData: new Uint8Array(values.buffer),
});

/** y = (x A) B, with A of 48 x 40 and B of 40 x 48. */
function network(a: Float32Array, b: Float32Array): Graph {
  const value = (name: string, sides: readonly number[]) => ({
    name,
    type: { tensorType: { elemType: 1, shape: { dim: sides.map((dimValue) => ({ dimValue })) } } },
  });
  const bytes = encode('Model', {
    irVersion: 8,
    producerName: 'test',
    opsetImport: [{ version: 17 }],
    graph: {
      node: [
        { opType: 'MatMul', name: 'in', input: ['x', 'a'], output: ['h'] },
        { opType: 'MatMul', name: 'out', input: ['h', 'b'], output: ['y'] },
      ],
      initializer: [tensor('a', [ROWS, COLUMNS], a), tensor('b', [COLUMNS, ROWS], b)],
      input: [value('x', [1, 4, ROWS])],
      output: [value('y', [1, 4, ROWS])],
    },
  });
  return graphOf(readOnnx(bytesSource(bytes), 'm.onnx'));
}

describe('stored-twice', () => {
  it('names a transposed copy, and what one tensor in its place would save', () => {
    const tied = network(numbers(1), transposed(numbers(1)));
    const finding = found('stored-twice', tied, { source: 'onnx' })!;
    expect(finding).toMatchObject({
      evidence:
        '1 tensor of 1.92 k parameters, 50.0 % of all, is a copy of other tensors in the file: "b" has the numbers of "a".',
      figures: { copies: 1, elements: ROWS * COLUMNS, params: 2 * ROWS * COLUMNS },
      layers: ['in', 'out'],
      share: 0.5,
    });
    // The same network that reads one tensor twice.
    const once: Graph = {
      ...tied,
      nodes: tied.nodes.map((node) => ({ ...node, tensors: { weight: [{ id: 'a', elements: ROWS * COLUMNS }] } })),
    };
    const [before, after] = [tied, once].map((graph) => profile(graph).totals.params);
    expect(whole(finding.saves)).toEqual(whole({ params: before! - after! }));
  });

  it.each<[string, Graph]>([
    ['other numbers', network(numbers(1), transposed(numbers(2)))],
    ['the same bytes in other places', network(numbers(1), numbers(1))],
    ['weights that begin equal', network(new Float32Array(ROWS * COLUMNS), new Float32Array(ROWS * COLUMNS))],
  ])('%s are no copy', (_, graph) => {
    expect(found('stored-twice', graph, { source: 'onnx' })).toBeNull();
  });
});
