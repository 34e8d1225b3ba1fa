// Which numbers an ONNX file computes in, by the types of its weights and its quantising nodes.

import { DATA_TYPES, type OnnxGraph, type OnnxNode } from './messages.js';
import { graphsOf } from './branches.js';
import { listed } from '../../plural.js';

/** Types of weights. Biases of int8 networks, sizes and indices are none. */
const WEIGHTS: Readonly<Record<number, string>> = {
  [DATA_TYPES.float]: 'float32',
  [DATA_TYPES.double]: 'float64',
  [DATA_TYPES.float16]: 'float16',
  [DATA_TYPES.bfloat16]: 'bfloat16',
  [DATA_TYPES.int8]: 'int8',
  [DATA_TYPES.uint8]: 'uint8',
  [DATA_TYPES.int16]: 'int16',
  [DATA_TYPES.uint16]: 'uint16',
  17: 'float8',
  18: 'float8',
  19: 'float8',
  20: 'float8',
  21: 'uint4',
  22: 'int4',
  23: 'float4',
};
const IS_INTEGER = /^u?int/;
/** A type of fewer weights, such as scales and norms that were left as they are, is not named. */
const NOTABLE = 0.05;

/** How numbers are quantised, by the ops of nodes; the first that is there tells. */
const QUANTISING: readonly (readonly [ops: RegExp, words: string])[] = [
  [/^(QLinear|QGemm|QAttention|QEmbed)/, 'QOperator'],
  [/^(DynamicQuantize|ConvInteger|MatMulInteger|QOrdered)/, 'dynamic'],
  [/^QuantizeLinear$/, 'QDQ'],
  [/^(DequantizeLinear|MatMulNBits|MatMulBnb4|GatherBlockQuantized)$/, 'weights only'],
];

/**
 * @returns "float32", "float16", "int8 (QDQ)", "mixed: float16 and float32"; "float32" where no
 * weight is stored
 */
export function precisionIn(graph: OnnxGraph): string {
  const nodes = allNodes(graph);
  const elements = new Map<string, number>();
  const constants = nodes.flatMap(({ opType, attribute }) =>
    opType === 'Constant' ? attribute.flatMap(({ t }) => t ?? []) : [],
  );
  for (const { dataType = 0, dims } of [...graph.initializer, ...constants]) {
    const name = WEIGHTS[dataType];
    const count = dims.reduce((all, side) => all * side, 1);
    if (name !== undefined) elements.set(name, (elements.get(name) ?? 0) + count);
  }
  const all = [...elements.values()].reduce((sum, count) => sum + count, 0);
  const types = [...elements]
    .filter(([, count]) => count >= NOTABLE * all)
    .sort(([, a], [, b]) => b - a)
    .map(([name]) => name);
  const how = QUANTISING.find(([ops]) => nodes.some(({ opType = '' }) => ops.test(opType)))?.[1];
  const named = types.map((name) => (how !== undefined && IS_INTEGER.test(name) ? `${name} (${how})` : name));
  if (named.length > 1) return `mixed: ${listed(named)}`;
  const [only = 'float32'] = named;
  // Weights that nodes of the file quantise are stored as they were trained.
  return how === undefined || only.endsWith(')') ? only : `int8 (${how}), stored as ${only}`;
}

const allNodes = (graph: OnnxGraph): readonly OnnxNode[] =>
  graph.node.flatMap((node) => [node, ...graphsOf(node).flatMap(allNodes)]);
