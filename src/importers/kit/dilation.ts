// The dilation of an image: the largest sum of elements of a window and of a filter.

import type { Dim } from '../../dim/dim.js';
import type { Pair, Padding } from '../../fields.js';
import type { Value } from '../../graph.js';
import { windowCount } from '../../shape.js';
import type { Call } from './call.js';
import type { Constant } from './operand.js';

interface Windows {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly dilation: Pair;
  readonly padding: Padding;
}

/**
 * Windows are laid out beside each other, the filter is added, and the largest is taken: one
 * addition and one comparison for each window element.
 * @param x [N, C, H, W]
 * @param filter learnt, kh kw C elements
 */
export function dilated(call: Pick<Call, 'apply'>, x: Value, windows: Windows, filter: Constant): Value {
  const { kernel, stride, dilation, padding } = windows;
  const [, c] = x.shape as readonly [Dim, Dim];
  const sides = [0, 1].map((i) =>
    windowCount(x.shape[i + 2]!, {
      kernel: kernel[i]!,
      stride: stride[i]!,
      dilation: dilation[i]!,
      pad: [padding[i]!, padding[i + 2]!],
    }),
  );
  const rows = call.apply('unfold', x, windows, {}, 'windows');
  const elements = kernel[0] * kernel[1];
  const cells = call.apply('reshape', rows, { shape: [c, elements, rows.shape[2]!] }, {}, 'cells');
  const given = { shape: [c, elements, 1], learnt: filter.stored !== undefined };
  const sums = call.apply('shiftBy', cells, given, filter.stored ? { shift: filter } : {}, 'filter');
  const largest = call.apply('reduce', sums, { axes: [2], mode: 'max', keep: false });
  return call.apply('reshape', largest, { shape: [c, ...sides] }, {}, 'image');
}
