// The table of ONNX writers. Every op has a row here or in notWritten.ts.

import type { OpName } from '../../ops/table.js';
import * as activations from './writeActivations.js';
import * as arrangement from './writeArrangement.js';
import type { NotWritten } from './notWritten.js';
import { float, type Attributes, type NodeWriter } from './writeDraft.js';
import * as functions from './writeFunctions.js';
import * as elements from './writeElements.js';
import * as layers from './writeLayers.js';
import * as layout from './writeLayout.js';
import * as moves from './writeMoves.js';
import * as norms from './writeNorms.js';
import * as pools from './writePools.js';
import { roiAlign } from './writeRegion.js';

type Write = (writer: NodeWriter) => void;

/** The same op under another name. */
const alone =
  (type: string, attributes: Attributes = {}): Write =>
  (writer) => {
    writer.result(type, writer.inputs, attributes);
  };

const WRITE: { readonly [K in Exclude<OpName, NotWritten>]: Write } = {
  ...layers,
  ...norms,
  ...activations,
  relu: alone('Relu'),
  sigmoid: alone('Sigmoid'),
  hardSigmoid: alone('HardSigmoid', { alpha: float(1 / 6), beta: float(0.5) }),
  hardSwish: alone('HardSwish'),
  softmax: (writer) => {
    writer.result('Softmax', [writer.x], { axis: writer.values['axis'] as number });
  },
  tanh: alone('Tanh'),
  softplus: alone('Softplus'),
  erf: alone('Erf'),
  exponential: alone('Exp'),
  logarithm: alone('Log'),
  squareRoot: alone('Sqrt'),
  reciprocal: alone('Reciprocal'),
  absolute: alone('Abs'),
  negate: alone('Neg'),
  ...functions,
  ...elements,
  ...moves,
  ...pools,
  roiAlign,
  globalAvgPool: alone('GlobalAveragePool'),
  globalMaxPool: alone('GlobalMaxPool'),
  add: alone('Add'),
  subtract: alone('Sub'),
  multiply: alone('Mul'),
  divide: alone('Div'),
  maximum: alone('Max'),
  minimum: alone('Min'),
  scale: (writer) => {
    writer.result('Mul', [writer.x, writer.weight('factor', [1])]);
  },
  parameter: (writer) => {
    writer.result('Identity', [writer.weight('value', writer.values['shape'] as readonly number[])]);
  },
  concat: (writer) => {
    writer.result('Concat', writer.inputs, { axis: writer.values['axis'] as number });
  },
  ...arrangement,
  ...layout,
  flatten: alone('Flatten', { axis: 1 }),
};

/** Undefined for an op without a form in ONNX. */
export const writerOf = (op: OpName): Write | undefined => (WRITE as Partial<Record<OpName, Write>>)[op];
