// The cost of a network, layer by layer and in all, in one pass over its graph.

import { balance, memoryAccessBound } from './bound.js';
import { countsOf, flopsOf, layerKindOf, shapedNodes, type LayerKind, type ShapedNode } from './cost.js';
import { numberOf } from './dim/evaluate.js';
import { add, exact, isNumber, total, type Dim } from './dim/dim.js';
import { deadEnds, tensorId, type Graph, type Omission } from './graph.js';
import { groupOf } from './groupName.js';
import { InputError, locate } from './inputError.js';
import { inputSizeOf, type InputSize } from './inputSize.js';
import type { Layer } from './layer.js';
import { liveness, type Alive } from './liveness.js';
import { countOf, countsAt } from './metrics/countNames.js';
import type { CountRow } from './metrics/metric.js';
import type { Totals } from './metrics/totals.js';
import type { Shape } from './shape.js';

export type { Layer } from './layer.js';
export type { RecordedTotals, Totals } from './metrics/totals.js';

/** Where a model may come from: what is built in, and the kinds of files that are read. */
export const SOURCES = [
  'built-in',
  'config',
  'onnx',
  'tfjs',
  'keras',
  'keras-h5',
  'tensorflow',
  'pt2',
  'tflite',
  'darknet',
  'caffe',
] as const;
export type Source = (typeof SOURCES)[number];

export interface Profile {
  readonly schema: 'flopscope.profile/2';
  readonly model: string;
  readonly source: Source;
  readonly input: InputSize;
  readonly bytesPerElement: number;
  readonly totals: Totals;
  readonly layers: readonly Layer[];
  /** Present only where the graph leaves something out. Every total is then a lower bound. */
  readonly lowerBound?: Omission;
  /** Learnt numbers that the file holds and no layer reads. Present only where there are some. */
  readonly unread?: number;
  /**
   * The network before its batch norms were folded into convolutions. Present only where names in
   * the file show that they were.
   */
  readonly beforeFolding?: BeforeFolding;
  /** Layers that no output depends on. The totals count them. Present only where there are some. */
  readonly deadEnds?: DeadEnds;
}

export interface BeforeFolding {
  /** How many have a norm folded into them. */
  readonly convolutions: number;
  /** With the norms back, where these convolutions had no bias of their own. */
  readonly params: number;
}

export interface DeadEnds {
  readonly layers: readonly string[];
  readonly multAdds: number;
  readonly params: number;
}

/** Bytes of one element where nothing else is said. */
export const FLOAT32_BYTES = 4;

export interface ProfileOptions {
  readonly source?: Source;
  /** 4 for fp32 (the default), 2 for fp16, 1 for int8; only figures per byte depend on it. */
  readonly bytesPerElement?: number;
}

/** Counts of graphs that were counted while they were read, in elements of four bytes. */
const remembered = new WeakMap<Graph, Profile>();

/**
 * Counts a graph for whoever asks for its profile next.
 * @throws InputError as `profile` does
 */
export const remember = (graph: Graph): void => {
  remembered.set(graph, profile(graph));
};

/** @throws InputError when the graph has sizes that are not numbers yet, or a count passes 2^53. */
export function profile(graph: Graph, options: ProfileOptions = {}): Profile {
  const { source = 'built-in', bytesPerElement = FLOAT32_BYTES } = options;
  const known = remembered.get(graph);
  if (known?.bytesPerElement === bytesPerElement) return { ...known, source };
  const [image = []] = graph.inputs.map(({ shape }) => concrete(shape));
  const layers: Layer[] = [];
  const alive = liveness(graph);
  for (const shapedNode of shapedNodes(graph)) layers.push(located(shapedNode, bytesPerElement, alive));
  const totals = totalsOf(layers);
  return {
    schema: 'flopscope.profile/2',
    model: graph.name,
    source,
    input: inputSizeOf(graph, image),
    bytesPerElement,
    totals,
    layers,
    ...(graph.omitted ? { lowerBound: graph.omitted } : {}),
    ...(graph.unread ? { unread: graph.unread } : {}),
    ...beforeFolding(graph, totals.params),
    ...deadEndsOf(graph, layers),
  };
}

/** A norm has a scale and a shift for each number of the bias that it became. */
function beforeFolding({ folding, nodes }: Graph, params: number): Pick<Profile, 'beforeFolding'> {
  if (folding?.evidence !== 'named') return {};
  const folded = new Set(folding.convolutions);
  const biases = new Map<string, number>();
  for (const { name, shape, tensors } of nodes)
    if (folded.has(name)) {
      const stored = tensors?.['bias']?.map(({ id }) => id).join() ?? tensorId(name, 'bias');
      biases.set(stored, numberOf(shape[1]!));
    }
  const more = [...biases.values()].reduce((all, channels) => all + channels, 0);
  return { beforeFolding: { convolutions: folded.size, params: params + more } };
}

/** Nodes without a reader may feed what is left out of the graph. */
function deadEndsOf(graph: Graph, layers: readonly Layer[]): { readonly deadEnds?: DeadEnds } {
  if (graph.omitted) return {};
  const names = new Set(deadEnds(graph).map(({ name }) => name));
  if (names.size === 0) return {};
  const { multAdds, params } = totalsOf(layers.filter(({ name }) => names.has(name)));
  return { deadEnds: { layers: [...names], multAdds, params } };
}

