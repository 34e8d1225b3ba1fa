// Tells whether batch norms were folded into convolutions, from names of weights and biases.

import type { Folding, Graph } from '../graph.js';

/**
 * @param named convolutions whose weights and biases were made by PyTorch's exporter, which only
 * folds norms into both
 */
export function withFolding(graph: Graph, named: readonly string[] = []): Graph {
  const folding = foldingOf(graph, named);
  return folding ? Object.freeze({ ...graph, folding }) : graph;
}

function foldingOf({ nodes }: Graph, named: readonly string[]): Folding | undefined {
  if (named.length > 0) return { convolutions: named, evidence: 'named' };
  if (nodes.some(({ op }) => op === 'batchNorm')) return undefined;
  const convolutions = nodes.filter(({ op, attributes }) => op === 'conv' && attributes['bias'] === true);
  return convolutions.length === 0
    ? undefined
    : { convolutions: convolutions.map(({ name }) => name), evidence: 'possible' };
}
