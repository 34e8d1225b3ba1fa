// Rows of TFLite's lookups and scatters.

import { isNumber, mul, type Dim } from '../../../dim/dim.js';
import type { Value } from '../../../graph.js';
import { InputError } from '../../../inputError.js';
import { showShape, type Shape } from '../../../shape.js';
import { constant, isConstant, type Operand } from '../../kit/operand.js';
import { DataDependent } from '../../kit/uncounted.js';
import { optionsOf } from '../network.js';
import { data, fileSides, inFileOrder, like, plain, sideOf, type Call } from '../sides.js';

/** The tensor into which elements are scattered: zeros, or another constant. */
const zeros = (call: Call, shape: Shape): Value => call.apply('constant', [], { shape }, {}, 'zeros');

/** Indices and elements of a scatter. Reading stored indices is not counted. */
function put(call: Call, into: Value, places: Operand | undefined, values: Value, mode: Mode = 'replace'): Value {
  const inputs = places && !isConstant(places) ? [into, plain(call, places, 'places'), values] : [into, values];
  return inFileOrder(call.apply('scatter', inputs, { mode }));
}

type Mode = 'replace' | 'add' | 'multiply' | 'max' | 'min';

/** Inputs: places, sides, values. */
export function sparseToDense(call: Call): Value {
  const values = plain(call, data(call, 2), 'values');
  return put(call, zeros(call, call.sizes(1, 'sides')), call.operand(0), values);
}

/** Inputs: places, values, sides. Values at one place are added. */
export function scatterNd(call: Call): Value {
  const values = plain(call, data(call, 1), 'values');
  return put(call, zeros(call, call.sizes(2, 'sides')), call.operand(0), values, 'add');
}

/** A part of the first input is replaced by the second. */
export function updateSlice(call: Call): Value {
  const x = plain(call, data(call, 0));
  return put(call, x, undefined, plain(call, data(call, 1), 'values'));
}

/** [..., n] as the diagonal of [..., n, n]. */
export function diagonal(call: Call): Value {
  const x = plain(call, data(call, 0));
  const side = x.shape.at(-1);
  if (side === undefined) throw new InputError('it makes a diagonal of a single number');
  return put(call, zeros(call, [...x.shape, side]), undefined, x);
}

/** The rows of the first input are added up, or else, by the group that the second input states. */
export function segments(call: Call): Value {
  const x = plain(call, data(call, 0));
  const groups = call.shape(1);
  const [stated] = call.has(2) ? call.sizes(2, 'number of groups') : [lastGroup(call)];
  if (stated === undefined || groups.length > x.shape.length)
    throw new InputError(`groups ${showShape(groups)} do not fit ${showShape(x.shape)}`);
  const mode = MODES[call.op.split('_').at(-1)!] ?? 'add';
  return put(call, zeros(call, [stated, ...x.shape.slice(groups.length)]), call.operand(1), x, mode);
}

const MODES: Readonly<Record<string, Mode>> = { SUM: 'add', PROD: 'multiply', MAX: 'max', MIN: 'min' };

/** Groups are numbered upwards, so the last one says how many there are. */
function lastGroup(call: Call): Dim {
  const last = call.items(1)?.at(-1);
  if (last !== undefined && isNumber(last)) return last + 1;
  throw new DataDependent('how many groups there are is known when it runs');
}

/** Rows of a stored table, whose entries may have several sides. */
export function lookup(call: Call): Value {
  const table = call.operand(1);
  const indices = plain(call, data(call, 0), 'indices');
  const [entries, features] = table.shape;
  if (isConstant(table) && table.stored && table.shape.length === 2)
    return call.apply('embedding', indices, { entries: entries!, features: features! }, { weight: table });
  return inFileOrder(call.apply('gather', [plain(call, data(call, 1)), indices], { axis: 0 }));
}

/** Each image has its own length, up to which its steps are reversed. */
export function reverseSequence(call: Call): Value {
  const x = data(call, 0);
  return like(x, call.apply('flip', x, { axes: [sideOf(x, optionsOf(call.file, 'ReverseSequence').axis)] }));
}

/** Dilates a tensor: zeros are put between its elements. */
export function dilate(call: Call): Value {
  const x = plain(call, data(call, 0));
  const steps = call.whole(1, 'distances');
  if (steps.length !== x.shape.length || steps.some((step) => !(step >= 1)))
    throw new InputError(`distances [${steps.join(', ')}] do not fit ${showShape(x.shape)}`);
  if (steps.every((step) => step === 1)) return x;
  const sides = x.shape.map((side, i) => (isNumber(side) ? (side - 1) * steps[i]! + 1 : mul(side, steps[i]!)));
  return put(call, zeros(call, sides), undefined, x);
}

/**
 * Non-maximum suppression: indices, scores and number of the boxes that stay. The results have as
 * many entries as the file states, padded by zeros.
 */
export function suppressed(call: Call): readonly (Operand | undefined)[] {
  const scores = data(call, 1);
  const [boxes] = fileSides(scores);
  const [most] = call.sizes(2, 'number of boxes');
  if (scores.shape.length !== 1 || boxes === undefined || most === undefined || !(isNumber(most) && most >= 1))
    throw new InputError(`scores ${showShape(scores.shape)} are not a list, of which boxes are chosen`);
  const k = isNumber(boxes) ? Math.min(boxes, most) : most;
  const kept = (output: 'indices' | 'values', part: string): Value => {
    const found = call.apply('topK', scores, { k, axis: 0, output }, {}, k === most ? part : `${part}kept`);
    return k === most ? found : call.apply('padSides', found, { before: [0], after: [most - k] }, {}, part);
  };
  const scored = call.op === 'NON_MAX_SUPPRESSION_V5';
  return call.file.outputs.map((_, i) => {
    if (!call.isRead(i)) return undefined;
    if (i === 0) return kept('indices', '');
    return i === 1 && scored ? kept('values', 'scores') : constant('int', []);
  });
}

export const dependent = (why: string) => (): never => {
  throw new DataDependent(why);
};

/** Draws from the distribution of each row, as many as the second input says. */
export function drawn(call: Call): Value {
  const x = data(call, 0);
  const [count] = call.sizes(1, 'number of draws');
  if (x.shape.length !== 2 || count === undefined) throw new InputError(`it draws from ${showShape(x.shape)}`);
  const sums = call.apply('cumSum', call.apply('softmax', x, { axis: 1 }, {}, 'shares'), { axis: 1 }, {}, 'sums');
  const noise = call.value(constant('float', [x.shape[0]!, count]), `${call.file.outputs[0]!} noise`);
  return call.apply('gatherElements', [sums, noise], { axis: 1 });
}
