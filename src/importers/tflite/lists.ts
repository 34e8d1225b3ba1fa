// Lists of tensors that a file of TensorFlow brings along: what loops of recurrent layers keep.

import { isNumber } from '../../dim/dim.js';
import { InputError } from '../../inputError.js';
import type { Results } from '../kit/call.js';
import { constant, isConstant, type Constant, type Operand } from '../kit/operand.js';
import { Uncounted } from '../kit/uncounted.js';
import { expanded } from './rows/movement.js';
import { fileSides, plain, inFileOrder, regrouped, type Call } from './sides.js';

const LONGEST = 10_000;

/** A list costs nothing; its shape is how many tensors it has. */
const listOf = (sequence: readonly Operand[]): Constant => ({ ...constant('int', [sequence.length]), sequence });

function sequenceOf(call: Call): readonly Operand[] {
  const { sequence } = call.constant(0) ?? {};
  if (sequence) return sequence;
  throw new Uncounted('its list is not known before it runs');
}

function placeIn(call: Call, list: readonly Operand[]): number {
  const [place] = call.whole(1, 'place');
  if (place !== undefined && place >= 0 && place < list.length) return place;
  throw new InputError(`there is no place ${place} in a list of ${list.length}`);
}

/** A number stands where nothing was set. */
const EMPTY = constant('float', []);

function reserved(call: Call): Results {
  const [count] = call.whole(1, 'number of tensors');
  if (count === undefined || !(count >= 0 && count <= LONGEST)) throw new Uncounted(`it makes a list of ${count}`);
  return listOf(new Array<Operand>(count).fill(EMPTY));
}

function set(call: Call): Results {
  const list = sequenceOf(call);
  return listOf(list.with(placeIn(call, list), call.operand(2)));
}

function item(call: Call): Results {
  const list = sequenceOf(call);
  return list[placeIn(call, list)]!;
}

/** All tensors of a list along a new first side. */
function stacked(call: Call): Results {
  const list = sequenceOf(call);
  if (list.every(isConstant)) return constant('float', [list.length, ...(list[0]?.shape ?? [])]);
  const parts = list.map((one, i) => {
    const value = plain(call, isConstant(one) ? call.value(one, `${call.file.name} part ${i}`) : one, `part${i}`);
    return inFileOrder(regrouped(call, value, expanded(fileSides(value), 0), `side${i}`));
  });
  return parts.length === 1 ? parts[0]! : inFileOrder(call.apply('concat', parts, { axis: 0 }));
}

/** Each element of the first side becomes a tensor of its own. */
function divided(call: Call): Results {
  const given = call.operand(0);
  const [count] = fileSides(given);
  if (count === undefined || !isNumber(count) || count > LONGEST) throw new Uncounted('its list has no known length');
  const sides = fileSides(given).slice(1);
  if (isConstant(given)) return listOf(new Array<Operand>(count).fill(constant(given.type, sides)));
  const x = plain(call, given);
  const size = x.shape.with(0, 1);
  return listOf(
    Array.from({ length: count }, (_, i) => {
      const begin = size.map((_, side) => (side === 0 ? i : 0));
      const part = inFileOrder(call.apply('slice', x, { begin, size, step: size.map(() => 1) }, {}, `part${i}`));
      return inFileOrder(call.apply('view', part, { shape: sides }, {}, `item${i}`));
    }),
  );
}

const LISTS: Readonly<Record<string, (call: Call) => Results>> = {
  FlexTensorListReserve: reserved,
  FlexEmptyTensorList: () => listOf([]),
  FlexTensorListSetItem: set,
  FlexTensorListGetItem: item,
  FlexTensorListPushBack: (call) => listOf([...sequenceOf(call), call.operand(1)]),
  FlexTensorListStack: stacked,
  FlexTensorListFromTensor: divided,
  FlexTensorListLength: (call) => constant('int', [], [sequenceOf(call).length]),
};

export const isListOp = (op: string): boolean => Object.hasOwn(LISTS, op);

/** Undefined for any other operator. */
export const listed = (call: Call): Results | undefined =>
  call.file.custom && isListOp(call.op) ? LISTS[call.op]!(call) : undefined;
