// What autograd keeps for calls of a file of PyTorch, where our op does not say it.

import type { ShapedNode } from '../cost.js';
import { mul, product, type Dim } from '../dim/dim.js';
import type { AutogradCall, Node } from '../graph.js';
import { elements, type Shape } from '../shape.js';
import { OP_RULES } from './opRules.js';
import { another, input, keepsInput, keptBy, output, own, rule, single, type Kept, type Rule } from './rule.js';
import { RULES } from './rules.js';

const channelsOfImages = ({ inputs }: ShapedNode): Dim => product(inputs[0]!.slice(0, 2));

/** derivatives.yaml of PyTorch 2.13, as the rows of RULES. */
export const FILE_RULES: Readonly<Record<AutogradCall, Rule>> = {
  // rrelu_with_noise keeps its noise, in eval mode too.
  rrelu: rule([input, another], { inPlace: [output, another] }),
  glu: keepsInput,
  // pow keeps its base, whatever the exponent is.
  pow: RULES.power,
  // pow.Scalar keeps exponent and result.
  numberPow: rule([input, output], single),
  // Normalization.cpp, instance_norm: running statistics are repeated for every image, and
  // batch_norm keeps them.
  runningInstanceNorm: {
    ...OP_RULES.instanceNorm,
    keeps: (shapedNode, copies) => [...normKeeps(shapedNode, copies), repeated],
  },
};

const repeated = own('intermediate', 'float', (shapedNode) => mul(2, channelsOfImages(shapedNode)));

const normKeeps = (shapedNode: ShapedNode, copies: boolean): readonly Kept[] =>
  keptBy(OP_RULES.instanceNorm.keeps, shapedNode, copies);

/** The kernel of a gated linear unit, where its last node stands. */
export const gluKernel = (shapedNode: ShapedNode, { name, shape }: { name: string; shape: Shape }): ShapedNode => ({
  ...shapedNode,
  node: { ...shapedNode.node, inputs: [name] } satisfies Node,
  inputs: [shape],
  reads: [elements(shape)],
});
