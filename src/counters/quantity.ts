// What do counters multiply? Sizes of one node, each with the words that an itemisation uses for it.

import type { Executed } from './executed.js';

export interface Quantity {
  /** "2 per batch-norm element". */
  readonly per: string;
  of(node: Executed): number;
  /** It stands for what the counter is compared with (multiply-adds, or activations) rather than comes on top. */
  readonly core?: true;
}

export const multAdds: Quantity = { per: 'multiply-add', of: (node) => node.multAdds, core: true };
/** Output elements of convolutions and fully connected layers. */
export const activations: Quantity = { per: 'output element', of: (node) => node.activations, core: true };

export const bias: Quantity = { per: 'output with a bias', of: ({ biases, writes }) => (biases > 0 ? writes : 0) };

export const inputs = (per: string): Quantity => ({ per, of: (node) => node.reads });
export const outputs = (per: string): Quantity => ({ per, of: (node) => node.writes });

export const normElements = outputs('batch-norm element');
export const layerNormElements = outputs('layer-norm element');
export const poolInputs = inputs('pool input');
export const adaptiveInputs = inputs('adaptive-pool input');

/** thop: the mean window and one division for each output; the product is a double cut to an integer. */
export const adaptiveWindows: Quantity = {
  per: 'adaptive-pool window element and output',
  of: ({ from, to, writes }) => Math.trunc(((from[0] / to[0]) * (from[1] / to[1]) + 1) * writes),
};

/** thop: an exponential and a division for each element, and sums of all but one. */
export const softmaxSteps: Quantity = {
  per: 'softmax step',
  of: ({ reads, channels }) => 3 * reads - reads / channels,
};

/** torchinfo multiplies parameters by images; only where a layer runs once per image is that its multiply-adds. */
export const weightsPerImage: Quantity = {
  per: 'weight of a fully connected layer and image',
  of: ({ n, params, biases }) => n * (params - biases),
  core: true,
};
export const biasesPerImage: Quantity = {
  per: 'bias of a fully connected layer and image',
  of: ({ n, biases }) => n * biases,
};
export const normParamsPerImage: Quantity = { per: 'norm parameter and image', of: ({ n, params }) => n * params };

/** ptflops: F.interpolate's scale to the power of the batch, which is 1. */
export const scaledInputs: Quantity = {
  per: 'upsampling input and scale',
  of: ({ reads, from, to }) => (reads * to[0]) / from[0],
};
