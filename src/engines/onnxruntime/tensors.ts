// The tensors that a session of ONNX Runtime is given, and those that it gives back.

import type * as ort from 'onnxruntime-node';
import type { Graph, RunnableFile } from '../../graph.js';
import { inputOf, product, sizesOf } from '../../weights/weights.js';
import type { ReadTensor } from './calls.js';
import { floatsOf, tensorData } from './tensorData.js';

type TensorClass = Pick<typeof ort, 'Tensor'>;
type Session = Pick<ort.InferenceSession, 'inputNames' | 'inputMetadata' | 'outputNames'>;

/** Seeded inputs of a graph that was written as ONNX. */
export const graphFeeds = (
  { Tensor }: TensorClass,
  { inputNames }: Session,
  graph: Graph,
  seed: number,
): ort.InferenceSession.FeedsType =>
  Object.fromEntries(
    graph.inputs.map(({ name, shape }, i) => {
      const sides = sizesOf(shape);
      return [inputNames[i]!, new Tensor('float32', inputOf(name, sides, seed), [...sides])];
    }),
  );

/**
 * Seeded inputs of a user's file.
 * @throws Error for an input whose sides are not known, or of a type that no number has
 */
export const fileFeeds = (
  { Tensor }: TensorClass,
  { inputMetadata }: Session,
  { inputs }: Pick<RunnableFile, 'inputs'>,
  seed: number,
): ort.InferenceSession.FeedsType =>
  Object.fromEntries(
    inputMetadata.map((input) => {
      const sides = inputs.get(input.name);
      if (!input.isTensor || sides === undefined)
        throw new Error(`its input "${input.name}" is not a tensor whose sides are known`);
      const values = inputOf(input.name, sides, seed);
      return [input.name, new Tensor(input.type as 'float32', tensorData(input.type, values) as never, [...sides])];
    }),
  );

/** Outputs in the order of the session; one that is no tensor is left out. */
export function readTensors(
  { outputNames }: Session,
  results: ort.InferenceSession.OnnxValueMapType,
): readonly ReadTensor[] {
  return outputNames.flatMap((name) => {
    const value = results[name];
    if (value === undefined || !('dims' in value)) return [];
    const { type, dims, data } = value;
    return [
      { shape: dims, values: floatsOf(type, data, product(dims)), integers: !/^(float|double|string)/.test(type) },
    ];
  });
}
