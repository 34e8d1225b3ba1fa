// Reads the few whole numbers that say a shape from the file beside an ONNX file.

import { InputError } from '../../inputError.js';
import { shown } from '../../document/problem.js';
import type { Companion } from '../bytesBeside.js';
import { MOST_ITEMS, type Constant } from '../kit/operand.js';
import type { OnnxGraph, OnnxNode, OnnxTensor } from './messages.js';
import { bytesOf, EXTERNAL, isReal, storedOf } from './tensors.js';

/**
 * The same tensors, with the numbers of small integer tensors where the other file is there.
 * @throws InputError for a place that the other file does not have
 */
export const embedded = (tensors: readonly OnnxTensor[], companion: Companion): readonly OnnxTensor[] =>
  tensors.map((tensor) => embeddedOne(tensor, companion));

/** The same of the graphs inside of nodes: branches and bodies of loops. */
export const embeddedInside = (nodes: readonly OnnxNode[], companion: Companion): readonly OnnxNode[] =>
  nodes.map((node) => {
    if (!node.attribute.some(({ g }) => g)) return node;
    return {
      ...node,
      attribute: node.attribute.map((one) => (one.g ? { ...one, g: embeddedGraph(one.g, companion) } : one)),
    };
  });

const embeddedGraph = (graph: OnnxGraph, companion: Companion): OnnxGraph => ({
  ...graph,
  node: embeddedInside(graph.node, companion),
  initializer: embedded(graph.initializer, companion),
});

/** A stored tensor, and the file that must be beside the model where its numbers are missing. */
export function constantIn(tensor: OnnxTensor): Constant {
  const missing = fileOf(tensor);
  return { ...storedOf(tensor), ...(missing === undefined ? {} : { missing }) };
}

function embeddedOne(tensor: OnnxTensor, companion: Companion): OnnxTensor {
  const { dataType = 0, dims, dataLocation, name = '' } = tensor;
  const count = dims.reduce((all, side) => all * side, 1);
  if (dataLocation !== EXTERNAL || isReal(dataType) || !(count <= MOST_ITEMS)) return tensor;
  const [location, offset] = [externalIn(tensor, 'location'), Number(externalIn(tensor, 'offset') ?? 0)];
  const length = count * (bytesOf(dataType) ?? 0);
  if (location === undefined || !Number.isSafeInteger(offset)) return tensor;
  const content = companion([location], offset, length);
  if (content) return { ...tensor, dataLocation: 0, rawData: { length, content } };
  if (companion([location], 0, 0))
    throw new InputError(`${shown(location)} ends before the numbers of the tensor ${shown(name)}: it is cut off`);
  return tensor;
}

/** The file that holds the numbers of a tensor; undefined where they are inside. */
const fileOf = (tensor: OnnxTensor): string | undefined =>
  tensor.dataLocation === EXTERNAL ? externalIn(tensor, 'location') : undefined;

const externalIn = ({ externalData }: OnnxTensor, key: string): string | undefined =>
  externalData.find((entry) => entry.key === key)?.value;
