// What all convolution methods share: padding, the filter's shape, bias and a fused activation.

import type { Padding } from '../../fields.js';
import type { Weights } from '../../weights/weights.js';
import type { KernelCall, HostTensor, KernelNode, Tensor, ValuesOf } from './kernel.js';

export type ConvValues = ValuesOf<'conv'>;
export type ConvNode = KernelNode<ConvValues>;
export type ConvCall = KernelCall<ConvValues>;

/** A method of convolution. */
export interface ConvMethod {
  prepare(place: ConvNode, weights: Weights): Record<string, HostTensor>;
  run(call: ConvCall): Tensor;
  /** As `Kernel.scratch`. */
  scratch?(place: ConvNode): number;
}

type Explicit = [[0, 0], [number, number], [number, number], [0, 0]];

/** `valid` rather than four zeros: it opens tfjs's faster paths for 1x1 filters. */
export const explicit = ([top, left, bottom, right]: Padding): 'valid' | Explicit =>
  top + left + bottom + right === 0
    ? 'valid'
    : [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ];

/** PyTorch's order: [output channels, input channels / groups, height, width]. */
export const filterShape = ({ values, inputs }: ConvNode): number[] => [
  values.channels,
  inputs[0]![1]! / values.groups,
  ...values.kernel,
];

export const biasOf = ({ bias }: Weights): Record<string, HostTensor> =>
  bias ? { bias: { shape: [bias.length], values: bias } } : {};

/** What tfjs's fused convolutions take beside the input and the filter. */
export const fusedOptions = ({ values, fused }: ConvCall, bias: Tensor | undefined) => ({
  strides: [...values.stride] as [number, number],
  pad: explicit(values.padding),
  dilations: [...values.dilation] as [number, number],
  activation: fused.activation,
  ...(bias ? { bias } : {}),
  ...(fused.alpha === undefined ? {} : { leakyreluAlpha: fused.alpha }),
});
