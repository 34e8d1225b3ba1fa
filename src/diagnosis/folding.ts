// Folds batch norms into the layers before them, as every runtime does when it loads a network.

import { layerKindOf } from '../cost.js';
import type { Graph, Node } from '../graph.js';
import { InputError } from '../inputError.js';
import { profile, type Totals } from '../profile.js';
import { changed, type Edit } from './changed.js';
import type { Subject } from './finding.js';
import { surroundingsOf } from './surroundings.js';

export type FoldablePair = readonly [layer: Node, norm: Node];

/** Batch norms that alone read a convolution or a linear layer, each with that layer. */
export function foldable(graph: Graph): readonly FoldablePair[] {
  const { onlyReader } = surroundingsOf(graph);
  return graph.nodes.flatMap((node): readonly FoldablePair[] => {
    if (layerKindOf(node) === undefined) return [];
    const next = onlyReader(node.name);
    return next?.op === 'batchNorm' ? [[node, next]] : [];
  });
}

/** The layer gets a bias, and the norm is gone. */
export function folding(pairs: readonly FoldablePair[]): Edit {
  const layers = new Set(pairs.map(([{ name }]) => name));
  const norms = new Set(pairs.map(([, { name }]) => name));
  return (net, { name, op, attributes, tensors }, inputs) => {
    if (norms.has(name)) return inputs[0];
    // Weights that several layers read stay one tensor.
    return layers.has(name) && attributes['bias'] === false
      ? net.apply(op, name, inputs, { ...attributes, bias: true }, tensors)
      : undefined;
  };
}

/** The network as a runtime runs it; the graph itself where nothing is to be folded. */
export function folded(graph: Graph): Graph {
  const pairs = foldable(graph);
  return pairs.length === 0 ? graph : changed(graph, folding(pairs));
}

/** As it is written where the folded network cannot be built. */
function foldedWhereBuilt(graph: Graph): Graph {
  try {
    return folded(graph);
  } catch (error) {
    if (error instanceof InputError) return graph;
    throw error;
  }
}

/**
 * What audits of inference look at: the network with its norms folded, so that a file with folded
 * norms and one without get the same findings. Times of an engine that ran every op by itself, and
 * predicted ones, are of the network as it is written.
 */
export function forInference(subject: Subject): Subject {
  const { graph, profile: written, timing } = subject;
  if (timing && (timing.eager || timing.kind === 'predicted')) return subject;
  const seen = foldedWhereBuilt(graph);
  if (seen === graph) return { ...subject, written: subject };
  const { source, bytesPerElement } = written;
  return { ...subject, graph: seen, profile: profile(seen, { source, bytesPerElement }), written: subject };
}

/** The network that all findings but those of the file itself and of training are about. */
export interface FoldedTotals {
  /** Batch norms that are folded into the layers before them. */
  readonly norms: number;
  /** Of the network without them. */
  readonly totals: Totals;
}

/** Undefined where both are one network. */
export function foldedTotals(written: Subject, seen: Subject): FoldedTotals | undefined {
  const norms = written.graph.nodes.length - seen.graph.nodes.length;
  return norms === 0 ? undefined : { norms, totals: seen.profile.totals };
}
