// The shape of a call that is left out, where its sizes have symbols and the file has numbers.

import { isNumber, symbolsOf, type Dim } from '../../dim/dim.js';
import { evaluate } from '../../dim/evaluate.js';
import type { Shape } from '../../shape.js';
import type { Operand } from './operand.js';

/** What the symbols of an image stand for at its own sides. */
export function ownValues(image: Shape, own: readonly unknown[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    image.flatMap((side, i) => {
      const [symbol, other] = isNumber(side) ? [] : symbolsOf([side]);
      const value = typeof own[i] === 'number' ? own[i] : 1;
      return symbol && !other ? [[symbol.name, value] as const] : [];
    }),
  );
}

/**
 * An operand that has the stated sides at the file's own sizes is taken to have those of the result
 * at all sizes.
 * @param stated the sides of the result at the file's own sizes
 */
export function likeOperand(
  stated: Shape | undefined,
  operands: readonly (Operand | undefined)[],
  values: Readonly<Record<string, number>>,
): Shape | undefined {
  if (!stated) return undefined;
  return operands.find(
    (one) => one?.shape.length === stated.length && one.shape.every((side, i) => at(side, values) === stated[i]),
  )?.shape;
}

/** Undefined where a symbol has no value. */
function at(side: Dim, values: Readonly<Record<string, number>>): number | undefined {
  if (isNumber(side)) return side;
  return symbolsOf([side]).every(({ name }) => name in values) ? evaluate(side, values) : undefined;
}
