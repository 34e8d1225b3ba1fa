// Definitions of columns: one or two sentences a word, shown where a reader asks for them.

import { flatKey } from '../../src/metrics/countNames.js';
import { BELOW_BALANCE } from '../../src/diagnosis/parts.js';
import { WHAT_IS_KEPT } from '../../src/training/keptKinds.js';
import { METRIC_NAMES, metricOf, type MetricName } from '../../src/metrics/table.js';

export interface Definition {
  /** As people read it. */
  readonly word: string;
  readonly meaning: string;
}

/** Of the table of metrics. */
const metric = (name: MetricName): Definition => {
  const { title, about, source } = metricOf(name);
  return { word: title, meaning: source === null ? about : `${about.slice(0, -1)} (${source}).` };
};

export const DEFINITIONS: Readonly<Record<string, Definition>> = {
  ...Object.fromEntries(METRIC_NAMES.map((name) => [flatKey(name), metric(name)])),
  ...Object.fromEntries(
    Object.entries(WHAT_IS_KEPT).map(([what, meaning]) => [
      `kept.${what}`,
      { word: `kept for backward: ${what}`, meaning },
    ]),
  ),
  weightCopyBytes: {
    word: 'weight copies',
    meaning:
      'Half-precision copies of weights that autocast makes for convolutions and products, and that autograd keeps; they are counted apart from the bytes kept, which are of activations.',
  },
  network: { word: 'network', meaning: 'One model at one input size; its batch stands above the table.' },
  layer: { word: 'layer', meaning: 'One op of the network, named as in the implementation that it mirrors.' },
  // A table with one column of memory access has the unfused one.
  memoryAccess: metric('memoryAccess.unfused'),
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
  intensity: {
    word: 'FLOPs/byte',
    meaning: `FLOPs per byte of unfused memory access: ${BELOW_BALANCE}.`,
  },
  ratio: {
    word: 'ratio',
    meaning:
      'The figure to its left over that of the baseline. A ratio of times comes from windows that were measured side by side, where there are any, so it need not be the quotient of the two times.',
  },
  time: { ...metric('ms'), word: 'time' },
  spread: { word: 'spread', meaning: 'Interquartile range of the windows over their median. Measured.' },
  flopsPerSecond: { word: 'FLOP/s', meaning: '2 x multiply-adds per second, from the median time. Measured.' },
  paperFlopsPerSecond: {
    word: 'multiply-adds/s',
    meaning: 'Multiply-adds per second, from the median time: the "computation efficiency" of the VoVNet paper.',
  },
  memoryUtilisation: {
    word: 'utilisation of memory',
    meaning: 'Fused bytes per second over what a large copy reached on the same engine and device.',
  },
  energy: metric('joulesPerImage'),
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
      'Time of this layer with all that is fused into it, timed alone or as the runtime profiled it. Measured; the layers do not add up to the network.',
  },
  predicted: {
    word: 'predicted',
    meaning:
      'Calculated, not measured: the larger of 2 x multiply-adds and fused bytes over the measured ceilings of the device.',
  },
  'share-measured': {
    word: 'of time',
    meaning: "The layer's part of the measured times of all layers.",
  },
  'share-predicted': {
    word: 'of predicted time',
    meaning: "The layer's part of the time that the record of a device predicts; not measured.",
  },
  'share-counts': {
    word: 'of memory access',
    meaning: "The layer's part of the unfused memory access: no time is known.",
  },
  limit: {
    word: 'limit',
    meaning:
      "What takes most of the layer's time: arithmetic (compute), memory, or its launch. Counts alone do not tell.",
  },
  devicePredicted: {
    word: 'predicted ms',
    meaning: 'Milliseconds that the record of a device predicts for the layer; not measured.',
  },
  input: { word: 'input', meaning: 'Shape of the (first) input, N x C x H x W.' },
  output: { word: 'output', meaning: 'Shape of the output, N x C x H x W.' },
  kind: { word: 'op', meaning: 'Op, kernel, /stride, g groups, d dilation.' },
};