/** Joins layers: the whole network, one stage, one block, or one kind of op. */
export function totalsOf(layers: readonly Layer[]): Totals {
  const kinds = layers.map(layerKindOf);
  const counts = countsAt((name) => joined(layers, kinds, countOf(name)));
  const frozenParams = layers.reduce((all, layer) => all + (layer.frozenParams ?? 0), 0);
  return {
    ...counts,
    ...(frozenParams > 0 ? { frozenParams } : {}),
    convLayers: kinds.reduce((all, kind) => all + (kind === 'conv' ? 1 : 0), 0),
    memoryAccessBound: { conv: layers.reduce((all, layer) => all + (layer.memoryAccessBound ?? 0), 0) },
  };
}

/** The sum or the maximum of the layers' parts. */
function joined(
  layers: readonly Layer[],
  kinds: readonly (LayerKind | undefined)[],
  { combine, part }: CountRow,
): number {
  return combine === 'max'
    ? layers.reduce((most, layer, i) => Math.max(most, part(layer, kinds[i]) ?? 0), 0)
    : layers.reduce((all, layer, i) => added(all, part(layer, kinds[i]) ?? 0, layer), 0);
}

/** @throws InputError naming the layer with which a total passes 2^53 */
function added(all: number, more: number, { name, op }: Layer): number {
  try {
    return exact(all + more);
  } catch (error) {
    throw locate(error, `node "${name}" (${op}), added to those before it`);
  }
}

export type Grouping = 'stage' | 'block' | 'op';

export interface Group extends Totals {
  readonly name: string;
  readonly layers: number;
}

/**
 * Totals by stage, block or op, in order of first appearance; nodes outside of any are gathered
 * under "".
 */
export function groupBy(layers: readonly Layer[], by: Grouping): readonly Group[] {
  const nameOf = groupOf(layers, by);
  const groups = new Map<string, Layer[]>();
  for (const layer of layers) {
    const name = nameOf(layer);
    const group = groups.get(name);
    if (group) group.push(layer);
    else groups.set(name, [layer]);
  }
  return [...groups].map(([name, members]) => ({ name, layers: members.length, ...totalsOf(members) }));
}

/** A count that fails names its node. */
function located(shapedNode: ShapedNode, bytesPerElement: number, alive: Alive): Layer {
  try {
    return layerOf(shapedNode, bytesPerElement, alive);
  } catch (error) {
    throw locate(error, `node "${shapedNode.node.name}" (${shapedNode.node.op})`);
  }
}

function layerOf(shapedNode: ShapedNode, bytesPerElement: number, alive: Alive): Layer {
  const { node, inputs, reads, writes, weights } = shapedNode;
  const { attributes } = node;
  // What a node reads was checked where it was made.
  const read = inputs as readonly (readonly number[])[];
  const counts = countsOf(shapedNode);
  const flops = numberOf(flopsOf(shapedNode, counts.multAdds));
  const memoryAccessUnfused = numberOf(counts.memoryAccess.unfused);
  const isConv = layerKindOf(node) === 'conv';
  // Weights that are computed, and offsets, are inputs of their own.
  const others = total(reads.slice(1));
  const sides = isConv ? ([numberOf(reads[0]!), numberOf(writes), numberOf(add(weights, others))] as const) : null;
  const windowOf = (field: string): readonly number[] | null =>
    (attributes[field] as readonly number[] | undefined) ?? null;
  const layer: Layer = {
    name: node.name,
    stage: node.stage,
    block: node.block,
    op: node.op,
    inShape: read[0] ?? [],
    outShape: concrete(node.shape),
    kernel: windowOf('kernel'),
    stride: windowOf('stride'),
    padding: windowOf('padding'),
    dilation: windowOf('dilation'),
    groups: isConv && 'groups' in attributes ? numberOf(attributes['groups'] as Dim) : null,
    bias: (attributes['bias'] as boolean | undefined) ?? null,
    params: numberOf(counts.params),
    multAdds: numberOf(counts.multAdds),
    flops,
    activations: numberOf(counts.activations),
    cio: numberOf(counts.cio),
    ...alive(node, reads.map(numberOf), numberOf(writes)),
    memoryAccessUnfused,
    memoryAccessFused: numberOf(counts.memoryAccess.fused),
    memoryAccessBound: sides && memoryAccessBound(...sides),
    balance: sides && balance(...sides),
    intensity: memoryAccessUnfused > 0 ? flops / (memoryAccessUnfused * bytesPerElement) : null,
  };
  if (read.length > 1) Object.assign(layer, { inShapes: read });
  const frozenParams = numberOf(shapedNode.frozenParams);
  return frozenParams > 0 ? Object.assign(layer, { frozenParams }) : layer;
}

/** @throws InputError when a symbol is left. */

function concrete(shape: Shape): readonly number[] {
  for (const side of shape)
    if (!isNumber(side))
      throw new InputError('a profile needs numbers for every size: give --input and --batch, or use formula');
  return shape as readonly number[];
}
