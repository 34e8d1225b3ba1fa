// Ops with constants. A constant by itself costs only what its readers read.

import { equal } from '../dim/dim.js';
import { flag, list, real, shape, size } from '../fields.js';
import { InputError } from '../inputError.js';
import { elements, showShape, type Shape } from '../shape.js';
import { broadcast } from './arithmetic.js';
import { only, op } from './op.js';

const withConstant = (about: string, name: 'scale' | 'shift') =>
  op({
    about,
    traffic: 'elementwise',
    arity: [1, 1],
    fields: {
      shape: shape('sides of the constant, aligned at the last one; sides of 1 are broadcast'),
      learnt: flag('the constant is a parameter', true),
    },
    outShape: (inputs, values) => broadcast(only(inputs), values.shape),
    params: (_, values): Record<string, Shape> => (values.learnt ? { [name]: values.shape } : {}),
    elementwise: (_, out) => elements(out),
  });

/** It moves no data itself. Its readers count the read. */
export const parameter = op({
  about: 'a learnt tensor that others read: a token, a table of positions, the second matrix of a batched product',
  traffic: 'view',
  arity: [0, 0],
  fields: { shape: shape('its sides') },
  outShape: (_, values) => values.shape,
  params: (_, values) => ({ value: values.shape }),
});

export const scaleBy = withConstant('times a constant, such as a layer scale', 'scale');
export const shiftBy = withConstant('plus a constant, such as a position', 'shift');

const sides = list('its sides; none is one number', size('elements'), []);
const values = (about: string) => list(about, real('value'), [0]);

function demandFilled(shape: Shape, values: readonly number[]): void {
  if (values.length !== 1 && !equal(elements(shape), values.length))
    throw new InputError(
      `${values.length} values do not fill the shape ${showShape(shape)}: give one for all, or one for each`,
      'values',
    );
}

/** Ranges, diagonals and tables that exist before inference. Their readers count the read. */
export const constant = op({
  about: 'a tensor that is stored and not learnt: one value for all elements, or one for each',
  traffic: 'view',
  arity: [0, 0],
  fields: { shape: sides, values: values('its elements, in order') },
  outShape(_, { shape, values: stored }) {
    demandFilled(shape, stored);
    return shape;
  },
});

/** The values are kept for engines and exporters. `clip` has one number for each bound. */
const bound = (about: string) =>
  op({
    about,
    traffic: 'elementwise',
    arity: [1, 1],
    fields: { shape: sides, values: values('the stored constant: one value for all, or one for each element') },
    outShape(inputs, { shape, values: stored }) {
      demandFilled(shape, stored);
      return broadcast(only(inputs), shape);
    },
    elementwise: (_, out) => elements(out),
  });

export const maximumWith = bound('maximum of the input and a stored constant');
export const minimumWith = bound('minimum of the input and a stored constant');
