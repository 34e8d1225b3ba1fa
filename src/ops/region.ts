// Ops on boxes: RoIAlign takes four neighbours of every sample point, whatever the boxes are.

import { div, equal, isNumber, mul, product } from '../dim/dim.js';
import { choice, pair, size, whole } from '../fields.js';
import { InputError } from '../inputError.js';
import { elements, showShape } from '../shape.js';
import { image, op, withPlaces } from './op.js';

/**
 * RoIAlign (Mask R-CNN, arXiv 1703.06870, section 3): [N, C, Hi, Wi] of one or several levels to [N
 * x regions, C, h, w]. The cost depends on the number of boxes, not on their places. Memory access
 * reads every level once.
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

/**
 * RoIPool (Fast R-CNN, arXiv 1504.08083): one operation per result, as window sizes depend on data.
 */
export const roiPool = op({
  about: 'the maximum of each cell of a grid for each of N x regions boxes',
  traffic: 'compute',
  arity: [1, 2],
  fields: { regions: size('boxes in each image'), size: pair('height and width of the grid') },
  ownSides: () => true,
  outShape([map], { regions, size }) {
    const [n, c] = image(map!);
    return [mul(n, regions), c, ...size];
  },
  elementwise: (_, out) => elements(out),
});

/**
 * Position-sensitive RoI pool (R-FCN, arXiv 1605.06409): each cell of the grid has own channels.
 */
export const psRoiPool = op({
  about: 'position-sensitive mean of each cell for each of N x regions boxes: C / cells channels remain',
  traffic: 'compute',
  arity: [1, 2],
  fields: { regions: size('boxes in each image'), size: pair('height and width of the grid') },
  ownSides: () => true,
  outShape([map], { regions, size }) {
    const [n, c] = image(map!);
    const cells = size[0] * size[1];
    if (isNumber(c) && c % cells !== 0)
      throw new InputError(`the ${c} channels of ${showShape(map!)} are not a multiple of ${cells} cells`, 'size');
    return [mul(n, regions), div(c, cells), ...size];
  },
  elementwise: (_, out) => elements(out),
});

/** SSD's prior boxes follow from shapes alone. Nothing is read at run time. */
export const priorBox = op({
  about: 'the default boxes of a feature map and their variances, [1, 2, 4 x boxes x H x W]',
  traffic: 'view',
  arity: [1, 2],
  fields: { boxes: size('boxes at each position') },
  ownSides: () => true,
  outShape([map], { boxes }) {
    const [, , h, w] = image(map!);
    return [1, 2, product([4, boxes, h, w])];
  },
});

/** Input elements per output element and sampled side. */
const NEIGHBOURS = { nearest: 0, linear: 2, cubic: 4 } as const;

/**
 * Spatial transformers (arXiv 1506.02025): one operation per neighbour of a sample, as in resize.
 */
export const gridSample = op({
  about: 'elements at computed places: [N, C, H, W] and [N, h, w, 2] to [N, C, h, w], of one to three sides',
  traffic: 'compute',
  arity: [2, 2],
  fields: { mode: choice('how an element is made of its neighbours', ['nearest', 'linear', 'cubic'], 'linear') },
  ownSides: () => true,
  outShape([map, grid]) {
    const { n, c, sides } = withPlaces(map!);
    if (grid!.length !== map!.length || !equal(grid!.at(-1)!, sides.length) || !equal(grid![0]!, n))
      throw new InputError(`${showShape(grid!)} is not a grid of places in ${showShape(map!)}`);
    return [n, c, ...grid!.slice(1, -1)];
  },
  elementwise: (_, out, { mode }) => mul(elements(out), NEIGHBOURS[mode] && NEIGHBOURS[mode] ** (out.length - 2)),
});
