// Reads stage and block from the name of a Keras layer.

import type { StageAndBlock } from '../../builder.js';

const KERAS = /^(?:(?<list>[a-z]+\d+)_)?(?<block>block_?\d+(?<letter>[a-z]?))_/;

/**
 * conv2_block1_1_conv, block2a_expand_conv, block1_conv1. Undefined where the name says neither.
 */
export function kerasStageAndBlock(layer: string): StageAndBlock | undefined {
  const found = KERAS.exec(layer)?.groups;
  if (!found) return undefined;
  const { list, block = '', letter = '' } = found;
  if (list !== undefined) return { stage: list, block: `${list}_${block}` };
  return letter === '' ? { stage: block, block: '' } : { stage: block.slice(0, -1), block };
}
