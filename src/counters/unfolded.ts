// Puts back batch norms that a file has folded: one norm for each folded bias.

import { complete } from '../fields.js';
import { tensorId, type Graph, type Node, type ParameterTensors } from '../graph.js';
import { opOf } from '../ops/table.js';

/**
 * A convolution that a norm was folded into has a bias, which is the norm's: with the norm back it
 * has none. (One that had a bias beside its norm, as VGG's, is taken to have had none: the file
 * does not show it, and no count of multiply-adds depends on it.)
 * @returns the graph itself where nothing was folded
 */
export function unfolded(graph: Graph): Graph {
  const folded = new Set(graph.folding?.convolutions);
  if (folded.size === 0) return graph;
  const taken = new Set([...graph.inputs, ...graph.nodes].map(({ name }) => name));
  const norms = new Map<string, string>();
  for (const name of folded) norms.set(name, free(`${name}.batchNorm`, taken));
  const shared = sharedNorms(graph, folded, norms);
  const behind = (name: string): string => norms.get(name) ?? name;
  const nodes = graph.nodes.flatMap((node): readonly Node[] => {
    const moved: Node = { ...node, inputs: node.inputs.map(behind) };
    const norm = norms.get(node.name);
    if (norm === undefined) return [moved];
    return [withoutBias(moved), normOf(node, norm, shared.get(node.name))];
  });
  return Object.freeze({ ...graph, nodes: Object.freeze(nodes), outputs: graph.outputs.map(behind) });
}

function withoutBias(node: Node): Node {
  const moved: Node = { ...node, attributes: { ...node.attributes, bias: false } };
  const { bias, ...tensors } = node.tensors ?? {};
  return bias ? { ...moved, tensors } : moved;
}

const normOf = ({ name, shape, stage, block }: Node, norm: string, tensors: ParameterTensors | undefined): Node => ({
  ...{ name: norm, op: 'batchNorm', inputs: [name], shape, stage, block },
  attributes: complete(opOf('batchNorm').fields, {}) as Node['attributes'],
  ...(tensors ? { tensors } : {}),
});

/**
 * Convolutions with the same stored bias had one norm. Each but the first names that norm's
 * tensors.
 */
function sharedNorms(
  { nodes }: Graph,
  folded: ReadonlySet<string>,
  norms: ReadonlyMap<string, string>,
): ReadonlyMap<string, ParameterTensors> {
  const first = new Map<string, string>();
  const shared = new Map<string, ParameterTensors>();
  for (const { name, shape, tensors } of nodes) {
    if (!folded.has(name)) continue;
    const bias = tensors?.['bias']?.map(({ id }) => id).join() ?? tensorId(name, 'bias');
    const norm = first.get(bias);
    if (norm === undefined) first.set(bias, norms.get(name)!);
    else
      shared.set(
        name,
        Object.fromEntries(
          ['scale', 'shift'].map((part) => [part, [{ id: tensorId(norm, part), elements: shape[1]! }]]),
        ),
      );
  }
  return shared;
}

function free(wanted: string, taken: Set<string>): string {
  let name = wanted;
  while (taken.has(name)) name = `${name}_`;
  taken.add(name);
  return name;
}
