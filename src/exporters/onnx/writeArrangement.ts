// Writes slices, reshapes and resizes as ONNX. Reshapes copy the first side, so any batch works.

import type { Dim } from '../../dim/dim.js';
import type { Pair, Padding } from '../../fields.js';
import { sizesOf } from '../../weights/weights.js';
import { AS_INPUT, inner, type NodeWriter } from './writeDraft.js';

/** Past the end of every side. */
const TO_THE_END = 2 ** 31 - 1;

export function split(writer: NodeWriter): void {
  const [sizes, part] = [sizesOf(writer.values['sizes'] as readonly Dim[]), writer.values['part'] as number];
  const start = sizes.slice(0, part).reduce((a, b) => a + b, 0);
  const [from, to] = [writer.ints('starts', [start]), writer.ints('ends', [start + sizes[part]!])];
  writer.result('Slice', [writer.x, from, to, writer.ints('axes', [1])]);
}

export function subsample(writer: NodeWriter): void {
  const [from, to] = [writer.ints('starts', [0, 0]), writer.ints('ends', [TO_THE_END, TO_THE_END])];
  writer.result('Slice', [
    writer.x,
    from,
    to,
    writer.ints('axes', [2, 3]),
    writer.ints('steps', writer.values['step'] as Pair),
  ]);
}

export function channelShuffle(writer: NodeWriter): void {
  const [channels, ...rest] = inner(writer.shaped.node.shape) as [number, ...number[]];
  const groups = writer.values['groups'] as number;
  const groupedSides = writer.ints('apart', [AS_INPUT, groups, channels / groups, ...rest]);
  const swapped = writer.step('Transpose', [writer.step('Reshape', [writer.x, groupedSides])], {
    perm: [0, 2, 1, 3, 4],
  });
  writer.result('Reshape', [swapped, writer.ints('joined', [AS_INPUT, channels, ...rest])]);
}

export function reshape(writer: NodeWriter): void {
  writer.result('Reshape', [writer.x, writer.ints('shape', [AS_INPUT, ...inner(writer.shaped.node.shape)])]);
}

/**
 * Nearest: a copy of each element; bilinear: centres of the new elements measured in old ones, as
 * PyTorch has it.
 */
export function upsample(writer: NodeWriter): void {
  const inputs = [writer.x, '', writer.floats('scales', [1, 1, ...(writer.values['scale'] as Pair)])];
  writer.result(
    'Resize',
    inputs,
    writer.values['mode'] === 'bilinear'
      ? { mode: 'linear', coordinate_transformation_mode: 'half_pixel' }
      : { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' },
  );
}

export function pad(writer: NodeWriter): void {
  const [top, left, bottom, right] = writer.values['padding'] as Padding;
  const [before, after] = sizesOf(writer.values['channels'] as readonly Dim[]) as [number, number];
  writer.result('Pad', [writer.x, writer.ints('pads', [0, before, top, left, 0, after, bottom, right])]);
}
