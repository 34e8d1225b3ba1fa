// Rows of ops that ONNX had in its first opsets and has dropped since.

import { sub } from '../../../dim/dim.js';
import type { Value } from '../../../graph.js';
import { InputError } from '../../../inputError.js';
import { showShape } from '../../../shape.js';
import { cut } from '../../kit/moves.js';
import { wholeSide } from '../../kit/slice.js';
import type { Call, OnnxRow, Results } from '../onnxCall.js';

/** One number, which is not learnt. */
const times = (call: Call, x: Value, part: string): Value =>
  call.apply('scaleBy', x, { shape: [1], learnt: false }, {}, part);

/** alpha x + beta. */
const affine = (call: Call): Results =>
  call.apply('shiftBy', times(call, call.data(0), 'scale'), { shape: [1], learnt: false });

/** A number for all of the image, then one for each channel: how converters prepared images. */
function imageScaler(call: Call): Results {
  const x = call.data(0);
  const channels = x.shape[1]!;
  const bias = call.file.attributes.floats('bias');
  if (x.shape.length !== 4 || (bias !== undefined && bias.length !== channels))
    throw new InputError(`its ${bias?.length ?? 0} offsets do not fit ${showShape(x.shape)}`);
  return call.apply('shiftBy', times(call, x, 'scale'), { shape: [channels, 1, 1], learnt: false });
}

/** alpha f(beta x). */
const scaled =
  (op: 'tanh' | 'softplus'): OnnxRow['convert'] =>
  (call) =>
    times(call, call.apply(op, times(call, call.data(0), 'inside'), {}, {}, op), '');

/** What is cut off: left, top, right, bottom; or with `scale` the size that is left. */
function crop(call: Call): Results {
  const x = call.data(0);
  const { attributes } = call.file;
  const [left = 0, top = 0, right = 0, bottom = 0] = attributes.ints('border') ?? [];
  if (x.shape.length !== 4 || Math.min(left, top, right, bottom) < 0)
    throw new InputError(`it cuts the border of ${showShape(x.shape)}, which is not an image, or cuts off all of it`);
  const [rows, columns] = attributes.ints('scale') ?? [];
  const [n, c, height, width] = x.shape.map(wholeSide);
  const wanted = (side: number | undefined, whole: number, before: number, after: number) =>
    side ?? sub(x.shape[whole]!, before + after);
  return cut(call, x, [
    n!,
    c!,
    { ...height!, first: top, length: wanted(rows, 2, top, bottom) },
    { ...width!, first: left, length: wanted(columns, 3, left, right) },
  ]);
}

export const EARLIEST: Readonly<Record<string, OnnxRow>> = {
  Affine: { convert: affine },
  Scale: { convert: (call) => times(call, call.data(0), '') },
  ImageScaler: { convert: imageScaler },
  ScaledTanh: { convert: scaled('tanh') },
  ParametricSoftplus: { convert: scaled('softplus') },
  Crop: { convert: crop },
};
