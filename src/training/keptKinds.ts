// The kinds of tensor that are kept for the backward pass.

/** What is kept: a value of the network, or a tensor that only the backward pass reads. */
export type KeptKind = 'input' | 'output' | 'indices' | 'mask' | 'statistics' | 'intermediate';

/** A sentence about each. */
export const WHAT_IS_KEPT: Readonly<Record<KeptKind, string>> = {
  input: 'What a layer reads, or the copy of it that the layer makes: of convolutions, norms and products.',
  output: 'What a layer writes: of a ReLU in place, a sigmoid, a softmax, attention in one kernel.',
  indices: 'The places that a max pool or a sort chose: whole numbers of 8 bytes.',
  mask: 'What a dropout multiplies by: numbers on a CPU, one byte for each element on CUDA.',
  statistics:
    'Mean and inverse deviation of a norm, logarithms of attention: in single precision, few for each channel or place.',
  intermediate:
    'A tensor that only the backward pass reads: the sum under a hard swish, gates of a recurrent layer, noise that is made in every pass.',
};
