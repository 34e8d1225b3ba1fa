// Finds layers that read the same input in the same way, so that one wider layer can replace them.

import type { Builder } from '../builder.js';
import {
  deadEnds,
  tensorId,
  type Graph,
  type Node,
  type ParameterTensors,
  type StoredTensor,
  type Value,
} from '../graph.js';
import { opOf } from '../ops/table.js';
import { again, type Edit } from './changed.js';
import { elementsOf } from './elements.js';
import { surroundingsOf } from './surroundings.js';

/** A layer, with the ops after it that all siblings share. */
interface Sibling {
  readonly node: Node;
  readonly after: readonly Node[];
}

/** Two or more, in order of execution. */
export type Siblings = readonly Sibling[];

/** Ops that treat each channel, or each element, alone. */
const SEPARABLE: readonly string[] = [
  ...['batchNorm', 'relu', 'relu6', 'leakyRelu', 'sigmoid', 'hardSigmoid', 'hardSwish', 'silu', 'gelu', 'tanh'],
  ...['elu', 'mish', 'clip'],
];

/** The field of an op that is its width, for ops whose layers can be merged. */
const WIDTH: Readonly<Record<string, string>> = { conv: 'channels', linear: 'features' };

const keyOf = (op: string, attributes: Node['attributes'], width?: string): string =>
  JSON.stringify([op, Object.entries(attributes).filter(([name]) => name !== width)]);

/** Convolutions without groups, and linear layers, that differ from another one only in width. */
export function siblingsOf(graph: Graph): readonly Siblings[] {
  const { onlyReader } = surroundingsOf(graph);
  // What feeds no output is removed rather than merged.
  const dead = new Set(deadEnds(graph).map(({ name }) => name));
  const sets = new Map<string, Node[]>();
  for (const node of graph.nodes) {
    const width = dead.has(node.name) ? undefined : WIDTH[node.op];
    if (width === undefined || (node.attributes['groups'] ?? 1) !== 1 || node.tensors?.['weight']?.length === 0)
      continue;
    const key = `${node.inputs[0]} ${keyOf(node.op, node.attributes, width)}`;
    const set = sets.get(key);
    if (set) set.push(node);
    else sets.set(key, [node]);
  }
  const separable = ({ name }: Node): Node | undefined => {
    const next = onlyReader(name);
    return next && next.inputs.length === 1 && SEPARABLE.includes(next.op) ? next : undefined;
  };
  return [...sets.values()].filter(ownWeights).map((nodes) => {
    const after = nodes.map((): Node[] => []);
    let ends: readonly Node[] = nodes;
    for (;;) {
      const next = ends.flatMap((end) => separable(end) ?? []);
      if (next.length < nodes.length || new Set(next.map(({ op, attributes }) => keyOf(op, attributes))).size > 1)
        break;
      next.forEach((one, i) => after[i]!.push(one));
      ends = next;
    }
    return nodes.map((node, i) => ({ node, after: after[i]! }));
  });
}

/** Layers that share their weights run on the same numbers already. */
function ownWeights(nodes: readonly Node[]): boolean {
  const ids = nodes.flatMap(({ name, tensors }) => tensors?.['weight']?.map(({ id }) => id) ?? [name]);
  return nodes.length > 1 && new Set(ids).size === ids.length;
}

/** Builds one wide layer for each set, with what follows, and splits its output. */
export function merging(sets: readonly Siblings[]): Edit {
  const first = new Map(sets.map((set) => [set[0]!.node.name, set]));
  const replacements = new Map<string, Value>();
  return (net, node, inputs) => {
    const set = first.get(node.name);
    if (set) for (const [name, value] of merged(net, set, inputs)) replacements.set(name, value);
    return replacements.get(node.name);
  };
}

function merged(net: Builder, set: Siblings, inputs: readonly Value[]): ReadonlyMap<string, Value> {
  const [{ node, after }] = set as readonly [Sibling];
  const width = WIDTH[node.op]!;
  const widths = set.map((one) => one.node.attributes[width] as number);
  const all = widths.reduce((sum, one) => sum + one, 0);
  const given = { ...node.attributes, [width]: all };
  let wide = net.apply(node.op, node.name, inputs, given, tensorsOf(set, inputs));
  for (const next of after) wide = again(net, next, [wide], {});
  const axis = node.op === 'linear' ? wide.shape.length - 1 : 1;
  let begin = 0;
  return new Map(
    set.flatMap((one, i) => {
      const end = one.after.at(-1) ?? one.node;
      const part = net.apply('slice', `${end.name}/part`, wide, {
        begin: wide.shape.map((_, side) => (side === axis ? begin : 0)),
        size: wide.shape.with(axis, widths[i]!),
        step: wide.shape.map(() => 1),
      });
      begin += widths[i]!;
      return [one.node, ...one.after].map(({ name }) => [name, part] as const);
    }),
  );
}

/** The stored tensors of all, so that weights that other layers read as well count once. */
function tensorsOf(set: Siblings, inputs: readonly Value[]): ParameterTensors {
  const shapes = inputs.map(({ shape }) => shape);
  const all: Record<string, StoredTensor[]> = {};
  for (const { node } of set)
    for (const [parameter, shape] of Object.entries(opOf(node.op).params?.(shapes, node.attributes) ?? {}))
      (all[parameter] ??= []).push(
        ...(node.tensors?.[parameter] ?? [{ id: tensorId(node.name, parameter), elements: elementsOf(shape) }]),
      );
  return all;
}
