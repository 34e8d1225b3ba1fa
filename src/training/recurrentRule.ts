// What recurrent layers keep, and the multiply-adds of their gradients.

import type { ShapedNode } from '../cost.js';
import { add, equal, isNumber, mul, product, sub, type Dim } from '../dim/dim.js';
import { InputError } from '../inputError.js';
import { elements, type Shape } from '../shape.js';
import type { Layout } from './layout.js';
import { contiguous, inOrder, isContiguous } from './strides.js';
import { input, inputFor, output, own, rule, type Kept, type Rule } from './rule.js';

interface Sizes {
  readonly steps: Dim;
  readonly images: Dim;
  readonly features: Dim;
  readonly hidden: Dim;
  /** Elements of an LSTM's state after its projection; 0 where it has none. */
  readonly projection: Dim;
  readonly directions: number;
  readonly batchFirst: boolean;
}

function sizesOf({ inputs, node }: ShapedNode): Sizes {
  const [first, second, features] = inputs[0]!;
  const { hidden, directions, timeAxis, projection } = node.attributes;
  const batchFirst = timeAxis === 1;
  return {
    ...{ steps: batchFirst ? second! : first!, images: batchFirst ? first! : second!, features: features! },
    ...{ hidden: hidden as Dim, projection: projection as Dim, directions: directions as number, batchFirst },
  };
}

/** Steps x images. */
const runs = ({ inputs }: ShapedNode): Dim => product(inputs[0]!.slice(0, 2));

/** A tensor with this many elements for each step and direction. */
const perStep = (shapedNode: ShapedNode, size: (sizes: Sizes) => Dim): Dim => {
  const sizes = sizesOf(shapedNode);
  return product([runs(shapedNode), sizes.directions, size(sizes)]);
};

const kept = (size: (shapedNode: ShapedNode) => Dim, reason: Kept['for'] = 'any'): Kept =>
  own('intermediate', 'value', size, reason);

/** States before each step. The first is a tensor of zeros, or a value of the network. */
const states = (shapedNode: ShapedNode, size: (sizes: Sizes) => Dim, place: number): readonly Kept[] => {
  const { images, directions, steps } = sizesOf(shapedNode);
  const given = shapedNode.inputs.length > place;
  const one = product([images, directions, size(sizesOf(shapedNode))]);
  const count = given ? add(steps, -1) : steps;
  return [kept(() => mul(one, count), 'weights'), ...(given ? [inputFor('weights', place)] : [])];
};

const hiddenOf = ({ hidden }: Sizes): Dim => hidden;

/**
 * The input of the products with the input's weights, which each direction reads. Where its images
 * come first, each direction copies it, unless it lies in memory with its steps first.
 */
const readByEach = (shapedNode: ShapedNode, copies: boolean): readonly Kept[] => [
  inputFor('weights'),
  ...(copies && sizesOf(shapedNode).directions === 2 ? [kept((node) => elements(node.inputs[0]!), 'weights')] : []),
];

/** aten/src/ATen/native/RNN.cpp: cells whose steps run op by op, as they do on a CPU. */
const cells = (shapedNode: ShapedNode, copies: boolean): readonly Kept[] => {
  const sizes = sizesOf(shapedNode);
  const { kind, projection } = shapedNode.node.attributes;
  const read = readByEach(shapedNode, copies);
  if (kind === 'simple')
    // The result of every tanh, and the state in front of the first, for the weights.
    return [
      ...read,
      kept((node) => perStep(node, hiddenOf)),
      ...(shapedNode.inputs.length > 1
        ? [inputFor('weights', 1)]
        : [kept(() => product([sizes.images, sizes.directions, sizes.hidden]), 'weights')]),
    ];
  if (kind === 'gru')
    // The gates overwrite the products with the state: 3 tensors. Two overwritten tensors are
    // copied first: the state's part of the new gate, and the state minus the new gate. Then the
    // new gate itself.
    return [...read, ...states(shapedNode, hiddenOf, 1), kept((node) => perStep(node, ({ hidden }) => mul(hidden, 6)))];
  // Four gates, the cell, its tanh; for the weights the state, and what is projected.
  return [
    ...read,
    ...states(shapedNode, () => projection as Dim, 1),
    kept((node) => perStep(node, ({ hidden }) => mul(hidden, 6))),
    kept((node) => perStep(node, hiddenOf), 'weights'),
  ];
};

/** oneDNN, src/cpu/rnn/rnn_utils.cpp (set_offsets): parts begin at pages of 4096 bytes. */
const PAGE = 4096;

/** rnn_utils.cpp, get_good_ld: rows of whole cache lines, and no multiple of 256 elements. */
function rowOf(size: number): number {
  const row = Math.ceil(size / 16) * 16;
  return row % 256 === 0 ? row + 16 : row;
}

