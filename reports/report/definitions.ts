// What does each column mean? One or two sentences per word, shown where it is asked for.

export interface Definition {
  /** As people read it. */
  readonly word: string;
  readonly meaning: string;
}

export const DEFINITIONS: Readonly<Record<string, Definition>> = {
  network: { word: 'network', meaning: 'One model at one input size; its batch stands above the table.' },
  layer: { word: 'layer', meaning: 'One op of the network, named as in the implementation that it mirrors.' },
  multAdds: {
    word: 'multiply-adds',
    meaning:
      'Multiply-adds of convolutions and fully connected layers: what papers call "FLOPs", and fvcore, timm and torchvision "flops" or "GMACs".',
  },
  flops: {
    word: 'FLOPs',
    meaning:
      'Hardware operations: 2 per multiply-add, and 1 per element for norm, activation, add, scale and pool (per window element).',
  },
  params: { word: 'parameters', meaning: 'Learnable parameters; running statistics are buffers and not counted.' },
  activations: { word: 'activations', meaning: 'Output elements of convolutions and fully connected layers.' },
  memoryAccess: {
    word: 'memory access',
    meaning:
      "ShuffleNetV2's memory access cost in elements: inputs read once, outputs written once, parameters read once. Summed over every op as an eager framework runs it; views are free, a concat reads and writes everything.",
  },
  memoryAccessConv: {
    word: 'memory access, conv only',
    meaning: 'Memory access summed over convolutions only: Equation 1 of the VoVNet paper.',
  },
  memoryAccessFused: {
    word: 'memory access, fused',
    meaning:
      'Memory access as an inference compiler would run it at best: a concat is a view of what its producers wrote, and an elementwise op is absorbed by its only producer or its only reader.',
  },
  memoryAccessBound: {
    word: 'bound',
    meaning:
      'The least memory access of a convolution with the same multiply-adds, resolution, kernel and groups: 2 sqrt(inputs x outputs) + weights, in elements.',
  },
  balance: {
    word: 'balance',
    meaning:
      'Memory access of a convolution over its bound: 1 where input and output have as many elements. Of a group: that of all its convolutions together.',
  },
  intensity: { word: 'FLOPs/byte', meaning: 'FLOPs per byte of memory access.' },
  ops: { word: 'ops', meaning: 'All layers but views: what an eager framework launches.' },
  ratio: { word: 'ratio', meaning: 'The figure to its left over that of the baseline.' },
  time: { word: 'time', meaning: 'Median over the timed windows of one inference of the whole batch. Measured.' },
  spread: { word: 'spread', meaning: 'Interquartile range of the windows over their median. Measured.' },
  imagesPerSecond: { word: 'images/s', meaning: 'Images per second, from the median time. Measured.' },
  flopsPerSecond: { word: 'FLOP/s', meaning: '2 x multiply-adds over the median time.' },
  paperFlopsPerSecond: {
    word: 'paper FLOP/s',
    meaning: 'Multiply-adds over the median time: the "computation efficiency" of the VoVNet paper.',
  },
  utilisation: {
    word: 'utilisation',
    meaning: 'FLOP/s over what a large matrix product reached on the same engine and device.',
  },
  memoryUtilisation: {
    word: 'utilisation of memory',
    meaning: 'Fused bytes per second over what a large copy reached on the same engine and device.',
  },
  energy: { word: 'J/image', meaning: 'Energy per image, idle power included. Measured.' },
  peakTensorBytes: {
    word: 'peak tensors',
    meaning: 'Most bytes of tensors at a time, by their shapes; what an allocator adds is not in it. Measured.',
  },
  peakDeviceBytes: {
    word: 'peak device memory',
    meaning:
      'Most bytes that the engine had taken from the device, free buffers that it keeps included. Measured, where the engine tells.',
  },
  layerTime: {
    word: 'time of a layer',
    meaning:
      'Time of this layer with all that is fused into it, timed alone. Measured; the layers do not add up to the network.',
  },
  predicted: {
    word: 'predicted',
    meaning: 'Calculated, not measured: the larger of FLOPs and fused bytes over the measured ceilings of the device.',
  },
  input: { word: 'input', meaning: 'Shape of the (first) input, N x C x H x W.' },
  output: { word: 'output', meaning: 'Shape of the output, N x C x H x W.' },
  kind: { word: 'op', meaning: 'Op, kernel, /stride, g groups, d dilation.' },
};
