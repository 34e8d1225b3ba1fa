// What shape has that which an uncounted op makes? The one that the file states, if any tensor can have it, or that of the op's inputs.

import { isNumber, type Dim } from '../../dim/dim.js';
import { broadcast } from '../../ops/arithmetic.js';
import type { Shape } from '../../shape.js';
import { BINARY, UNARY } from './fold/numbers.js';
import type { Inputs } from './inputs.js';
import type { OnnxGraph, OnnxNode } from './messages.js';
import type { Operand } from './operand.js';

/** A file that states more of one value is damaged: four tebibytes of single precision. */
const MOST_ELEMENTS = 2 ** 40;

/** What the file says of a value, at this batch; undefined where it says nothing that can be. */
export function statedShape(graph: OnnxGraph, inputs: Inputs, name: string, batch: Dim): Shape | undefined {
  const stated = [...graph.valueInfo, ...graph.output].find((value) => value.name === name)?.type?.tensorType?.shape
    ?.dim;
  const sides = stated?.map(({ dimValue, dimParam }, i) =>
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

/** Comparisons, choices and roundings are done element by element, as sums are. */
export function sameSides(
  { opType = '', domain = '' }: OnnxNode,
  inputs: readonly (Operand | undefined)[],
): Shape | undefined {
  if (domain !== '' || !(opType === 'Where' || Object.hasOwn(BINARY, opType) || Object.hasOwn(UNARY, opType)))
    return undefined;
  const shapes = inputs.flatMap((input) => (input ? [input.shape] : []));
  return shapes.length === inputs.length ? shapes.reduce((all, shape) => broadcast(all, shape)) : undefined;
}
