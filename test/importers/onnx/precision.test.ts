// The numbers that an ONNX file computes in follow from its weights and its quantising nodes.

import { expect, it } from 'vitest';
import { DATA_TYPES, type OnnxGraph } from '../../../src/importers/onnx/messages.js';
import { precisionIn } from '../../../src/importers/onnx/precision.js';

type Stored = readonly (readonly [type: keyof typeof DATA_TYPES | number, elements: number])[];

const tensor = ([type, elements]: Stored[number]) => ({
  dataType: typeof type === 'number' ? type : DATA_TYPES[type],
  dims: [elements],
});
const graphOf = (stored: Stored, ops: readonly string[], constants: Stored = []): OnnxGraph =>
  ({
    initializer: stored.map(tensor),
    node: [
      ...ops.map((opType) => ({ opType, attribute: [] })),
      ...constants.map((one) => ({ opType: 'Constant', attribute: [{ t: tensor(one) }] })),
    ],
  }) as unknown as OnnxGraph;

it.each<[string, Stored, readonly string[]]>([
  ['float32', [['float', 1000]], ['Conv']],
  ['float32', [], ['Relu']],
  ['float64', [['double', 1000]], ['MatMul']],
  // Scales of a resize, sizes and indices are no weights.
  ['float16', [['float16', 1000], ['float', 4], ['int64', 5000]], ['Conv', 'Resize']], // prettier-ignore
  ['mixed: float16 and float32', [['float', 400], ['float16', 600]], ['Conv']], // prettier-ignore
  ['int8 (QDQ)', [['int8', 1000], ['int32', 900], ['float', 20]], ['QuantizeLinear', 'DequantizeLinear', 'Conv']], // prettier-ignore
  ['uint8 (QOperator)', [['uint8', 1000], ['float', 3]], ['QuantizeLinear', 'QLinearConv', 'DequantizeLinear']], // prettier-ignore
  ['int8 (dynamic)', [['int8', 1000]], ['DynamicQuantizeLinear', 'ConvInteger']],
  ['int4 (weights only)', [[22, 1000]], ['DequantizeLinear', 'MatMul']],
  ['mixed: int8 (QDQ) and float32', [['int8', 1000], ['float', 500]], ['QuantizeLinear', 'DequantizeLinear']], // prettier-ignore
  ['int8 (QDQ), stored as float32', [['float', 1000]], ['QuantizeLinear', 'DequantizeLinear', 'Conv']],
])('%s', (expected, stored, ops) => {
  expect(precisionIn(graphOf(stored, ops))).toBe(expected);
  // Some exporters write weights as nodes.
  expect(precisionIn(graphOf([], ops, stored))).toBe(expected);
});
