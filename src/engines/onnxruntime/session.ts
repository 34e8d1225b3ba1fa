// Makes sessions of ONNX Runtime from a graph or a user's file.

import type * as ort from 'onnxruntime-node';
import { writeOnnx } from '../../exporters/onnx/writeOnnx.js';
import type { Pieces } from '../../exporters/onnx/writeTensors.js';
import type { Graph, RunnableFile } from '../../graph.js';
import type { LoadCall } from './calls.js';
import type { FileNode } from './fileTensors.js';
import { fileNodes } from './optimised.js';
import { fileFeeds, graphFeeds } from './tensors.js';

export type Runtime = Pick<typeof ort, 'InferenceSession' | 'Tensor' | 'env'>;
export type Options = ort.InferenceSession.SessionOptions;

/** The source from which sessions are made. */
export interface SessionSource {
  create(runtime: Runtime, options: Options): Promise<ort.InferenceSession>;
  feeds(runtime: Runtime, session: ort.InferenceSession): ort.InferenceSession.FeedsType;
  nodes(): readonly FileNode[];
  /** Names of graph nodes that a node of the file stands for, by its first output. */
  readonly stands: ReadonlyMap<string, readonly string[]>;
}

/** A file with more weights than this has them beside it: protobuf ends at 2 GiB. */
const MOST_INSIDE = 1.9e9;
const BESIDE = 'weights';

export const originOf = ({ graph, seed, file }: Pick<LoadCall, 'graph' | 'seed' | 'file'>): SessionSource =>
  file ? fileOrigin(file, seed) : graphOrigin(graph, seed);

/** Weights are generated for each session, so that no copy of them is kept. */
function graphOrigin(graph: Graph, seed: number): SessionSource {
  const write = (weights: 'inside' | { readonly file: string }) =>
    writeOnnx(graph, { seed, weights, producer: ['flopscope', ''] });
  const outside = write({ file: BESIDE });
  return {
    stands: new Map(outside.written.map(({ output, of }) => [output, [of]])),
    nodes: () => outside.written.map(({ type, inputs, output }) => ({ op: type, inputs, outputs: [output] })),
    create(runtime, options) {
      const { model, external } = (outside.external?.size ?? 0) > MOST_INSIDE ? outside : write('inside');
      const beside = external && { externalData: [{ path: BESIDE, data: whole(external) }] };
      return runtime.InferenceSession.create(whole(model), { ...options, ...beside });
    },
    feeds: (runtime, session) => graphFeeds(runtime, session, graph, seed),
  };
}

const fileOrigin = (file: RunnableFile, seed: number): SessionSource => ({
  stands: file.graphNodes,
  nodes: () => fileNodes(file.path),
  create: (runtime, options) => runtime.InferenceSession.create(file.path, options),
  feeds: (runtime, session) => fileFeeds(runtime, session, file, seed),
});

/** Joins the pieces of a file. */
export function whole({ size, pieces }: Pieces): Uint8Array {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces()) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
