// Lists of tensors, in which TensorFlow's loops keep what each run reads and writes.

import { isNumber } from '../../dim/dim.js';
import type { Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import type { Shape } from '../../shape.js';
import type { Call, FileCall, Results } from './call.js';
import { constant, isConstant, type Constant, type Operand } from './operand.js';
import { Uncounted } from './uncounted.js';

const LONGEST = 10_000;

/** How a format orders the sides of a value. */
export interface Sides<C extends FileCall> {
  /** The sides in the order of the file. */
  of(call: Call<C>, x: Operand): Shape;
  /** All values along a new first side of the file. */
  stacked(call: Call<C>, values: readonly Value[]): Value;
  /** One part of the first side of the file, without that side. */
  part(call: Call<C>, x: Value, index: number): Value;
}

type Row<C extends FileCall> = (call: Call<C>) => Results;

/** A list costs nothing; its shape is how many tensors it has. */
const listOf = (sequence: readonly Operand[]): Constant => ({ ...constant('int', [sequence.length]), sequence });

function sequenceOf<C extends FileCall>(call: Call<C>): readonly Operand[] {
  const { sequence } = call.constant(0) ?? {};
  if (sequence) return sequence;
  throw new Uncounted('its list is not known before it runs');
}

function placeIn<C extends FileCall>(call: Call<C>, list: readonly Operand[]): number {
  const [place] = call.whole(1, 'place');
  if (place !== undefined && place >= 0 && place < list.length) return place;
  throw new InputError(`there is no place ${place} in a list of ${list.length}`);
}

/** A number stands where nothing was set. */
const EMPTY = constant('float', []);

const filled = (count: number): readonly Operand[] => new Array<Operand>(count).fill(EMPTY);

function countAt<C extends FileCall>(call: Call<C>, i: number): number {
  const [count] = call.whole(i, 'number of tensors');
  if (count !== undefined && count >= 0 && count <= LONGEST) return count;
  throw new Uncounted(`it makes a list of ${count}`);
}

/** A list of dynamic size grows to the place that is set. */
function set<C extends FileCall>(call: Call<C>): Results {
  const list = sequenceOf(call);
  const [place = -1] = call.whole(1, 'place');
  if (!(place >= 0 && place < LONGEST)) throw new InputError(`there is no place ${place} in a list`);
  const long = [...list, ...filled(Math.max(0, place + 1 - list.length))];
  return listOf(long.with(place, call.operand(2)));
}

function resized<C extends FileCall>(call: Call<C>): Results {
  const list = sequenceOf(call);
  const count = countAt(call, 1);
  return listOf([...list.slice(0, count), ...filled(Math.max(0, count - list.length))]);
}

/** All tensors of a list along a new first side. */
function stacked<C extends FileCall>(call: Call<C>, sides: Sides<C>): Results {
  const list = sequenceOf(call);
  if (list.every(isConstant)) return constant('float', [list.length, ...(list[0]?.shape ?? [])]);
  return sides.stacked(
    call,
    list.map((one, i) => (isConstant(one) ? call.value(one, `${call.file.name} part ${i}`) : one)),
  );
}

/** Each element of the first side becomes a tensor of its own. */
function divided<C extends FileCall>(call: Call<C>, sides: Sides<C>): Results {
  const given = call.operand(0);
  const [count, ...rest] = sides.of(call, given);
  if (count === undefined || !isNumber(count) || count > LONGEST) throw new Uncounted('its list has no known length');
  if (isConstant(given)) return listOf(new Array<Operand>(count).fill(constant(given.type, rest)));
  return listOf(Array.from({ length: count }, (_, i) => sides.part(call, given, i)));
}

/** Rows of the ops of lists by their names in TensorFlow. */
export const listRows = <C extends FileCall>(sides: Sides<C>): Readonly<Record<string, Row<C>>> => ({
  TensorListReserve: (call) => listOf(filled(countAt(call, 1))),
  EmptyTensorList: () => listOf([]),
  TensorListResize: resized,
  TensorListSetItem: set,
  TensorListGetItem(call) {
    const list = sequenceOf(call);
    return list[placeIn(call, list)]!;
  },
  TensorListPushBack: (call) => listOf([...sequenceOf(call), call.operand(1)]),
  TensorListPopBack(call) {
    const list = sequenceOf(call);
    if (list.length === 0) throw new InputError('it takes a tensor from an empty list');
    return [listOf(list.slice(0, -1)), list.at(-1)!];
  },
  TensorListLength: (call) => constant('int', [], [sequenceOf(call).length]),
  TensorListStack: (call) => stacked(call, sides),
  TensorListFromTensor: (call) => divided(call, sides),
});
