// Rows of the layers of Keras that join several inputs.

import type { Dim } from '../../dim/dim.js';
import type { Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import { showShape } from '../../shape.js';
import type { LayerCall, KerasRow } from './layerCall.js';

export type BinaryOp = 'add' | 'multiply' | 'maximum' | 'minimum' | 'subtract' | 'divide';

/** Inputs as they are where all have their channels second, else as the file has them. */
const inputsOf = (call: LayerCall): readonly Value[] => (call.alongSequences ? call.rawInputs : call.inputs);

const finished = (call: LayerCall, made: Value): Value => (call.alongSequences ? call.marked(made) : made);

/** Two inputs at a time. */
export const merging =
  (op: BinaryOp): KerasRow =>
  (call) => {
    const [first, ...rest] = inputsOf(call);
    if (!first || rest.length === 0)
      throw new InputError(`it takes two inputs or more, and has ${call.rawInputs.length}`);
    const made = rest.reduce(
      (all, next, i) => combined(call, op, i === rest.length - 1 ? '' : `${i + 1}`, all, next),
      first,
    );
    return finished(call, made);
  };

/** Sides in front are missing in the order of the file, so the shorter one is widened there. */
export function combined(
  call: LayerCall,
  op: Parameters<LayerCall['apply']>[0],
  part: string,
  a: Value,
  b: Value,
): Value {
  const rank = Math.max(a.shape.length, b.shape.length);
  const [p, q] = [a, b].map((value, i) => widened(call, value, rank, `${part}side${i}`)) as [Value, Value];
  return call.apply(op, part, [p, q]);
}

/** Sides of 1 in front, in the order of the file. */
export function widened(call: LayerCall, x: Value, rank: number, part: string): Value {
  if (x.shape.length === rank) return x;
  const sides = call.layout.theirs(x.shape);
  return call.viewed(x, [...new Array<Dim>(rank - sides.length).fill(1), ...sides], part);
}

/** A sum, and one multiplication of each element. */
export const average: KerasRow = (call) => {
  const [first, ...rest] = inputsOf(call);
  if (!first || rest.length === 0)
    throw new InputError(`it takes two inputs or more, and has ${call.rawInputs.length}`);
  const sum = rest.reduce((all, next, i) => call.apply('add', `${i + 1}`, [all, next]), first);
  return finished(call, call.apply('scaleBy', '', sum, { shape: [1], learnt: false }));
};

export const concatenate: KerasRow = (call) => {
  const inputs = inputsOf(call);
  if (inputs.length === 0) throw new InputError('it has no inputs');
  const [axis = -1] = call.wholeNumbers('axis') ?? [-1];
  const rank = inputs[0]!.shape.length;
  if (!call.alongSequences) return call.apply('concat', '', inputs, { axis: call.place(axis, rank) });
  // [N, L, C] of the file is [N, C, L].
  const side = axis < 0 ? axis + rank : axis;
  if (side < 0 || side >= rank) throw new InputError(`there is no side ${axis} among ${rank}`);
  return call.marked(call.apply('concat', '', inputs, { axis: [0, 2, 1][side]! }));
};

/** Products along one side of each input; sides in front of both are one batch. */
export const dotProduct: KerasRow = (call) => {
  const [a, b, ...more] = call.inputs.map((value, i) => call.inFileOrder(value, `input${i}`));
  if (!a || !b || more.length > 0) throw new InputError(`it takes two inputs, and has ${call.rawInputs.length}`);
  const given = call.wholeNumbers('axes') ?? [-1];
  const [p, q] = [a, b].map(({ shape }, i) => {
    const axis = given[i] ?? given[0]!;
    const side = axis < 0 ? axis + shape.length : axis;
    if (side < 1 || side >= shape.length) throw new InputError(`there is no side ${axis} in ${showShape(shape)}`);
    return side;
  }) as [number, number];
  const free = Array.from('cdefghijklmnopqrstuvwxyz');
  const letters = (shape: readonly Dim[], inner: number): string =>
    shape.map((_, i) => (i === 0 ? 'a' : i === inner ? 'b' : free.shift()!)).join('');
  const [left, right] = [letters(a.shape, p), letters(b.shape, q)];
  const kept = `a${`${left}${right}`.replaceAll(/[ab]/g, '')}`;
  const made = call.apply('einsum', 'product', [a, b], { equation: `${left},${right}->${kept}` });
  if (kept.length > 1) return call.inOurOrder(made, 'result');
  return call.apply('reshape', '', made, { shape: [1] });
};

/** A number beside the inputs is chosen, not learnt. */
export const withNumber =
  (op: BinaryOp): KerasRow =>
  (call) => {
    if (call.rawInputs.length !== 1 || call.constants.length === 0) return merging(op)(call);
    const [x] = inputsOf(call);
    const number = call.constants[0]!;
    if (op === 'maximum' || op === 'minimum') {
      const given = op === 'maximum' ? { least: number, most: MOST } : { least: -MOST, most: number };
      return finished(call, call.apply('clip', '', x!, given));
    }
    const scales = op === 'multiply' || op === 'divide';
    return finished(call, call.apply(scales ? 'scaleBy' : 'shiftBy', '', x!, { shape: [1], learnt: false }));
  };

/** Where only one end is given. */
export const MOST = 3.4e38;
