// Writes RoI pooling as ONNX: one op for the boxes of each level, then a join.

import type { Pair } from '../../fields.js';
import { boxAt, partOf } from '../../weights/boxes.js';
import { sizesOf } from '../../weights/weights.js';
import type { NodeWriter } from './writeDraft.js';

/**
 * Our samples lie from edge to edge of a box, ONNX's in the middles of equal parts: so its boxes
 * are larger by half a step on every side. They count from the corner of the first element rather
 * than from its centre.
 */
export function roiAlign(writer: NodeWriter): void {
  const { regions, size, samples } = writer.values as { regions: number; size: Pair; samples: number };
  const levels = writer.shaped.inputs.map(sizesOf);
  const parts = levels.flatMap(([images, , height, width], level) => {
    const [from, to] = partOf(level, levels.length, regions);
    const boxes = Array.from({ length: to - from }, (_, i) => {
      const [top, left, bottom, right] = boxAt(from + i);
      const [y, x] = [
        widened(top, bottom, height! - 1, size[0] * samples),
        widened(left, right, width! - 1, size[1] * samples),
      ];
      return [x[0], y[0], x[1], y[1]];
    });
    if (boxes.length === 0) return [];
    const all = Array.from({ length: images! }, (_, image) => boxes.map((box) => ({ image, box }))).flat();
    const inputs = [
      writer.inputs[level]!,
      writer.floats(
        `boxes${level}`,
        all.flatMap(({ box }) => box),
        [all.length, 4],
      ),
      writer.ints(
        `images${level}`,
        all.map(({ image }) => image),
      ),
    ];
    const attributes = { output_height: size[0], output_width: size[1], sampling_ratio: samples };
    return [writer.step('RoiAlign', inputs, attributes)];
  });
  writer.result('Concat', parts, { axis: 0 });
}

/**
 * The ends of a box from share `from` to share `to` of `last`, in elements, for `count` samples
 * along it.
 */
function widened(from: number, to: number, last: number, count: number): Pair {
  const half = count > 1 ? ((to - from) * last) / (count - 1) / 2 : 0;
  return [from * last - half + 0.5, to * last + half + 0.5];
}
