// What the kit asks of ONNX: rows and folds by op, titles, and the shapes that a file states.

import { isNumber, type Dim } from '../../dim/dim.js';
import { broadcast } from '../../ops/arithmetic.js';
import type { Shape } from '../../shape.js';
import type { Format } from '../kit/convert.js';
import { likeOperand, ownValues } from '../kit/likeOperand.js';
import type { Operand } from '../kit/operand.js';
import { folded } from './folds.js';
import type { Inputs } from './inputs.js';
import type { Message, OnnxGraph } from './messages.js';
import { isOwn, type OnnxCall } from './onnxCall.js';
import { ACTIVATIONS } from './rows/activation.js';
import { ARITHMETIC } from './rows/arithmetic.js';
import { LOOPS } from './rows/loops.js';
import { rowOf } from './rows/table.js';
import { titleOf } from './title.js';

/**
 * Whether flopscope has a row for the op: one of ONNX itself. An If or a loop without graphs that
 * were read has none.
 */
export const isKnown = ({ op, node, branches, body }: OnnxCall): boolean =>
  isOwn(node) &&
  rowOf(op) !== undefined &&
  (op !== 'If' || branches !== undefined) &&
  (!Object.hasOwn(LOOPS, op) || body !== undefined);

/** With the domain, where it is not ONNX's own. */
export const fullOp = ({ op, node }: OnnxCall): string => (isOwn(node) ? op : `${node.domain}.${op}`);

/**
 * @param batch of the image; undefined where its other sides are not those of the file, whose
 * shapes do not hold then
 */
export function formatOf(graph: OnnxGraph, inputs: Inputs, image: Shape, batch: Dim | undefined): Format<OnnxCall> {
  const stated = new Map([...graph.output, ...graph.valueInfo].map((value) => [value.name ?? '', value]));
  const own = inputs.image.sides;
  const values = ownValues(image, own);
  return {
    rowOf: (call) => (isKnown(call) ? rowOf(call.op)!.convert : undefined),
    fold: folded,
    title: ({ node }) => titleOf(node),
    opTitle: fullOp,
    // What is computed from one stored tensor is called as it is.
    nameOfConstant: ({ stored = [] }, key) => (stored.length === 1 ? stored[0]!.id : key),
    shapeOf: (call, output, operands) =>
      (batch === undefined
        ? likeOperand(
            statedShape(stated.get(call.outputs[output]!), inputs, isNumber(own[0] as Dim) ? (own[0] as number) : 1),
            operands,
            values,
          )
        : statedShape(stated.get(call.outputs[output]!), inputs, batch)) ?? impliedShape(call, operands, output),
  };
}

/** A file that states more of one value is damaged: four tebibytes of single precision. */
const MOST_ELEMENTS = 2 ** 40;

/** Undefined where the file states no possible shape. */
function statedShape(value: Message<'ValueInfo'> | undefined, inputs: Inputs, batch: Dim): Shape | undefined {
  const sides = value?.type?.tensorType?.shape?.dim.map(({ dimValue, dimParam }, i) =>
    i === 0 && (dimValue ?? dimParam) === inputs.image.sides[0] ? batch : dimValue,
  );
  return sides && sides.length > 0 && isUsable(sides) ? sides : undefined;
}

function isUsable(sides: readonly (Dim | undefined)[]): sides is Shape {
  const numbers = sides.filter((side): side is number => side !== undefined && isNumber(side));
  return (
    !sides.includes(undefined) &&
    numbers.every((side) => Number.isSafeInteger(side) && side > 0) &&
    numbers.reduce((count, side) => count * side, 1) <= MOST_ELEMENTS
  );
}

/** Ops that are done element by element give the sides of their operands. */
function impliedShape(
  { op, node, body }: OnnxCall,
  operands: readonly (Operand | undefined)[],
  output: number,
): Shape | undefined {
  // The state of a loop keeps its sides, behind the number of runs and the condition.
  if (isOwn(node) && op === 'Loop' && body && output < body.inputs.length - 2) return operands[2 + output]?.shape;
  if (!isOwn(node) || !(Object.hasOwn(ACTIVATIONS, op) || Object.hasOwn(ARITHMETIC, op))) return undefined;
  const shapes = operands.flatMap((operand) => (operand ? [operand.shape] : []));
  if (shapes.length === 0 || shapes.length < operands.length) return undefined;
  return shapes.reduce((all, shape) => broadcast(all, shape));
}
