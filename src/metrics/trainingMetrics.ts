// The table of metrics of a training step.

import type { TrainingMetric } from './metric.js';

const TRAINED = { from: 'training', better: 'less', source: null } as const;
const AUTOGRAD = "PyTorch 2.13's eager autograd: tools/autograd/derivatives.yaml";

export const TRAINING_METRICS = {
  'training.multAdds': {
    ...TRAINED,
    unit: 'count',
    title: 'multiply-adds of a training step',
    short: 'step multiply-adds',
    words: 'the multiply-adds of a training step',
    about: 'Multiply-adds of a training step: forward, backward, and what checkpoints run again.',
    read: ({ totals }) => totals.stepMultAdds,
    part: (layer) => layer.multAdds + layer.inputMultAdds + layer.weightMultAdds + layer.recomputedMultAdds,
  },
  'training.backwardMultAdds': {
    ...TRAINED,
    unit: 'count',
    title: 'multiply-adds of the backward pass',
    short: 'backward multiply-adds',
    words: 'the multiply-adds of the backward pass',
    about:
      "Multiply-adds of the gradients of layers' inputs and weights; the first layer makes none of the image, frozen layers none of their weights.",
    read: ({ totals }) => totals.backwardMultAdds,
    part: (layer) => layer.inputMultAdds + layer.weightMultAdds,
  },
  'training.memoryAccess': {
    ...TRAINED,
    unit: 'count',
    title: 'memory access of the backward pass',
    short: 'backward memory access',
    words: 'the memory access of the backward pass',
    about: 'Elements that the backward pass reads of what was kept and of gradients, and writes as gradients.',
    read: ({ totals }) => totals.memoryAccess,
    part: (layer) => layer.memoryAccess,
  },
  'training.keptBytes': {
    ...TRAINED,
    unit: 'bytes',
    title: 'bytes kept for backward',
    short: 'kept',
    words: 'the bytes kept for the backward pass',
    about:
      'Bytes that autograd keeps between the forward and the backward pass: each storage once, neither images nor parameters and buffers.',
    source: AUTOGRAD,
    read: ({ totals }) => totals.keptBytes,
    part: (layer) => layer.keptBytes,
  },
  'training.peakBytes': {
    ...TRAINED,
    unit: 'bytes',
    title: 'peak of a training step',
    short: 'training peak',
    words: 'the peak memory of activations in training',
    about:
      'The most bytes that activations and their gradients take at one time of a training step, where every tensor goes as soon as nothing needs it.',
    read: ({ totals }) => totals.peak.bytes,
    part: (layer) => layer.keptBytes,
  },
  'training.optimizerBytes': {
    ...TRAINED,
    unit: 'bytes',
    title: "bytes of the optimiser's state",
    short: 'optimiser state',
    words: "the bytes of the optimiser's state",
    about:
      'Bytes that the optimiser holds for trained parameters: none for SGD, one number each with momentum, two for Adam.',
    read: ({ totals }) => totals.optimizerBytes,
    part: (layer) => layer.optimizerBytes,
  },
  'training.totalBytes': {
    ...TRAINED,
    unit: 'bytes',
    title: 'memory of a training step, in all',
    short: 'training memory',
    words: 'the memory of a training step in all',
    about:
      "Bytes of images, parameters, their gradients, the optimiser's state, half-precision copies of weights, and the peak of activations and their gradients.",
    read: ({ totals }) => totals.totalBytes,
    part: (layer) => layer.keptBytes + layer.optimizerBytes,
  },
} as const satisfies Record<string, TrainingMetric>;
