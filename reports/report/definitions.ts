// What does each column mean? One or two sentences per word, shown where it is asked for.

export const DEFINITIONS: Readonly<Record<string, string>> = {
  multAdds:
    'Multiply-adds of convolutions and fully connected layers: what papers call "FLOPs", and fvcore, timm and torchvision "flops" or "GMACs".',
  flops:
    'Hardware operations: 2 per multiply-add, and 1 per element for norm, activation, add, scale and pool (per window element).',
  params: 'Learnable parameters; running statistics are buffers and not counted.',
  activations: 'Output elements of convolutions and fully connected layers.',
  memoryAccess:
    "ShuffleNetV2's memory access cost in elements: inputs read once, outputs written once, parameters read once. Summed over every op as an eager framework runs it; views are free, a concat reads and writes everything.",
  memoryAccessConv: 'Memory access summed over convolutions only: Equation 1 of the VoVNet paper.',
  memoryAccessFused:
    'Memory access as an inference compiler would run it: elementwise ops are absorbed by the op before them, a concat is free. The best case.',
  memoryAccessBound:
    'The least memory access of a convolution with the same multiply-adds, resolution, kernel and groups: 2 sqrt(inputs x outputs) + weights, in elements.',
  balance: 'Memory access of a convolution over its bound: 1 where input and output have as many elements.',
  intensity: 'FLOPs per byte of memory access.',
  ops: 'All layers but views: what an eager framework launches.',
  time: 'Median over the timed windows of one inference of the whole batch. Measured.',
  spread: 'Interquartile range of the windows over their median. Measured.',
  imagesPerSecond: 'Images per second, from the median time. Measured.',
  flopsPerSecond: '2 x multiply-adds over the median time.',
  paperFlopsPerSecond: 'Multiply-adds over the median time: the "computation efficiency" of the VoVNet paper.',
  utilisation: 'FLOP/s over what a large matrix product reached on the same engine and device.',
  memoryUtilisation: 'Fused bytes per second over what a large copy reached on the same engine and device.',
  energy: 'Energy per image, idle power included. Measured.',
  peakBytes: 'Most device memory at a time. Measured.',
  layerTime:
    'Time of this layer with all that is fused into it, timed alone. Measured; the layers do not add up to the network.',
  predicted: 'Calculated, not measured: the larger of FLOPs and fused bytes over the measured ceilings of the device.',
  layers: 'Layers in this group.',
  input: 'Shape of the (first) input, N x C x H x W.',
  output: 'Shape of the output, N x C x H x W.',
  kind: 'Op, kernel, /stride, g groups, d dilation.',
};
