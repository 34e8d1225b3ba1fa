// The cost of a training step at the batch, the input size and the memory budget of the flags.

import { trainingStep, type TrainingStep } from '../../src/diagnosis/trainingStep.js';
import type { Model } from '../../src/model.js';
import type { TrainingOptions } from '../../src/training/training.js';
import { imageSize } from './model.js';

export const trainingAt = (
  model: Model,
  options: TrainingOptions,
  { batch, input, memoryBudget }: { batch?: number | undefined; input?: string | undefined; memoryBudget?: number },
): TrainingStep => trainingStep(model, options, { batch, input: imageSize(input, model), memoryBudget });
