// The quantities that counters multiply, each with the words that an itemisation uses.

import { numberOf } from '../dim/evaluate.js';
import type { Executed } from './executed.js';

export interface Quantity {
  /** "2 per batch-norm element". */
  readonly per: string;
  of(node: Executed): number;
  /**
   * It stands for what the counter is compared with (multiply-adds, or activations) rather than
   * comes on top.
   */
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
export const instanceNormElements = outputs('instance-norm element');
export const groupNormElements = outputs('group-norm element');
export const poolInputs = inputs('pool input');
/** AlexeyAB's Darknet: every element of every window. */
export const poolWindows: Quantity = {
  per: 'pool window element',
  of: ({ writes, kernel = [1, 1] }) => writes * kernel[0] * kernel[1],
};
export const adaptiveInputs = inputs('adaptive-pool input');

/**
 * thop: the mean window and one division for each output; the product is a double cut to an
 * integer.
 */
export const adaptiveWindows: Quantity = {
  per: 'adaptive-pool window element and output',
  of({ from, to, writes, sides, inputSides }) {
    const window =
      sides.length === 5
        ? sides.slice(2).reduce((all, side, i) => all * (inputSides[i + 2]! / side), 1)
        : (from[0] / to[0]) * (from[1] / to[1]);
    return Math.trunc((window + 1) * writes);
  },
};

/** thop: an exponential and a division for each element, and sums of all but one. */
export const softmaxSteps: Quantity = {
  per: 'softmax step',
  of: ({ reads, channels }) => 3 * reads - reads / channels,
};

/**
 * torchinfo multiplies parameters by images; only where a layer runs once per image is that its
 * multiply-adds.
 */
export const weightsPerImage: Quantity = {
  per: 'weight of a fully connected layer and image',
  of: ({ n, params, biases }) => n * (params - biases),
  core: true,
};
export const biasesPerImage: Quantity = {
  per: 'bias of a fully connected layer and image',
  of: ({ n, biases }) => n * biases,
};
export const normParamsPerImage: Quantity = {
  per: 'norm parameter and image',
  of: ({ n, params, call }) => n * (call.hooked?.named ?? params),
};

export const paramsPerImage: Quantity = {
  per: 'parameter and image',
  of: ({ n, params, call }) => n * (call.hooked?.named ?? params),
};

/**
 * torchinfo: of any module without children; where the name of its class has "Conv" in it, at each
 * position.
 */
export const paramsPerCall: Quantity = {
  per: 'parameter of a module, position of a convolution and image',
  of({ n, params, writes, channels, call: { module, hooked: found } }) {
    const positions = module?.includes('Conv') ? Math.trunc(writes / channels) : n;
    if (!found) return params * positions;
    const [first = 1, second = 1] = found.output.map(numberOf);
    return found.named * (module?.includes('Conv') ? positions : first) + found.longerNamed * first * second;
  },
  core: true,
};

/** Called as a module or as a function. */
export const upsampled = outputs('upsampled element');

/** Running mean and variance, once where several nodes share a norm. */
export const runningStatistics: Quantity = {
  per: 'running mean and variance of a batch norm',
  of: ({ op, channels, params, ownParams }) =>
    op === 'batchNorm' && (params === 0 || ownParams > 0) ? 2 * channels : 0,
};
export const parameters: Quantity = { per: 'parameter', of: ({ ownParams }) => ownParams, core: true };

/**
 * thop and torchinfo place the kernel of a transposed convolution at every output, not at every
 * input.
 */
export const weightsPerOutput: Quantity = {
  per: 'weight and output position of a transposed convolution',
  of: ({ writes, channels, params, biases }) => (writes / channels) * (params - biases),
  core: true,
};

/** DeepSpeed computes a transposed convolution's output size as that of a plain convolution. */
export const wronglySizedBias: Quantity = {
  per: 'bias and position of a convolution in place of a transposed one',
  of({ n, biases, inputSides, attributes }) {
    const of = (field: string, otherwise: number, i: number): number =>
      (attributes[field] as readonly number[] | undefined)?.[i] ?? otherwise;
    return inputSides.slice(2).reduce(
      (all, size, i) => {
        const kernel = of('dilation', 1, i) * (of('kernel', 1, i) - 1) + 1;
        return all * (Math.floor((size + 2 * of('padding', 0, i) - kernel) / of('stride', 1, i)) + 1);
      },
      (n * biases) / Number(attributes['groups'] ?? 1),
    );
  },
};

/** TensorFlow: the kernel of a transposed convolution at every stride-th position of the output. */
export const transposedOperations: Quantity = {
  per: 'operation of a transposed convolution, by its output and stride',
  of: ({ multAdds, from, to, stride = [1, 1] }) =>
    Math.trunc((2 * (multAdds / (from[0] * from[1])) * to[0] * to[1]) / stride.reduce((all, side) => all * side, 1)),
  core: true,
};

/** onnx-tool: the kernel of a transposed convolution at every output, as of a plain one. */
export const weightsPerOutputOfGroup: Quantity = {
  per: 'weight and output of a transposed convolution',
  of: ({ multAdds, reads, writes }) => (multAdds / reads) * writes,
  core: true,
};

/** A sum of n elements is n - 1 additions. */
export const reducedElements: Quantity = {
  per: 'addition or comparison of a reduction',
  of: ({ reads, writes }) => reads - writes,
};

/** Means of whole planes. */
export const globalMeans: Quantity = {
  per: 'mean of a whole channel',
  of: ({ to, writes }) => (to[0] * to[1] === 1 ? writes : 0),
};

/** onnx-tool divides by the first of the sides that are normalised. */
export const normedVectors: Quantity = {
  per: 'vector of a layer norm',
  of: ({ writes, sides, attributes }) => writes / sides[Math.min(...(attributes['axes'] as readonly number[]))]!,
};

/** Elements that a local response norm squares. */
export const neighbours: Quantity = { per: 'neighbour of a local response norm', of: ({ flops }) => flops };

/** The biases of all gates at every step of every sequence. */
export const biasesPerStep: Quantity = {
  per: 'bias and step of a recurrent layer',
  of: ({ multAdds, params, biases }) => (multAdds * biases) / (params - biases),
};

/** Elements of the state over all steps, of one direction: onnx-tool leaves out the other. */
export const stateElements = (others: number): Quantity => ({
  per: 'element of the state of a recurrent layer',
  of: ({ flops, multAdds, attributes }) =>
    (flops - 2 * multAdds) /
    ((others + (attributes['peepholes'] === true ? 3 : 0)) * Number(attributes['directions'] ?? 1)),
});

/**
 * DeepSpeed and calflops, _conv_trans_flops_compute: the weights of a transposed convolution have
 * the outputs of one group, which it divides by the groups again.
 */
export const transposedByGroupsTwice: Quantity = {
  per: 'multiply-add of a transposed convolution, whose groups it divides by twice',
  of: ({ multAdds, channels, attributes }) => {
    const groups = Number(attributes['groups'] ?? 1);
    const ofGroup = channels / groups;
    return (multAdds / ofGroup) * Math.floor(ofGroup / groups);
  },
  core: true,
};

/**
 * numpy.einsum_path writes its count with four digits, and they read it from the text. It is 2 for
 * each multiply-add, or 1 where nothing is summed up, and 1 more.
 */
export const einsumOperations: Quantity = {
  per: 'operation of a product by einsum, in four digits',
  of: ({ multAdds, writes }) => Number(((multAdds > writes ? 2 : 1) * multAdds + 1).toExponential(3)),
  core: true,
};

/** torch.addmm and its kin: what is added to the product. */
export const addedElements: Quantity = {
  per: 'element that is added to a product',
  of: ({ call }) => numberOf(call.added ?? 0),
};

/**
 * DeepSpeed 0.16.5, _upsample_flops_compute: the product of the size without images and channels;
 * or the input, times the factor to the power of the number of images.
 */
export const resizedElements: Quantity = {
  per: 'upsampled element as DeepSpeed counts it',
  of({ n, reads, writes, call: { resized } }) {
    if (resized === undefined) return writes;
    if ('size' in resized) return resized.size.reduce((all, side) => all * side, 1);
    const { factors } = resized;
    const alone = factors.every((factor) => factor === factors[0]);
    // The length of a tuple is compared with the number of images.
    return Math.trunc(alone ? reads * factors[0]! ** n : reads * factors.reduce((all, factor) => all * factor, 1));
  },
};
