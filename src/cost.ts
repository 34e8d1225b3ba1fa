// What does one node cost? Its op gives params and multiply-adds; memory access follows from shapes here and nowhere else.

import { add, equal, mul, total, type Dim } from './dim/dim.js';
import { readersOf, shapesOf, type Graph, type Node } from './graph.js';
import { opOf } from './ops/table.js';
import { elements, type Shape } from './shape.js';

/** ShuffleNetV2's memory access cost (arXiv 1807.11164, section 2), in elements, in four readings. */
export interface MemoryAccess<N> {
  /** Convolutions only, as VoVNet Eq. 1 (arXiv 1904.09730): inputs + outputs + weights without bias. */
  readonly conv: N;
  /** Fully connected layers only, counted the same way. */
  readonly linear: N;
  /** Every op as an eager framework runs it; views are free. */
  readonly unfused: N;
  /** Every op as an inference compiler runs it: elementwise ops absorbed, concat written in place. */
  readonly fused: N;
}

/** Counts that add up from node to node. N is a number for a profile and a Dim for a closed form. */
export interface Counts<N> {
  /** Learnable parameters. */
  readonly params: N;
  /** Multiply-adds of convolutions and fully connected layers. */
  readonly multAdds: N;
  /** Output elements of convolutions and fully connected layers. */
  readonly activations: N;
  readonly memoryAccess: MemoryAccess<N>;
}

/** A node with all that its costs are read from. */
export interface Site {
  readonly node: Node;
  readonly inputs: readonly Shape[];
  readonly params: Readonly<Record<string, Shape>>;
  /** Which input's producer absorbs this elementwise op; undefined where none does. */
  readonly absorbedBy: number | undefined;
}

/** Every node of the graph with its surroundings, in order of execution. */
export function* sites(graph: Graph): Iterable<Site> {
  const shapes = shapesOf(graph);
  const readers = readersOf(graph);
  const external = new Set(graph.inputs.map(({ name }) => name));
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((name) => shapes.get(name)!);
    const absorbs = (name: string, i: number): boolean =>
      readers.get(name) === 1 && !external.has(name) && sameShape(inputs[i]!, node.shape);
    const absorber = opOf(node.op).traffic === 'elementwise' ? node.inputs.findIndex(absorbs) : -1;
    yield {
      node,
      inputs,
      params: opOf(node.op).params?.(inputs, node.attributes) ?? {},
      absorbedBy: absorber < 0 ? undefined : absorber,
    };
  }
}

export function countsOf(site: Site): Counts<Dim> {
  const { node, inputs, params } = site;
  const op = opOf(node.op);
  const unfused = unfusedAccess(site);
  return {
    params: total(Object.values(params).map(elements)),
    multAdds: op.multAdds?.(inputs, node.shape, node.attributes) ?? 0,
    activations: op.multAdds ? elements(node.shape) : 0,
    memoryAccess: {
      conv: node.op === 'conv' ? unfused : 0,
      linear: node.op === 'linear' ? unfused : 0,
      unfused,
      fused: fusedAccess(site, unfused),
    },
  };
}

/** Hardware operations: 2 per multiply-add, 1 per element (of a window, for a pool) of everything else. */
export function flopsOf({ node, inputs }: Site, multAdds: Dim): Dim {
  const others = opOf(node.op).elementwise?.(inputs, node.shape, node.attributes) ?? 0;
  return add(mul(2, multAdds), others);
}

/** Elements of the weights that a node reads: all parameters but the biases of convolutions and linear layers. */
export const weightsRead = ({ params }: Site): Dim =>
  total(Object.entries(params).flatMap(([name, shape]) => (name === 'bias' ? [] : [elements(shape)])));

function unfusedAccess(site: Site): Dim {
  if (opOf(site.node.op).traffic === 'view') return 0;
  return total([...site.inputs.map(elements), elements(site.node.shape), weightsRead(site)]);
}

function fusedAccess({ node, inputs, absorbedBy }: Site, unfused: Dim): Dim {
  if (opOf(node.op).traffic === 'gather') return 0;
  return absorbedBy === undefined ? unfused : total(inputs.filter((_, i) => i !== absorbedBy).map(elements));
}

const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((side, i) => equal(side, b[i]!));
