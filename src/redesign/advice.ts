// Advice for any network: what equal widths would save, at equal multiply-adds.

import { balance } from '../bound.js';
import type { Graph, Node } from '../graph.js';
import { opOf } from '../ops/table.js';
import type { Layer, Profile } from '../profile.js';

export interface Advice {
  readonly layer: string;
  readonly stage: string;
  /** Memory access over its lower bound. */
  readonly balance: number;
  /**
   * Input and output channels, as they are and as they would be balanced at equal multiply-adds.
   */
  readonly channels: readonly [input: number, output: number];
  readonly balanced: readonly [input: number, output: number];
  /** Elements of this layer's memory access that would be saved, and their share of it. */
  readonly saved: number;
  readonly share: number;
}

/** Widths are multiples of this, which suits hardware. */
const STEP = 8;
/** Below this ratio to the bound no advice is given. */
const WORTH = 1.02;

/**
 * ShuffleNetV2's first guideline, layer by layer (arXiv 1807.11164, Eq. 1): the memory access of a
 * convolution is least, at equal multiply-adds, where its input and output have as many elements.
 * The largest saving comes first.
 */
export function adviceFor({ layers, input }: Profile, graph: Graph): readonly Advice[] {
  const fixed = fixedByTask(graph);
  // The channels of the image and of a prediction are fixed.
  const chosen = layers.filter(
    ({ name, inShape: [, c, h, w] }) => !fixed.has(name) && (c !== input.c || h !== input.h || w !== input.w),
  );
  return chosen
    .flatMap((layer) => adviceOf(layer) ?? [])
    .sort((a, b) => b.saved - a.saved || a.layer.localeCompare(b.layer));
}

/** Ops that keep the channels of a prediction, which classes and boxes fix. */
const KEEPS = ['batchNorm', 'softmax', 'sigmoid', 'concat', 'globalAvgPool'];

/**
 * Nodes of predictions: between them and the network's outputs are only moves, softmax or
 * averaging.
 */
export function fixedByTask({ nodes, outputs }: Graph): ReadonlySet<string> {
  const readers = new Map<string, Node[]>();
  for (const node of nodes)
    for (const source of node.inputs) readers.set(source, [...(readers.get(source) ?? []), node]);
  const fixed = new Set<string>();
  // A classifier of convolutions may be rectified before it is averaged, as SqueezeNet's is.
  const averaged = new Set<string>();
  const ends = new Set(outputs);
  for (const { name } of [...nodes].reverse()) {
    const next = readers.get(name) ?? [];
    const passes = (node: Node): boolean => {
      const { traffic } = opOf(node.op);
      const keeps = traffic === 'view' || KEEPS.includes(node.op);
      const rectifies = traffic === 'elementwise' && node.inputs.length === 1 && averaged.has(node.name);
      return fixed.has(node.name) && (keeps || rectifies);
    };
    if (!(next.length === 0 ? ends.has(name) : next.every(passes))) continue;
    fixed.add(name);
    if (next.length > 0 && next.every((node) => node.op === 'globalAvgPool' || averaged.has(node.name)))
      averaged.add(name);
  }
  return fixed;
}

function adviceOf(layer: Layer): Advice | undefined {
  const { op, groups, kernel, inShape, outShape, memoryAccessUnfused } = layer;
  if (op !== 'conv' || groups === null || kernel === null || (layer.balance ?? 1) < WORTH) return undefined;
  const [n, input, hi, wi] = inShape as readonly [number, number, number, number];
  const [, output, ho, wo] = outShape as readonly [number, number, number, number];
  // Depthwise convolutions have no width of their own to choose.
  if (groups === input) return undefined;
  // Predictions of a few numbers per position have a fixed width too.
  if (output < STEP) return undefined;
  const access = (ci: number, co: number): readonly [number, number, number] => [
    ...([n * ci * hi * wi, n * co * ho * wo] as const),
    (kernel.reduce((all, side) => all * side, 1) * ci * co) / groups,
  ];
  const total = (ci: number, co: number): number => access(ci, co).reduce((sum, part) => sum + part, 0);
  // ci x co stays; ci hi wi = co ho wo.
  const ideal = Math.sqrt((input * output * ho * wo) / (hi * wi));
  const step = lcm(STEP, groups);
  const choices = [Math.floor(ideal / step), Math.ceil(ideal / step)]
    .filter((k) => k > 0)
    .map((k): readonly [number, number] => {
      const ci = k * step;
      return [ci, Math.max(step, step * Math.round((input * output) / ci / step))];
    });
  // Multiply-adds must be equal within 3 %, so that rounding does not look like a saving.
  const fair = choices.filter(([ci, co]) => Math.abs((ci * co) / (input * output) - 1) <= 0.03);
  const best = fair.sort((a, b) => total(...a) - total(...b))[0];
  if (!best) return undefined;
  const saved = memoryAccessUnfused - total(...best);
  if (saved <= 0 || balance(...access(...best)) >= layer.balance!) return undefined;
  return {
    layer: layer.name,
    stage: layer.stage,
    balance: layer.balance!,
    channels: [input, output],
    balanced: best,
    saved,
    share: saved / memoryAccessUnfused,
  };
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
const lcm = (a: number, b: number): number => (a * b) / gcd(a, b);
