// Inner graphs of a file, which a call runs in its own place: branches, functions, bodies of loops.

import { isNumber } from '../../dim/dim.js';
import { resultsOf, type Call, type ConversionStep, type FileCall } from './call.js';
import { isConstant, type Operand } from './operand.js';
import { Uncounted } from './uncounted.js';

export interface InnerGraph<C extends FileCall> {
  /** Keys of what it is given, in order. */
  readonly inputs: readonly string[];
  readonly constants: ReadonlyMap<string, Operand>;
  /** In an order in which they can run. */
  readonly steps: readonly ConversionStep<C>[];
  readonly outputs: readonly string[];
}

/** @param given one for each input */
export function runInner<C extends FileCall>(
  call: Call<C>,
  { inputs, constants, steps, outputs }: InnerGraph<C>,
  given: readonly Operand[],
): readonly Operand[] {
  const named = inputs.map((key, i) => [key, given[i]!] as const);
  return resultsOf(call.inline(steps, new Map([...constants, ...named]), outputs)) as readonly Operand[];
}

/** A number that the file holds; undefined where it is computed from the image. */
export function numberIn(operand: Operand | undefined): number | undefined {
  const item = operand && isConstant(operand) ? operand.items?.[0] : undefined;
  return item !== undefined && isNumber(item) ? item : undefined;
}

/**
 * The body runs on its own results as long as the condition holds.
 * @throws Uncounted where the image decides
 */
export function runWhile(
  state: readonly Operand[],
  condition: (state: readonly Operand[]) => readonly Operand[],
  body: (state: readonly Operand[]) => readonly Operand[],
): readonly Operand[] {
  for (let now = state; ; now = body(now)) {
    const again = numberIn(condition(now)[0]);
    if (again === undefined)
      throw new Uncounted('its condition is computed from the image, so that how often it runs is known when it does');
    if (again === 0) return now;
  }
}
