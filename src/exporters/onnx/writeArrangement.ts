// Writes slices, reshapes and resizes as ONNX. Reshapes copy the first side, so any batch works.

import type { Dim } from '../../dim/dim.js';
import type { Pair, Padding } from '../../fields.js';
import { sizesOf } from '../../weights/weights.js';
import { AS_INPUT, inner, type Spot } from './writeDraft.js';

/** Past the end of every side. */
const TO_THE_END = 2 ** 31 - 1;

export function split(spot: Spot): void {
  const [sizes, part] = [sizesOf(spot.values['sizes'] as readonly Dim[]), spot.values['part'] as number];
  const start = sizes.slice(0, part).reduce((a, b) => a + b, 0);
  const [from, to] = [spot.ints('starts', [start]), spot.ints('ends', [start + sizes[part]!])];
  spot.result('Slice', [spot.x, from, to, spot.ints('axes', [1])]);
}

export function subsample(spot: Spot): void {
  const [from, to] = [spot.ints('starts', [0, 0]), spot.ints('ends', [TO_THE_END, TO_THE_END])];
  spot.result('Slice', [spot.x, from, to, spot.ints('axes', [2, 3]), spot.ints('steps', spot.values['step'] as Pair)]);
}

export function channelShuffle(spot: Spot): void {
  const [channels, ...rest] = inner(spot.site.node.shape) as [number, ...number[]];
  const groups = spot.values['groups'] as number;
  const apart = spot.ints('apart', [AS_INPUT, groups, channels / groups, ...rest]);
  const swapped = spot.step('Transpose', [spot.step('Reshape', [spot.x, apart])], { perm: [0, 2, 1, 3, 4] });
  spot.result('Reshape', [swapped, spot.ints('joined', [AS_INPUT, channels, ...rest])]);
}

export function reshape(spot: Spot): void {
  spot.result('Reshape', [spot.x, spot.ints('shape', [AS_INPUT, ...inner(spot.site.node.shape)])]);
}

/**
 * Nearest: a copy of each element; bilinear: centres of the new elements measured in old ones, as
 * PyTorch has it.
 */
export function upsample(spot: Spot): void {
  const inputs = [spot.x, '', spot.floats('scales', [1, 1, ...(spot.values['scale'] as Pair)])];
  spot.result(
    'Resize',
    inputs,
    spot.values['mode'] === 'bilinear'
      ? { mode: 'linear', coordinate_transformation_mode: 'half_pixel' }
      : { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' },
  );
}

export function pad(spot: Spot): void {
  const [top, left, bottom, right] = spot.values['padding'] as Padding;
  const [before, after] = sizesOf(spot.values['channels'] as readonly Dim[]) as [number, number];
  spot.result('Pad', [spot.x, spot.ints('pads', [0, before, top, left, 0, after, bottom, right])]);
}
