// What does onnxruntime make of a file? Its WebAssembly build runs in this process, on the same seeded input as our engines.

import * as ort from 'onnxruntime-web';
import type { Graph } from '../../../src/graph.js';
import { writeOnnx, type OnnxFile, type OnnxOptions } from '../../../src/exporters/onnx/writeOnnx.js';
import type { Tensor } from '../../importers/onnx/decoded.js';
import { inputOf, sizesOf } from '../../../src/weights/weights.js';

ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

export const SEED = 7;

export const written = (graph: Graph, options: Partial<OnnxOptions> = {}): OnnxFile =>
  writeOnnx(graph, { seed: SEED, weights: 'inside', producer: ['flopscope', 'test'], ...options });

export const bytesOf = (pieces: Iterable<Uint8Array>): Uint8Array => Buffer.concat([...pieces]);

interface Result {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Every output by name; `graph` says which inputs to make, at sizes of its own where the file leaves some open. */
export async function outputsOf(
  model: Uint8Array,
  graph: Graph,
  options: ort.InferenceSession.SessionOptions = {},
  weights: ReadonlyMap<string, Tensor> = new Map(),
): Promise<ReadonlyMap<string, Result>> {
  const session = await ort.InferenceSession.create(model, options);
  try {
    const feeds = graph.inputs.map(({ name, shape }): [string, ort.Tensor] => {
      const sizes = sizesOf(shape);
      return [name, new ort.Tensor('float32', inputOf(name, sizes, SEED), sizes)];
    });
    for (const [name, { sides, values }] of weights) feeds.push([name, new ort.Tensor('float32', values, sides)]);
    const results = await session.run(Object.fromEntries(feeds));
    return new Map(
      Object.entries(results).map(([name, { dims, data }]) => [name, { shape: dims, values: data as Float32Array }]),
    );
  } finally {
    await session.release();
  }
}
