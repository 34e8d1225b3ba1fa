// Repeat, flip, roll, pad and regroup: every element is read and written, none is computed.

import { add, isNumber, mul } from '../dim/dim.js';
import { choice, list, real, size, whole } from '../fields.js';
import { InputError } from '../inputError.js';
import { showShape, type Shape } from '../shape.js';
import { demandSides, only, op } from './op.js';

/** A list with one item per side of the input. */
function perInputSide(input: Shape, items: readonly unknown[], field: string): void {
  if (items.length !== input.length)
    throw new InputError(`${showShape(input)} has ${input.length} sides: ${field} needs one item for each`, field);
}

export const tile = op({
  about: 'each side repeated a number of times (a copy)',
  traffic: 'compute',
  arity: [1, 1],
  fields: { repeats: list('how often each side is repeated', size('times')) },
  outShape(inputs, { repeats }) {
    perInputSide(only(inputs), repeats, 'repeats');
    return only(inputs).map((side, i) => mul(side, repeats[i]!));
  },
});

export const repeatElements = op({
  about: 'each element repeated along one side (a copy)',
  traffic: 'compute',
  arity: [1, 1],
  fields: { axis: whole('the side, from 0', 1, 0), repeats: size('times') },
  outShape(inputs, { axis, repeats }) {
    demandSides(only(inputs), [axis]);
    return only(inputs).with(axis, mul(only(inputs)[axis]!, repeats));
  },
});

const someSides = list('sides, from 0', whole('side', undefined, 0));

/** A slice with a negative step becomes a flip and a slice. */
export const flip = op({
  about: 'some sides in reverse order (a copy)',
  traffic: 'compute',
  arity: [1, 1],
  fields: { axes: someSides },
  outShape(inputs, { axes }) {
    demandSides(only(inputs), axes);
    return only(inputs);
  },
});

/** Two parts of a side the other way round: what slices and a concat of them write, too. */
export const roll = op({
  about: 'some sides shifted in a circle (a copy), as in shifted windows',
  traffic: 'gather',
  arity: [1, 1],
  fields: {
    axes: someSides,
    shifts: list('by how many elements, for each of them', whole('shift', undefined, -(2 ** 40))),
  },
  outShape(inputs, { axes, shifts }) {
    demandSides(only(inputs), axes);
    if (axes.length !== shifts.length)
      throw new InputError(`${axes.length} sides need as many shifts, got ${shifts.length}`, 'shifts');
    return only(inputs);
  },
});

const outside = (about: string) => list(about, size('elements', 0));

/** Pads any side of any input. `pad` adds zeros around an image. */
export const padSides = op({
  about: 'any sides of any input longer, in one of five ways (a copy)',
  traffic: 'compute',
  arity: [1, 1],
  fields: {
    before: outside('elements before each side'),
    after: outside('elements after each side'),
    mode: choice('what is put there', ['constant', 'reflect', 'symmetric', 'edge', 'wrap'], 'constant'),
    value: real('what a constant one puts there', 0),
  },
  outShape(inputs, { before, after, mode }) {
    const input = only(inputs);
    perInputSide(input, before, 'before');
    perInputSide(input, after, 'after');
    return input.map((side, i) => {
      // Reflection does not repeat the edge element, so it has one element less.
      const most = mode === 'reflect' ? 1 : 0;
      for (const more of [before[i]!, after[i]!])
        if (mode !== 'constant' && mode !== 'edge' && isNumber(side) && isNumber(more) && more > side - most)
          throw new InputError(`a ${mode} padding of ${more} passes the side ${i} of ${showShape(input)}`);
      return add(side, add(before[i]!, after[i]!));
    });
  },
});
