// Products in Einstein notation: one multiply-add per combination of all index values.

import { equal, product, type Dim } from '../dim/dim.js';
import { list, size, text } from '../fields.js';
import { InputError } from '../inputError.js';
import { showShape, type Shape } from '../shape.js';
import { only, op } from './op.js';

interface Terms {
  readonly sides: ReadonlyMap<string, Dim>;
  readonly result: readonly string[];
}

/** Binds each index of an equation such as "bhqd,bhkd->bhqk" to a side. No ellipsis is read. */
function termsOf(equation: string, shapes: readonly Shape[]): Terms {
  const [left = '', result, more] = equation.replaceAll(' ', '').split('->');
  const inputs = left.split(',');
  if (result === undefined || more !== undefined || !/^[A-Za-z,]*$/.test(left + result))
    throw new InputError(`"${equation}" is not an equation of letters such as "bij,bjk->bik"`, 'equation');
  if (inputs.length !== shapes.length)
    throw new InputError(`"${equation}" has ${inputs.length} operands and not ${shapes.length}`, 'equation');
  const sides = new Map<string, Dim>();
  for (const [i, letters] of inputs.entries()) {
    if (letters.length !== shapes[i]!.length)
      throw new InputError(`"${letters}" does not name the sides of ${showShape(shapes[i]!)}`, 'equation');
    for (const [place, letter] of Array.from(letters).entries()) bind(sides, letter, shapes[i]![place]!, equation);
  }
  const odd = Array.from(result).find((letter, i) => !sides.has(letter) || result.indexOf(letter) !== i);
  if (odd !== undefined)
    throw new InputError(`the result of "${equation}" has a letter ${odd} that is new or there twice`, 'equation');
  return { sides, result: Array.from(result) };
}

function bind(sides: Map<string, Dim>, letter: string, side: Dim, equation: string): void {
  const known = sides.get(letter);
  if (known !== undefined && known !== 1 && side !== 1 && !equal(known, side))
    throw new InputError(
      `the letter ${letter} of "${equation}" has two sides, ${showShape([known, side])}`,
      'equation',
    );
  if (known === undefined || known === 1) sides.set(letter, side);
}

const equation = text('letters of each operand and of the result, such as "bij,bjk->bik"');

export const einsum = op({
  about: 'product of one or two inputs by the letters of their sides',
  traffic: 'compute',
  arity: [1, 2],
  fields: { equation },
  outShape(inputs, values) {
    const { sides, result } = termsOf(values.equation, inputs);
    return result.map((letter) => sides.get(letter)!);
  },
  multAdds: (inputs, _, values) => (inputs.length === 1 ? 0 : product(termsOf(values.equation, inputs).sides.values())),
  elementwise: (inputs) => (inputs.length === 1 ? product(only(inputs)) : 0),
});

/** Keras's EinsumDense, and any product with learnt weights of more than two sides. */
export const einsumDense = op({
  about: 'product of the input with learnt weights by the letters of their sides, as in attention heads',
  traffic: 'compute',
  layer: 'linear',
  arity: [1, 1],
  fields: {
    equation,
    weight: list('sides of the learnt weights', size('elements')),
    bias: list('sides of a learnt offset, aligned at the last one; none is no offset', size('elements'), []),
  },
  outShape(inputs, { equation: letters, weight }) {
    const { sides, result } = termsOf(letters, [only(inputs), weight]);
    return result.map((letter) => sides.get(letter)!);
  },
  params: (_, { weight, bias }): Record<string, Shape> => ({ weight, ...(bias.length > 0 ? { bias } : {}) }),
  multAdds: (inputs, _, { equation: letters, weight }) =>
    product(termsOf(letters, [only(inputs), weight]).sides.values()),
});
