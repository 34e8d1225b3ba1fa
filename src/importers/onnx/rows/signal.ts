// Rows of signals: Fourier transforms, as the movement of data that their shapes say, and windows.

import { add, floorDiv, isNumber, sub, type Dim } from '../../../dim/dim.js';
import type { Value } from '../../../graph.js';
import { elements, type Shape } from '../../../shape.js';
import { constant } from '../../kit/operand.js';
import { Uncounted } from '../../kit/uncounted.js';
import type { Call, OnnxRow, Results } from '../onnxCall.js';

/** Reads the elements of x and writes those of another shape. */
function moved(call: Call, x: Value, shape: Shape): Value {
  const flat = call.apply('view', x, { shape: [elements(x.shape)] }, {}, 'flat');
  return call.apply('gather', flat, { axis: 0, shape });
}

/** Frequencies from 0 to the middle where one side of them is enough. */
const frequencies = (length: Dim, oneSided: boolean): Dim =>
  oneSided ? add(isNumber(length) ? Math.floor(length / 2) : floorDiv(length, 2), 1) : length;

/** [..., N, 1 or 2] to [..., frequencies, 2]: real and imaginary parts last. */
function fourier(call: Call): Results {
  const x = call.data(0);
  const { attributes } = call.file;
  const given = call.has(2) ? call.whole(2, 'axis')[0]! : x.shape.length === 3 ? 1 : attributes.int('axis', 1);
  const axis = call.axis(given);
  const oneSided = attributes.int('onesided', 0) !== 0;
  if (oneSided && attributes.int('inverse', 0) !== 0)
    throw new Uncounted('it is the inverse of one side of a spectrum, whose length is not in its shape');
  const length = call.has(1) ? call.sizes(1, 'length')[0]! : x.shape[axis]!;
  const sides = x.shape.with(axis, frequencies(length, oneSided));
  return moved(call, x, sides.with(sides.length - 1, 2));
}

/** [N, samples, 1 or 2] to [N, frames, frequencies, 2]. */
function shortTimeFourier(call: Call): Results {
  const x = call.data(0);
  const step = call.whole(1, 'step of its frames')[0]!;
  const length = call.has(3) ? call.sizes(3, 'length of its frames')[0]! : call.shape(2)[0]!;
  const samples = x.shape[1]!;
  if (step < 1) throw new Uncounted(`its frames are ${step} samples apart`);
  const frames = add(floorDiv(sub(samples, length), step), 1);
  return moved(call, x, [x.shape[0]!, frames, frequencies(length, call.file.attributes.int('onesided', 1) !== 0), 2]);
}

/** Numbers that follow from their count alone. */
const windowOf = (call: Call): Results => constant('float', [call.sizes(0, 'size')[0]!]);

/** The share of each frequency in each bin: (bins, length of the transform, ...). */
function melWeights(call: Call): Results {
  const [bins] = call.sizes(0, 'number of bins');
  const [length] = call.sizes(1, 'length of its transform');
  return constant('float', [frequencies(length!, true), bins!]);
}

export const SIGNALS: Readonly<Record<string, OnnxRow>> = {
  DFT: { convert: fourier },
  STFT: { weights: [2], convert: shortTimeFourier },
  HannWindow: { convert: windowOf },
  HammingWindow: { convert: windowOf },
  BlackmanWindow: { convert: windowOf },
  MelWeightMatrix: { convert: melWeights },
};
