// The sentences of a training step in which something is not trained.

import { counted } from '../../src/plural.js';
import type { Training } from '../../src/training/training.js';
import { abbreviate } from '../../src/visible.js';

/** Empty where all is trained. */
export const notTrainedTexts = ({
  options: { freeze },
  notTrained,
}: Pick<Training, 'options' | 'notTrained'>): readonly string[] => [
  ...(freeze.length > 0 ? [`Not trained: ${freeze.map((name) => abbreviate(name)).join(', ')}.`] : []),
  ...(notTrained === undefined
    ? []
    : [
        `The file does not train ${counted(notTrained, 'layer')} with parameters: frozen, without gradients (.detach(), torch.no_grad()), or read by no output.`,
      ]),
];
