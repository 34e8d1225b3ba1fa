// The shape of a tensor, and the number of windows along one of its sides.

import { add, equal, floorDiv, isNumber, mul, product, sub, type Dim } from './dim/dim.js';
import { show } from './dim/text.js';
import { InputError, locate } from './inputError.js';

/** Sizes in the field's order: [N, C, H, W], or [N, F] after a flatten. */
export type Shape = readonly Dim[];

export const elements = (shape: Shape): Dim => product(shape);

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((side, i) => equal(side, b[i]!));

export const showShape = (shape: Shape): string => `[${shape.map(show).join(', ')}]`;

export interface Window {
  readonly kernel: number;
  readonly stride: number;
  /** Padding before and after, in elements. */
  readonly pad: readonly [number, number];
  readonly dilation?: number;
  /** Rounds up. The last window must start inside the input or its first padding (PyTorch). */
  readonly ceil?: boolean;
  /** In ceil mode, keeps a last window that starts after the input (Caffe without padding). */
  readonly keepsEmpty?: boolean;
}

/**
 * The number of windows along one side: the only place where a side is rounded.
 * @throws InputError when not one window fits; NoClosedForm when a symbol must promise a larger
 * multiple
 */
export function windowCount(size: Dim, window: Window): Dim {
  const { kernel, stride, pad, dilation = 1, ceil = false, keepsEmpty = false } = window;
  const padded = add(size, pad[0] + pad[1]);
  const span = add(sub(padded, dilation * (kernel - 1) + 1), ceil ? stride - 1 : 0);
  if (isNumber(span) && span < 0)
    throw new InputError(`${describe(window)} does not fit in a side of ${show(size)}: use a larger input`);
  const count = add(dividedBy(stride, span, window), 1);
  return ceil && !keepsEmpty
    ? dropHangingWindow(count, sub(sub(mul(sub(count, 1), stride), size), pad[0]), window)
    : count;
}

function dividedBy(stride: number, span: Dim, window: Window): Dim {
  try {
    return floorDiv(span, stride);
  } catch (error) {
    throw locate(error, describe(window));
  }
}

/** `start` is where the last window begins, measured from the end of the input. */
function dropHangingWindow(count: Dim, start: Dim, window: Window): Dim {
  if (!isNumber(start)) throw new InputError(`${describe(window)} has no closed form in ceil mode`);
  return start >= 0 ? sub(count, 1) : count;
}

const describe = ({ kernel, stride, pad, dilation = 1 }: Window): string =>
  `a window of kernel ${kernel}, stride ${stride}, padding ${pad.join('+')}${dilation === 1 ? '' : `, dilation ${dilation}`}`;
