// Which stage and block is a layer of? Keras has no hierarchy, but the names of its models do: conv2_block1_1_conv, block2a_expand_conv.

import type { Place } from '../../builder.js';

const KERAS = /^(?:(?<list>[a-z]+\d+)_)?(?<block>block_?\d+(?<letter>[a-z]?))_/;

const NOWHERE: Place = { stage: '', block: '' };

/** @returns undefined where Keras made the name itself, as in batch_normalization_3: then it is where the layer before is */
export function placeOf(layer: string, className: string): Place | undefined {
  const found = KERAS.exec(layer)?.groups;
  if (!found) return isMade(layer, className) ? undefined : NOWHERE;
  const { list, block = '', letter = '' } = found;
  if (list !== undefined) return { stage: list, block: `${list}_${block}` };
  return letter === '' ? { stage: block, block: '' } : { stage: block.slice(0, -1), block };
}

/** ReLU is re_lu, Conv2D conv2d, MaxPooling2D max_pooling2d. */
function isMade(layer: string, className: string): boolean {
  const snake = className
    .replaceAll(/(.)([A-Z][a-z0-9]+)/g, '$1_$2')
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
  return layer.replace(/_\d+$/, '') === snake;
}
