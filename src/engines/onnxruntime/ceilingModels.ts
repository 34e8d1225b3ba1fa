// Writes the ONNX models of ceilings: matrix products one after the other, and elementwise passes.

import { DATA_TYPES } from '../../importers/onnx/messages.js';
import { encode, type Written } from '../../exporters/onnx/writeMessage.js';
import { normals } from '../../weights/random.js';

/** Steps of one run: enough that the set-up and the number that is read back do not matter. */
export const STEPS = 4;
const IR_VERSION = 8;
const OPSET = 13;

/** A number that is given with every run, so that nothing can be computed beforehand. */
export const FACTOR = 'factor';

/** Products of a square matrix of this side with another one, which keeps the size of values. */
export function matmulModel(side: number): Uint8Array {
  const matrix = (name: string, seed: number): Written<'Tensor'> =>
    floats(name, [side, side], normals(side * side, seed, 1 / Math.sqrt(side)));
  const first = node('Mul', ['a', FACTOR], 'x0');
  return model([first, ...chain('MatMul', 'b')], [matrix('a', 1), matrix('b', 2)], [0, 0]);
}

/** Elementwise passes, each of which reads and writes this many floats. */
export function copyModel(elements: number): Uint8Array {
  const first = node('Expand', [FACTOR, 'shape'], 'x0');
  return model([first, ...chain('Mul', FACTOR)], [integers('shape', [elements])], [0]);
}

const chain = (op: string, other: string): readonly Written<'Node'>[] =>
  Array.from({ length: STEPS }, (_, i) => node(op, [`x${i}`, other], `x${i + 1}`));

function model(
  nodes: readonly Written<'Node'>[],
  tensors: readonly Written<'Tensor'>[],
  corner: readonly number[],
): Uint8Array {
  const end = node('Slice', [`x${STEPS}`, 'starts', 'ends', 'axes'], 'y');
  const slicing = [
    integers('starts', corner),
    integers(
      'ends',
      corner.map(() => 1),
    ),
    integers('axes', corner.map((_, i) => i)), // prettier-ignore
  ];
  return encode('Model', {
    irVersion: IR_VERSION,
    opsetImport: [{ version: OPSET }],
    graph: {
      name: 'ceiling',
      node: [...nodes, end],
      initializer: [...tensors, ...slicing],
      input: [value(FACTOR, [1])],
      output: [value('y', corner.map(() => 1))], // prettier-ignore
    },
  });
}

const node = (opType: string, input: readonly string[], output: string): Written<'Node'> => ({
  input,
  output: [output],
  name: output,
  opType,
});

const floats = (name: string, dims: readonly number[], { buffer }: Float32Array): Written<'Tensor'> => ({
  dims,
  dataType: DATA_TYPES.float,
  name,
  rawData: new Uint8Array(buffer),
});

const integers = (name: string, values: readonly number[]): Written<'Tensor'> => ({
  dims: [values.length],
  dataType: DATA_TYPES.int64,
  int64Data: values,
  name,
});

const value = (name: string, sides: readonly number[]): Written<'ValueInfo'> => ({
  name,
  type: { tensorType: { elemType: DATA_TYPES.float, shape: { dim: sides.map((dimValue) => ({ dimValue })) } } },
});
