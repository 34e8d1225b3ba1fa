// Caffe's layers that join and split blobs along an axis, and sums and products of blobs.

import { div, isNumber, sub, total, type Dim } from '../../dim/dim.js';
import { show } from '../../dim/text.js';
import type { Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import { sameShape, showShape } from '../../shape.js';
import type { Results } from '../kit/call.js';
import { splitFields } from '../kit/moves.js';
import { demandInputs, paramOf, sideOf, type Call } from './settings.js';

export function concat(call: Call): Value {
  demandInputs(call, 1, Infinity);
  const param = paramOf(call, 'concat_param');
  const values = call.inputs.map((_, i) => call.data(i));
  const axis = sideOf(param.number('axis', param.number('concat_dim', 1)), values[0]!.shape);
  return values.length === 1 ? values[0]! : call.apply('concat', values, { axis });
}

/** `slice_point` lists the borders between tops; without it all tops have one size. */
export function slice(call: Call): Results {
  demandInputs(call, 1);
  const x = call.data(0);
  const param = paramOf(call, 'slice_param');
  const axis = sideOf(param.number('axis', param.number('slice_dim', 1)), x.shape);
  const count = call.file.outputs.length;
  const sizes = sliceSizes(x.shape[axis]!, param.numbers('slice_point'), count);
  if (count === 1) return x;
  return sizes.map((size, i) => {
    if (!call.isRead(i)) return undefined;
    const part = String(i + 1);
    if (axis === 1) return call.apply('split', x, splitFields(sizes, i), {}, part);
    const begin = x.shape.map((_, side): Dim => (side === axis ? total(sizes.slice(0, i)) : 0));
    return call.apply('slice', x, { begin, size: x.shape.with(axis, size), step: x.shape.map(() => 1) }, {}, part);
  });
}

function sliceSizes(side: Dim, points: readonly number[], count: number): readonly Dim[] {
  if (points.length === 0) {
    if (isNumber(side) && side % count !== 0) throw new InputError(`it cuts ${side} into ${count} equal parts`);
    return Array.from({ length: count }, () => div(side, count));
  }
  if (points.length !== count - 1)
    throw new InputError(`it has ${count} tops and ${points.length} slice_point: give one less than there are tops`);
  const borders: readonly Dim[] = [0, ...points, side];
  return borders.slice(1).map((border, i) => {
    const size = sub(border, borders[i]!);
    if (isNumber(size) && size < 1)
      throw new InputError(`it has slice_point ${points.join(', ')} in a side of ${show(side)}`);
    return size;
  });
}

/** Blobs of equal shapes: Caffe repeats no sides. */
export function eltwise(call: Call): Value {
  demandInputs(call, 2, Infinity);
  const param = paramOf(call, 'eltwise_param');
  const operation = param.text('operation', 'SUM');
  const coefficients = param.numbers('coeff');
  const values = call.inputs.map((_, i) => call.data(i));
  const odd = values.find(({ shape }) => !sameShape(shape, values[0]!.shape));
  if (odd)
    throw new InputError(
      `joins ${showShape(values[0]!.shape)} and ${showShape(odd.shape)}: all sides but the joined one must be equal`,
    );
  if (coefficients.length > 0 && (operation !== 'SUM' || coefficients.length !== values.length))
    throw new InputError(`it has ${coefficients.length} coeff: a SUM has one for each of its ${values.length} blobs`);
  const last = values.length - 1;
  return values.slice(1).reduce(
    (sum, value, i) => {
      const part = i + 1 === last ? '' : String(i + 1);
      if (operation !== 'SUM')
        return call.apply(operation === 'PROD' ? 'multiply' : 'maximum', [sum, value], {}, {}, part);
      // A coefficient of -1 is a difference.
      const factor = coefficients[i + 1] ?? 1;
      if (factor === -1) return call.apply('subtract', [sum, value], {}, {}, part);
      return call.apply('add', [sum, times(call, value, factor, `times${i + 1}`)], {}, {}, part);
    },
    times(call, values[0]!, coefficients[0] ?? 1, 'times0'),
  );
}

function times(call: Call, value: Value, factor: number, part: string): Value {
  if (factor === 1) return value;
  return factor === -1
    ? call.apply('negate', value, {}, {}, part)
    : call.apply('scaleBy', value, { shape: [1], learnt: false }, {}, part);
}

/** Squeeze-and-excitation: a x + y, with one factor for each channel. */
export function axpy(call: Call): Value {
  demandInputs(call, 3);
  const [factor, x, y] = [call.data(0), call.data(1), call.data(2)];
  const gate =
    factor.shape.length === 2 ? call.apply('view', factor, { shape: [...factor.shape, 1, 1] }, {}, 'gate') : factor;
  return call.apply('add', [call.apply('multiply', [x, gate], {}, {}, 'scale'), y]);
}
