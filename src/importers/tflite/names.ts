// Names, stages and blocks of a TFLite file, from the layer paths in tensor names.

import { PathNaming, sharedModules, type Naming } from '../kit/naming.js';
import type { Subgraph, TfliteCall } from './network.js';

/** Names of the multiplying operations in TensorFlow and Keras. */
const MULTIPLIES = /conv|depthwise|matmul|biasadd|einsum/i;

/**
 * The converter joins the names of what it fused with semicolons:
 * "a/act/Relu;a/bn/add_1;a/conv/convolution". The layer with the weights names the operator. The
 * last segment is an operation inside the layer.
 */
function modulesOf(name: string, hasWeights: boolean): readonly string[] | undefined {
  const paths = name.split(';').map((path) => path.split('/').filter(Boolean));
  const long = paths.filter(({ length }) => length > 1);
  const weighted = hasWeights ? long.find((path) => MULTIPLIES.test(path.at(-1)!)) : undefined;
  return (weighted ?? long[0])?.slice(0, -1);
}

export function namingOf(graphs: readonly Subgraph[]): Naming<TfliteCall> {
  const calls = graphs.flatMap((graph) => graph.calls);
  const learnt = new Set(
    graphs.flatMap(({ constants }) => [...constants].flatMap(([key, { stored }]) => (stored ? [key] : []))),
  );
  const hasWeights = ({ inputs }: TfliteCall): boolean => inputs.some((key) => key !== undefined && learnt.has(key));
  const paths = new Map(calls.map((call) => [call, modulesOf(call.name, hasWeights(call))]));
  const known = [...paths.values()].filter((path) => path !== undefined);
  // A path may end where the part that all share ends, such as the name of the model.
  const start = known.length > 1 ? sharedModules(known, 0) : 0;
  return new PathNaming(calls, { pathOf: (call) => paths.get(call)?.slice(start), hasWeights });
}
