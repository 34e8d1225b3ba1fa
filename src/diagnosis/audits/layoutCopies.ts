// The audit layout-copies: ops that only put elements in another order.

import { percent } from '../../numberText.js';
import { counted } from '../../plural.js';
import type { Graph, Node } from '../../graph.js';
import { isOpName, opOf } from '../../ops/table.js';
import type { Layer } from '../../profile.js';
import { elementsOf } from '../elements.js';
import { savingOf } from '../changed.js';
import type { Audit } from '../finding.js';
import { surroundingsOf } from '../surroundings.js';

/** The least share of the fused memory access. */
const WORTH = 0.1;

export const layoutCopies: Audit = {
  id: 'layout-copies',
  title: 'Copies only put elements in another order',
  source:
    'no compiler removes them in general (PyTorch, channels-last memory format; oneDNN, reorders); ShuffleNetV2, G4',
  find(subject) {
    const {
      graph,
      profile: { layers, totals },
    } = subject;
    const absorbed = readByProducts(graph);
    const copies = layers.filter((layer) => reorders(layer) && !absorbed.has(layer.name));
    const { fused } = totals.memoryAccess;
    const moved = copies.reduce((sum, layer) => sum + layer.memoryAccessFused, 0);
    if (moved < WORTH * fused) return null;
    const names = new Set(copies.map(({ name }) => name));
    const saves = savingOf(subject, (net, node, inputs) =>
      names.has(node.name) ? net.apply('view', node.name, inputs, { shape: node.shape }) : undefined,
    );
    const kinds = [...new Set(copies.map(({ op }) => op))].join(', ');
    return {
      evidence: `${counted(copies.length, 'op')} (${kinds}) ${copies.length === 1 ? 'computes' : 'compute'} nothing and ${copies.length === 1 ? 'makes' : 'make'} ${percent(moved, fused)} of the fused memory access.`,
      figures: { ops: copies.length, memoryAccessFused: moved },
      layers: copies.map(({ name }) => name),
      fix: copies.every(({ op }) => op === 'channelShuffle')
        ? 'Merge concat, channel shuffle and channel split into one op, as ShuffleNetV2 does (section 3); the saving is that of no shuffle at all.'
        : 'Keep one layout from end to end, so that an op reads what the one before it wrote; the saving is that of none at all.',
      saves: saves ?? {},
      share: moved / fused,
    };
  },
};

const reorders = ({ op, inShape, outShape, flops, memoryAccessUnfused }: Layer): boolean =>
  isOpName(op) &&
  opOf(op).traffic === 'compute' &&
  flops === 0 &&
  memoryAccessUnfused > 0 &&
  elementsOf(inShape) === elementsOf(outShape);

/** Ops that read or write their operands in any order of sides: strides of a matrix product. */
const PRODUCTS: readonly string[] = ['matmul', 'einsum'];

/** Copies beside a matrix product, which does not need them: the heads of an attention. */
function readByProducts(graph: Graph): ReadonlySet<string> {
  const { nodes, readersOf } = surroundingsOf(graph);
  const beside = new Set<string>();
  const isUnary = ({ op }: Node): boolean => ['elementwise', 'view'].includes(opOf(op).traffic);
  const reaches = (node: Node, next: (node: Node) => readonly Node[], left: number): boolean =>
    next(node).some(
      (other) => PRODUCTS.includes(other.op) || (left > 0 && isUnary(other) && reaches(other, next, left - 1)),
    );
  const after = ({ name }: Node): readonly Node[] => readersOf(name);
  const before = ({ inputs }: Node): readonly Node[] => inputs.flatMap((name) => nodes.get(name) ?? []);
  for (const node of graph.nodes)
    if (opOf(node.op).traffic === 'compute' && (reaches(node, after, STEPS) || reaches(node, before, STEPS)))
      beside.add(node.name);
  return beside;
}

/** Ops between a copy and its product: views and a factor. */
const STEPS = 4;
