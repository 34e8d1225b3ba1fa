// The options of training in words: "adam, layer1 frozen, checkpoints of block, autocast".

import type { Training } from './training.js';

export const trainingText = ({ optimizer, freeze, checkpoint, amp }: Training['options']): string =>
  [
    optimizer,
    ...(freeze.length > 0 ? [`${freeze.join(', ')} frozen`] : []),
    ...(checkpoint.length > 0 ? [`checkpoints of ${checkpoint.join(', ')}`] : []),
    ...(amp ? ['autocast'] : []),
  ].join(', ');
