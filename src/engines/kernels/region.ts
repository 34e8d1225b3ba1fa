// Runs RoI pooling: TensorFlow's crop and resize at sample points, then the mean of each cell.

import { boxAt, partOf } from '../../weights/boxes.js';
import {
  kernel,
  type HostTensor,
  type KernelNode,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  type ValuesOf,
} from './kernel.js';

/** Levels in order, and on each level the images in order: how the boxes of a batch are stored. */
export const roiAlign = kernel<'roiAlign'>({
  prepare(place) {
    const prepared: Record<string, HostTensor> = {};
    for (const [level, boxes] of boxesOf(place).entries()) {
      if (boxes.length === 0) continue;
      prepared[`boxes${level}`] = {
        shape: [boxes.length, 4],
        values: Float32Array.from(boxes.flatMap(({ box }) => box)),
      };
      prepared[`images${level}`] = { shape: [boxes.length], values: Float32Array.from(boxes, ({ image }) => image) };
    }
    return prepared;
  },
  run({ tf, tensors, prepared, values: { size, samples } }) {
    const grid: [number, number] = [size[0] * samples, size[1] * samples];
    const parts = tensors.flatMap((level, i): Tensor[] => {
      const [boxes, images] = [prepared[`boxes${i}`], prepared[`images${i}`]];
      if (!boxes || !images) return [];
      const points = tf.image.cropAndResize(
        level as Tensor4D,
        boxes as Tensor2D,
        tf.cast(images as Tensor1D, 'int32'),
        grid,
      );
      return [tf.avgPool(points, [samples, samples], [samples, samples], 'valid')];
    });
    return parts.length === 1 ? parts[0]! : tf.concat(parts, 0);
  },
  // Of one level, before the mean of each cell.
  scratch: ({ values: { regions, size, samples }, inputs }) =>
    inputs[0]![0]! * Math.ceil(regions / inputs.length) * inputs[0]![1]! * size[0] * size[1] * samples ** 2,
});

function boxesOf({ values: { regions }, inputs }: KernelNode<ValuesOf<'roiAlign'>>) {
  return inputs.map(([images], level) => {
    const [from, to] = partOf(level, inputs.length, regions);
    return Array.from({ length: images! }, (_, image) =>
      Array.from({ length: to - from }, (_, i) => ({ image, box: boxAt(from + i) })),
    ).flat();
  });
}
