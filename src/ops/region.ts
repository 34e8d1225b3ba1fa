// What does looking into boxes cost? Four neighbours of every sample point of every box, whatever the boxes are.

import { equal, mul, product } from '../dim/dim.js';
import { pair, size, whole } from '../fields.js';
import { InputError } from '../inputError.js';
import { elements, showShape } from '../shape.js';
import { image, op } from './op.js';

/**
 * RoIAlign (Mask R-CNN, arXiv 1703.06870, section 3): [N, C, Hi, Wi] of one or several levels to [N x regions, C, h, w].
 * Which boxes there are is data; how many is not, and nothing else sets the cost. Memory access takes every level as read once.
 */
export const roiAlign = op({
  about: 'a grid of means for each of N x regions boxes on the levels that it is given',
  traffic: 'compute',
  arity: [1, Infinity],
  fields: {
    regions: size('boxes in each image'),
    size: pair('height and width of the grid'),
    samples: whole('sample points in each cell along each side', 2),
  },
  outShape(inputs, { regions, size }) {
    const [n, c] = image(inputs[0]!);
    const odd = inputs.find((level) => !equal(image(level)[0], n) || !equal(image(level)[1], c));
    if (odd)
      throw new InputError(
        `the levels ${showShape(inputs[0]!)} and ${showShape(odd)} differ in more than height and width`,
      );
    return [mul(n, regions), c, ...size];
  },
  ownSides: () => true,
  elementwise: (_, out, { samples }) => product([elements(out), 4, samples * samples]),
});
