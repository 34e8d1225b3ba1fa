// Which network was it before its batch norms were folded away? The same graph with a norm in place of each folded bias.

import { complete } from '../fields.js';
import type { Graph, Node } from '../graph.js';
import { opOf } from '../ops/table.js';

/**
 * A convolution that a norm was folded into has a bias, which is the norm's: with the norm back it has none. (One that
 * had a bias beside its norm, as VGG's, is taken to have had none: the file does not show it, and no count of
 * multiply-adds depends on it.)
 * @returns the graph itself where nothing was folded
 */
export function unfolded(graph: Graph): Graph {
  const folded = new Set(graph.folding?.convolutions);
  if (folded.size === 0) return graph;
  const taken = new Set([...graph.inputs, ...graph.nodes].map(({ name }) => name));
  const norms = new Map<string, string>();
  for (const name of folded) norms.set(name, free(`${name}.batchNorm`, taken));
  const behind = (name: string): string => norms.get(name) ?? name;
  const nodes = graph.nodes.flatMap((node): readonly Node[] => {
    const moved: Node = { ...node, inputs: node.inputs.map(behind) };
    const norm = norms.get(node.name);
    if (norm === undefined) return [moved];
    return [{ ...moved, attributes: { ...node.attributes, bias: false } }, normOf(node, norm, norms)];
  });
  return Object.freeze({ ...graph, nodes: Object.freeze(nodes), outputs: graph.outputs.map(behind) });
}

const normOf = (
  { name, shape, stage, block, sharesParams }: Node,
  norm: string,
  norms: ReadonlyMap<string, string>,
): Node => {
  const owner = sharesParams === undefined ? undefined : norms.get(sharesParams);
  return {
    ...{ name: norm, op: 'batchNorm', inputs: [name], shape, stage, block },
    attributes: complete(opOf('batchNorm').fields, {}) as Node['attributes'],
    ...(owner === undefined ? {} : { sharesParams: owner }),
  };
};

function free(wanted: string, taken: Set<string>): string {
  let name = wanted;
  while (taken.has(name)) name = `${name}_`;
  taken.add(name);
  return name;
}
