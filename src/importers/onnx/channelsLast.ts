// Turns the image of a channels-last ONNX file once, before anything reads it.

import { ATTRIBUTE_TYPES, type OnnxAttribute, type OnnxNode } from './messages.js';
import type { Inputs } from './inputs.js';
import { callOf, type OnnxCall } from './onnxCall.js';

/** The key of the image as we have it, [N, C, H, W]. No name of a file has a line break. */
export const turnedKey = (name: string): string => `${name}\nchannelsFirst`;

/**
 * A transposition of the image that puts its channels second changes nothing: we have that order
 * already. What reads the image in the order of the file reads it turned back.
 */
export function turnedFirst(calls: readonly OnnxCall[], { image, channelsLast }: Inputs): readonly OnnxCall[] {
  const [first] = calls;
  if (!channelsLast || !first) return calls;
  const turns = (call: OnnxCall): boolean =>
    call.op === 'Transpose' && call.inputs[0] === image.name && call.attributes.ints('perm')?.join() === '0,3,1,2';
  const rest = calls.map((call) =>
    turns(call) ? replaced(call, { ...call.node, opType: 'Identity', input: [turnedKey(image.name)] }) : call,
  );
  if (!rest.some(({ inputs }) => inputs.includes(image.name))) return rest;
  const name = `${image.name || 'input'}.channelsLast`.replace(/^\/+/, '');
  const node: OnnxNode = {
    ...{ name, opType: 'Transpose', domain: '', metadataProps: [] },
    input: [turnedKey(image.name)],
    output: [image.name],
    attribute: [perm([0, 2, 3, 1])],
  };
  return [replaced(first, node), ...rest];
}

const replaced = ({ facts }: OnnxCall, node: OnnxNode): OnnxCall => callOf(node, facts);

const perm = (ints: readonly number[]): OnnxAttribute => ({
  ...{ name: 'perm', ints, floats: [], strings: [], graphs: [], type: ATTRIBUTE_TYPES.ints },
  ...{ f: undefined, i: undefined, s: undefined, t: undefined, g: undefined, refAttrName: undefined },
});
