// The table of counts: one row for each figure that totals hold. A new metric is a row here.

import type { LayerKind } from '../cost.js';
import type { Layer } from '../layer.js';
import type { CountRow, Figures } from './metric.js';

const COUNT = { from: 'graph', unit: 'count', better: 'less', source: null } as const;
const SUM = { ...COUNT, combine: 'sum' } as const;
const MAX = { ...COUNT, combine: 'max' } as const;

const accessOf =
  (wanted: LayerKind) =>
  (layer: Figures, kind: LayerKind | undefined): number | null =>
    kind === wanted ? layer.memoryAccessUnfused : null;

const SHUFFLENET = "ShuffleNetV2's memory access cost, arXiv 1807.11164, section 2";

/** Under the path of each in the JSON of totals. */
export const COUNTS = {
  params: {
    ...SUM,
    closedForm: true,
    plural: true,
    title: 'parameters',
    short: 'params',
    words: 'parameters',
    about: 'Learnable parameters; running statistics are buffers and not counted.',
    part: (layer: Figures) => layer.params,
  },
  multAdds: {
    ...SUM,
    closedForm: true,
    plural: true,
    title: 'multiply-adds',
    short: 'multiply-adds',
    words: 'multiply-adds',
    about:
      'Multiply-adds of convolutions and fully connected layers: what papers call "FLOPs", and fvcore, timm and torchvision "flops" or "GMACs".',
    part: (layer: Figures) => layer.multAdds,
  },
  flops: {
    ...SUM,
    detail: true,
    title: 'FLOPs',
    short: 'FLOPs',
    words: 'FLOPs',
    about:
      'Hardware operations: 2 per multiply-add, and 1 per element for norm, activation, add, scale and pool (per window element).',
    part: (layer: Figures) => layer.flops,
  },
  activations: {
    ...SUM,
    closedForm: true,
    detail: true,
    title: 'activations',
    short: 'activations',
    words: 'activations',
    about: 'Output elements of convolutions and fully connected layers.',
    source: 'arXiv 2003.13678, section 3',
    part: (layer: Figures) => layer.activations,
  },
  cio: {
    ...SUM,
    closedForm: true,
    later: true,
    plural: true,
    title: 'convolutional input/output (CIO)',
    short: 'CIO',
    words: 'the input and output elements of convolutions',
    about: 'Input elements plus output elements, summed over convolutions; weights are not in it.',
    source: "HarDNet's CIO, arXiv 1909.00948, Equation 1",
    part: (layer: Figures) => layer.cio,
  },
  ops: {
    ...SUM,
    ofGroups: true,
    title: 'ops',
    short: 'ops',
    words: 'the number of ops',
    about: 'All layers but views: what an eager framework launches.',
    part: (layer: Figures) => (layer.memoryAccessUnfused > 0 ? 1 : 0),
    together: 'op',
  },
  'memoryAccess.conv': {
    ...SUM,
    closedForm: true,
    ofGroups: true,
    title: 'memory access, conv',
    short: 'memory access, conv',
    words: 'the memory access of convolutions',
    about: 'Memory access in elements, summed over convolutions only.',
    source: 'Equation 1 of the VoVNet paper, arXiv 1904.09730',
    part: accessOf('conv'),
  },
  'memoryAccess.linear': {
    ...SUM,
    closedForm: true,
    ofGroups: true,
    detail: true,
    title: 'memory access, linear',
    short: 'linear',
    words: 'the memory access of linear layers',
    about: 'Memory access in elements, summed over fully connected layers only.',
    source: SHUFFLENET,
    part: accessOf('linear'),
  },
  'memoryAccess.unfused': {
    ...SUM,
    closedForm: true,
    title: 'memory access, unfused',
    short: 'unfused',
    words: 'the unfused memory access',
    about:
      'Memory access in elements: inputs read once, outputs written once, weights read once. Summed over every op as an eager framework runs it; views are free, a concat reads and writes everything.',
    source: SHUFFLENET,
    part: (layer: Figures) => layer.memoryAccessUnfused,
  },
  'memoryAccess.fused': {
    ...SUM,
    closedForm: true,
    title: 'memory access, fused',
    short: 'fused',
    words: 'the fused memory access',
    about:
      'Memory access in elements as an inference compiler would run it at best: a concat is a view of what its producers wrote, and an elementwise op is absorbed by its only producer or its only reader.',
    source: SHUFFLENET,
    part: (layer: Figures) => layer.memoryAccessFused,
  },
  peakActivations: {
    ...MAX,
    later: true,
    title: 'peak activation memory',
    short: 'peak',
    words: 'the peak activation memory',
    about:
      'Most elements of tensors alive at once in order of execution, weights apart. An elementwise op writes in place where nothing else reads its operand; a view takes nothing; a tensor is freed after its last reader.',
    part: (layer: Layer) => layer.aliveElements,
  },
  peakActivationsOutOfPlace: {
    ...MAX,
    later: true,
    detail: true,
    title: 'peak activation memory, nothing in place',
    short: 'peak, out of place',
    words: 'the peak activation memory with nothing in place',
    about: 'Peak activation memory in elements where every op but a view allocates its output.',
    part: (layer: Layer) => layer.aliveElementsOutOfPlace,
  },
} as const satisfies Record<string, CountRow>;