/**
 * Bytes of oneDNN's workspace for one direction of an LSTM in single precision: gates and states of
 * every step, states and cells of both ends, and room for their gradients (rnn_utils.hpp,
 * set_workspace_sizes).
 */
function workspace({ steps, images, features, hidden }: Sizes): number {
  const [t, n, i, h] = [steps, images, features, hidden].map(whole) as [number, number, number, number];
  const ends = 2 * (t + 1) * n;
  const states = ends * rowOf(Math.max(i, h));
  const parts = [t * n * rowOf(4 * h), t * n * rowOf(h), states, ends * h, states, states, ends * h];
  return parts.reduce((sum, part) => sum + Math.ceil((4 * part) / PAGE) * PAGE, 0);
}

/** @throws InputError when a symbol is left */
function whole(dim: Dim): number {
  if (isNumber(dim)) return dim;
  throw new InputError(
    'what oneDNN keeps for an LSTM is rounded to pages of 4096 bytes, so it has no closed form: leave out --training',
  );
}

/**
 * aten/src/ATen/native/mkldnn/RNN.cpp, mkldnn_rnn_layer, once for each direction: input, states and
 * cells at both ends, result, workspace; zeros in the place of biases.
 */
const byOneDnn = (shapedNode: ShapedNode): readonly Kept[] => {
  const sizes = sizesOf(shapedNode);
  const { directions, images, hidden } = sizes;
  const end = product([images, directions, hidden]);
  const given = shapedNode.inputs.length;
  const { inputWeight, hiddenWeight } = shapedNode.params as Record<string, Shape>;
  const whole = directions === 1 && shapedNode.node.attributes['output'] === 'sequence';
  return [
    input,
    ...[1, 2].map((place) => (given > place ? inputFor('any', place) : kept(() => end))),
    kept(() => mul(end, 2)),
    whole ? output : kept((node) => perStep(node, hiddenOf)),
    own('intermediate', 'uint8', () => mul(workspace(sizes), directions)),
    ...(shapedNode.node.attributes['biases'] === 0
      ? [kept(() => add(elements(inputWeight!), elements(hiddenWeight!)))]
      : []),
  ];
};

const isOneKernel = (shapedNode: ShapedNode): boolean =>
  shapedNode.node.attributes['kind'] === 'lstm' && equal(sizesOf(shapedNode).projection, 0);

/**
 * The gradient of the state goes back through its weights even where the input has no gradient. Op
 * by op, the first state needs a gradient only where it is a value that has one.
 */
const inputMultAdds =
  (byOp: (shapedNode: ShapedNode) => boolean): NonNullable<Rule['inputMultAdds']> =>
  (shapedNode, multAdds, wanted) => {
    const { hiddenWeight, projectionWeight } = shapedNode.params as Record<string, Shape | undefined>;
    const [state, projected] = [hiddenWeight, projectionWeight].map((shape) => (shape ? elements(shape) : 0));
    const all = wanted[0] ? multAdds : mul(runs(shapedNode), add(state!, projected!));
    const first = byOp(shapedNode) && !wanted[1] ? mul(sizesOf(shapedNode).images, state!) : 0;
    return sub(all, first);
  };

/** Where images come first, its input is turned, and its result is turned back. */
const stepsFirst: Layout = {
  copies([x], shapedNode) {
    const order = sizesOf(shapedNode).batchFirst ? [1, 0, 2] : [0, 1, 2];
    const turned = { shape: order.map((i) => x!.shape[i]!), strides: order.map((i) => x!.strides[i]!) };
    return [isContiguous(turned) ? undefined : elements(x!.shape)];
  },
  result: (_, { node: { attributes, shape } }) =>
    attributes['timeAxis'] === 1 && shape.length === 3 ? inOrder(shape, [1, 0, 2]) : contiguous(shape),
};

/** On a CPU: an LSTM without projection is one kernel, everything else runs op by op. */
export const recurrent = rule(
  (shapedNode, copies) => (isOneKernel(shapedNode) ? byOneDnn(shapedNode) : cells(shapedNode, copies)),
  {
    precision: 'half',
    layout: stepsFirst,
    inputMultAdds: inputMultAdds((shapedNode) => !isOneKernel(shapedNode)),
  },
);

/**
 * On CUDA a kernel of cuDNN, which keeps a reserve of its own: gates of every step and the cell of
 * an LSTM are what the formulas need at least.
 */
export const recurrentOnCuda = rule(
  [
    input,
    output,
    kept((shapedNode) => {
      const { kind } = shapedNode.node.attributes;
      const tensors = { lstm: 5, gru: 3, simple: 1 }[kind as 'lstm' | 'gru' | 'simple'];
      return perStep(shapedNode, ({ hidden }) => mul(hidden, tensors));
    }),
  ],
  {
    precision: 'half',
    inputMultAdds: inputMultAdds(() => false),
    atLeast:
      'cuDNN keeps a reserve for recurrent layers whose size it does not document; values of the gates are counted for it',
  },
);
