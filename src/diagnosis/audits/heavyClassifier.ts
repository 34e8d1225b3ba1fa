// The audit heavy-classifier: fully connected layers at the end hold most of the parameters.

import type { Graph, Node } from '../../graph.js';
import { layerKindOf } from '../../cost.js';
import { percent } from '../../numberText.js';
import { counted } from '../../plural.js';
import { fixedByTask } from '../../redesign/advice.js';
import { again, savingOf, type Edit } from '../changed.js';
import type { Audit } from '../finding.js';
import { surroundingsOf } from '../surroundings.js';

/** The least share of the parameters. */
const WORTH = 0.5;
/** The least number of parameters. */
const LEAST_PARAMS = 100_000;

export const heavyClassifier: Audit = {
  id: 'heavy-classifier',
  title: 'The classifier holds most of the parameters',
  source: 'Network in Network, arXiv 1312.4400, section 3.2: global average pooling in place of fully connected layers',
  find(subject) {
    const {
      graph,
      profile: { layers, totals },
    } = subject;
    const head = new Set(headOf(graph).filter(notAuxiliary(graph)));
    const params = layers.reduce((sum, layer) => sum + (head.has(layer.name) ? layer.params : 0), 0);
    if (params < WORTH * totals.params || params < LEAST_PARAMS) return null;
    const wide = flattened(graph, head);
    const saves = wide && savingOf(subject, pooledFirst(wide));
    return {
      evidence: `${counted(head.size, 'fully connected layer')} at the end ${head.size === 1 ? 'holds' : 'hold'} ${percent(params, totals.params)} of the parameters.`,
      figures: { layers: head.size, params },
      layers: layers.filter(({ name }) => head.has(name)).map(({ name }) => name),
      fix: saves
        ? `Average each channel before ${wide.reader} (global average pooling): it then reads one number for each channel.`
        : 'Use fewer features before it, or a factorised or pruned last layer; on a GPU at large batches it costs little time.',
      saves: saves ?? {},
      share: params / totals.params,
    };
  },
};

/** Linear layers from which only unary ops and further linear layers lead to an output. */
function headOf(graph: Graph): readonly string[] {
  const fixed = fixedByTask(graph);
  const head = new Set<string>();
  const behind = new Set(graph.outputs);
  const isHead = (node: Node): boolean => layerKindOf(node) === 'linear';
  for (const node of graph.nodes.toReversed()) {
    if (!behind.has(node.name) && !fixed.has(node.name)) continue;
    if (isHead(node)) head.add(node.name);
    if ((isHead(node) || node.inputs.length === 1) && layerKindOf(node) !== 'conv' && node.shape.length === 2)
      for (const input of node.inputs) behind.add(input);
  }
  return [...head];
}

/**
 * Whether a layer of the head classifies what the whole network made. An auxiliary classifier (of
 * GoogLeNet, say) branches off where further convolutions lead on to the next classifier, and is
 * left out for inference.
 */
function notAuxiliary(graph: Graph): (name: string) => boolean {
  const { nodes, readersOf } = surroundingsOf(graph);
  // Nodes that lead to a linear layer, and nodes that lead to one through a convolution.
  const [classified, convolved] = [new Set<string>(), new Set<string>()];
  for (const node of graph.nodes.toReversed()) {
    const [kind, readers] = [layerKindOf(node), readersOf(node.name)];
    if (kind === 'linear' || readers.some(({ name }) => classified.has(name))) classified.add(node.name);
    if ((kind === 'conv' && classified.has(node.name)) || readers.some(({ name }) => convolved.has(name)))
      convolved.add(node.name);
  }
  return (name) => {
    let [branch, feed] = [name, nodes.get(nodes.get(name)!.inputs[0]!)];
    while (feed !== undefined && readersOf(feed.name).length === 1 && feed.inputs.length === 1)
      [branch, feed] = [feed.name, nodes.get(feed.inputs[0]!)];
    return (
      feed === undefined || !readersOf(feed.name).some((reader) => reader.name !== branch && convolved.has(reader.name))
    );
  };
}

/** The first layer of the head, where it reads a map with several positions. */
function flattened(
  graph: Graph,
  head: ReadonlySet<string>,
): { readonly reader: string; readonly flatten: Node } | undefined {
  const nodes = new Map(graph.nodes.map((node) => [node.name, node]));
  for (const node of graph.nodes) {
    if (!head.has(node.name)) continue;
    const flatten = nodes.get(node.inputs[0]!);
    const map = flatten && nodes.get(flatten.inputs[0]!);
    if (flatten?.op !== 'flatten' || map?.shape.length !== 4) return undefined;
    const [, , h, w] = map.shape as readonly number[];
    return h! * w! > 1 ? { reader: node.name, flatten } : undefined;
  }
  return undefined;
}

const pooledFirst =
  ({ reader, flatten }: { readonly reader: string; readonly flatten: Node }): Edit =>
  (net, node, inputs) => {
    if (node === flatten) return again(net, node, [net.apply('globalAvgPool', `${node.name}/pool`, inputs)]);
    return node.name === reader ? again(net, { ...node, tensors: {} }, inputs) : undefined;
  };
