// Where in the network a node stands, and how the name of a Keras layer says it.

/** "" outside of any stage or block. */
export interface NodePlace {
  readonly stage: string;
  readonly block: string;
}

const KERAS = /^(?:(?<list>[a-z]+\d+)_)?(?<block>block_?\d+(?<letter>[a-z]?))_/;

/**
 * conv2_block1_1_conv, block2a_expand_conv, block1_conv1. Undefined where the name says neither.
 */
export function kerasPlace(layer: string): NodePlace | undefined {
  const found = KERAS.exec(layer)?.groups;
  if (!found) return undefined;
  const { list, block = '', letter = '' } = found;
  if (list !== undefined) return { stage: list, block: `${list}_${block}` };
  return letter === '' ? { stage: block, block: '' } : { stage: block.slice(0, -1), block };
}
