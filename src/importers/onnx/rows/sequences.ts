// Lists of tensors: they cost nothing, and their members are the tensors that were put in.

import { isNumber, type Dim } from '../../../dim/dim.js';
import { InputError } from '../../../inputError.js';
import { partOf, regrouped } from '../../kit/moves.js';
import { constant, isConstant, list, type Constant, type Operand } from '../../kit/operand.js';
import { Uncounted } from '../../kit/uncounted.js';
import { numberOf, type Call, type OnnxRow, type Results } from '../onnxCall.js';

const MOST_MEMBERS = 10_000;

const sequence = (members: readonly Operand[]): Constant => ({
  ...{ constant: true, type: 'int', shape: [members.length], sequence: members },
});

function membersOf(call: Call): readonly Operand[] {
  const members = call.constant(0)?.sequence;
  if (members) return members;
  throw new Uncounted('its input is not a list that was made of known tensors');
}

/** Where it is meant, from 0; the end where it does not say. */
function placeIn(call: Call, i: number, length: number): number {
  const given = numberOf(call, 'position', i) ?? length;
  const place = given < 0 ? given + length : given;
  if (Number.isInteger(place) && place >= 0 && place <= length) return place;
  throw new InputError(`there is no place ${given} in a list of ${length}`);
}

function at(call: Call): Results {
  const members = membersOf(call);
  const found = members[placeIn(call, 1, members.length)];
  if (found) return found;
  throw new InputError(`there is no place ${members.length} in a list of ${members.length}`);
}

const inserted = (call: Call): Results => {
  const members = membersOf(call);
  return sequence(members.toSpliced(placeIn(call, 2, members.length), 0, call.operand(1)));
};

function erased(call: Call): Results {
  const members = membersOf(call);
  const last = members.length - 1;
  return sequence(members.toSpliced(call.has(1) ? placeIn(call, 1, members.length) : last, 1));
}

/** Parts of given sizes, of one size, or of one element each. */
function split(call: Call): Results {
  const x = call.data(0);
  const { attributes } = call.file;
  const axis = call.axis(attributes.int('axis', 0));
  const side = x.shape[axis]!;
  const sizes = call.has(1) ? partsOf(call, side) : new Array<Dim>(countOf(side)).fill(1);
  const dropped = !call.has(1) && attributes.int('keepdims', 1) === 0;
  const sides = x.shape.filter((_, i) => i !== axis);
  return sequence(
    sizes.map((_, i) => {
      const part = partOf(call, x, axis, sizes, i, String(i));
      return dropped ? regrouped(call, part, sides, `sides${i}`) : part;
    }),
  );
}

function partsOf(call: Call, side: Dim): readonly Dim[] {
  const given = call.sizes(1, 'parts');
  if (call.rank(1) > 0) return given;
  const [each] = given;
  const all = countOf(side);
  if (each === undefined || !isNumber(each) || each < 1) throw new InputError('its parts have no elements');
  return Array.from({ length: Math.ceil(all / each) }, (_, i) => Math.min(each, all - i * each));
}

function countOf(side: Dim): number {
  if (!isNumber(side)) throw new Uncounted('it splits a side whose length the file leaves open');
  if (side > MOST_MEMBERS) throw new Uncounted(`it makes a list of more than ${MOST_MEMBERS} tensors`);
  return side;
}

/** One tensor of all members, along a side that they have or along a new one. */
function joined(call: Call): Results {
  const { attributes } = call.file;
  const name = call.file.outputs[0]!;
  const members = membersOf(call).map((one, i) => (isConstant(one) ? call.value(one, `${name} ${i}`) : one));
  const [first] = members;
  if (!first) throw new InputError('its list is empty');
  const stacked = attributes.int('new_axis', 0) !== 0;
  const rank = first.shape.length + (stacked ? 1 : 0);
  const given = attributes.int('axis', 0);
  const axis = given < 0 ? given + rank : given;
  if (!(axis >= 0 && axis < rank)) throw new InputError(`there is no axis ${given} in its result of ${rank} sides`);
  const rows = members.map((one, i) =>
    stacked ? regrouped(call, one, one.shape.toSpliced(axis, 0, 1), `row${i}`) : one,
  );
  return rows.length === 1 ? rows[0]! : call.apply('concat', rows, { axis });
}

/** They run on constants too, whose members may be anything. */
export const SEQUENCES: Readonly<Record<string, OnnxRow>> = {
  SequenceConstruct: { convert: (call) => sequence(call.inputs.map((_, i) => call.operand(i))) },
  SequenceEmpty: { convert: () => sequence([]) },
  SequenceInsert: { convert: inserted },
  SequenceErase: { convert: erased },
  SequenceAt: { convert: at },
  SequenceLength: { convert: (call) => list([membersOf(call).length]) },
  SplitToSequence: { convert: split },
  ConcatFromSequence: { convert: joined },
  Optional: { convert: (call) => call.operand(0) },
  OptionalHasElement: { convert: (call) => constant('int', [], [call.has(0) ? 1 : 0]) },
  OptionalGetElement: { convert: (call) => call.operand(0) },
};
