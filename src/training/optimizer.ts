// The table of optimisers and the tensors that each holds for a parameter, in single precision.

/**
 * As torch.optim holds them with its default settings and the one named. Adam's count of steps, one
 * number for each parameter tensor, is left out.
 */
export const OPTIMIZERS = {
  sgd: { about: 'SGD without momentum', tensors: 0 },
  momentum: { about: 'SGD with momentum: the momentum buffer', tensors: 1 },
  rmsprop: { about: 'RMSprop: the mean square', tensors: 1 },
  adagrad: { about: 'Adagrad: the sum of squares', tensors: 1 },
  adam: { about: 'Adam: two moments', tensors: 2 },
  adamw: { about: 'AdamW: two moments', tensors: 2 },
} as const;

export type OptimizerName = keyof typeof OPTIMIZERS;

export const isOptimizer = (name: string): name is OptimizerName => Object.hasOwn(OPTIMIZERS, name);
export const optimizerNames = (): readonly string[] => Object.keys(OPTIMIZERS);
