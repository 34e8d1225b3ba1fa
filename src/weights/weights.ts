// Seeded weights that keep a signal's variance: He-normal filters, norms close to identity.

import type { ShapedNode } from '../cost.js';
import { tensorId, type Graph } from '../graph.js';
import { InputError } from '../inputError.js';
import * as activation from '../ops/activation.js';
import type { Shape } from '../shape.js';
import { ownersIn } from './owners.js';
import { normals, streamSeed } from './random.js';

/**
 * Arrays by parameter name, in PyTorch's layout: a filter is [output, input / groups, height,
 * width].
 */
export type Weights = Readonly<Record<string, Float32Array>>;

/** Added to a variance before its root: PyTorch's default. */
export const EPSILON = 1e-5;

type Statistics = readonly [mean: number, deviation: number];

/**
 * One rule per parameter. He et al. (arXiv 1502.01852): 2 / fan-in keeps the variance past a ReLU.
 */
const STATISTICS: Readonly<Record<string, (shape: readonly number[]) => Statistics>> = {
  weight: (shape) => [0, Math.sqrt(2 / product(shape.slice(1)))],
  bias: () => [0, 0.1],
  value: () => [0, 0.1],
  factor: () => [1, 0.1],
  scale: () => [1, 0.1],
  shift: () => [0, 0.1],
  slope: () => [0.25, 0.1],
  mean: () => [0, 0.1],
  // The variance stays positive up to four standard deviations from 1.
  variance: () => [1, 0.1],
};

/** A norm without activation after it halves the variance. Residual blocks would double it. */
const LINEAR_SCALE: Statistics = [Math.SQRT1_2, 0.1];

/**
 * Each node's learnable parameters and batch norm statistics. Sharing nodes get the same arrays.
 */
export function seededWeights(graph: Graph, seed: number): (shapedNode: ShapedNode) => Weights {
  const activated = new Set(graph.nodes.flatMap(({ op, inputs }) => (Object.hasOwn(activation, op) ? inputs : [])));
  const ownerOf = ownersIn(graph);
  return ({ node, inputs, params }) => {
    const shapes: Record<string, Shape> = { ...params };
    if (node.op === 'batchNorm') shapes['mean'] = shapes['variance'] = [inputs[0]![1]!];
    return Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => {
        const sides = sizesOf(shape);
        const own = STATISTICS[name]!(sides);
        const [mean, deviation] = name === 'scale' && !activated.has(ownerOf(node, name)) ? LINEAR_SCALE : own;
        const stream = streamSeed(tensorId(ownerOf(node, name), name), seed);
        return [name, normals(product(sides), stream, deviation, mean)];
      }),
    );
  };
}

/** The network's input: standard normal, as normalised images are. */
export const inputOf = (name: string, shape: readonly number[], seed: number): Float32Array =>
  normals(product(shape), streamSeed(name, seed), 1);

/** Folds a norm into a convolution or linear layer: scale x (y - mean) / deviation + shift. */
export function folded(layer: Weights, norm: Weights): Weights {
  const { mean, variance } = norm as { mean: Float32Array; variance: Float32Array };
  const factor = variance.map((value, i) => (norm['scale']?.[i] ?? 1) / Math.sqrt(value + EPSILON));
  const weight = layer['weight']!.slice();
  const each = weight.length / factor.length;
  for (let out = 0; out < factor.length; out++)
    for (let i = out * each; i < (out + 1) * each; i++) weight[i]! *= factor[out]!;
  const bias = mean.map((value, i) => ((layer['bias']?.[i] ?? 0) - value) * factor[i]! + (norm['shift']?.[i] ?? 0));
  return { weight, bias };
}

export const product = (sides: readonly number[]): number => sides.reduce((all, side) => all * side, 1);

/** @throws InputError when a symbol is left, because only a graph of numbers can run */
export function sizesOf(shape: Shape): readonly number[] {
  return shape.map((side) => {
    if (typeof side === 'number') return side;
    throw new InputError('only a graph whose sizes are all numbers can run: give --input and --batch');
  });
}
