// The sides of the operand of a Keras operation, in the order of the file.

import type { Dim } from '../../dim/dim.js';
import type { Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import type { LayerCall } from './layerCall.js';

/** Sides of the only or first input in the order of the file. */
export function fileSides(call: LayerCall): { readonly x: Value; readonly sides: readonly Dim[] } {
  const [x] = call.inputs;
  if (!x) throw new InputError('it has no inputs');
  return { x, sides: call.layout.theirs(x.shape) };
}

export function counted(axis: number, rank: number): number {
  const side = axis < 0 ? axis + rank : axis;
  if (!(side >= 0 && side < rank)) throw new InputError(`there is no side ${axis} among ${rank}`);
  return side;
}

/** Where one side stands among those of the file; the last without another word. */
export const sideOf = (call: LayerCall, rank: number, fallback = -1): number =>
  counted(call.wholeNumbers('axis', 'dim')?.[0] ?? fallback, rank);
