// Space to depth, space to batch, im2col and their inverses: copies, except that col2im adds.

import { add, div, equal, isNumber, mul, product, type Dim } from '../dim/dim.js';
import { show } from '../dim/text.js';
import { choice, list, pair, padding, size, whole, type Values } from '../fields.js';
import { InputError } from '../inputError.js';
import { elements, showShape, windowCount, type Shape } from '../shape.js';
import { image, only, op, withPlaces } from './op.js';

function divided(side: Dim, block: number, what: string): Dim {
  if (isNumber(side) && side % block !== 0)
    throw new InputError(`the ${what} ${show(side)} is not a multiple of ${block}`, 'block');
  return div(side, block);
}

const block = whole('elements along each side that belong together');
const order = choice(
  'whether a block of channels or the channels come first',
  ['blockFirst', 'channelsFirst'],
  'channelsFirst',
);

/** PixelShuffle splits the channels first (ONNX: CRD), TensorFlow the block (ONNX: DCR). */
export const depthToSpace = op({
  about: 'channels moved into blocks of height and width (pixel shuffle)',
  traffic: 'compute',
  arity: [1, 1],
  fields: { block, order },
  outShape(inputs, { block: factor }) {
    const { n, c, sides } = withPlaces(only(inputs));
    return [n, divided(c, factor ** sides.length, 'number of channels'), ...sides.map((side) => mul(side, factor))];
  },
});

export const spaceToDepth = op({
  about: 'blocks of height and width moved into channels (pixel unshuffle, reorg)',
  traffic: 'compute',
  arity: [1, 1],
  fields: { block, order },
  outShape(inputs, { block: factor }) {
    const { n, c, sides } = withPlaces(only(inputs));
    return [n, mul(c, factor ** sides.length), ...sides.map((side) => divided(side, factor, 'side'))];
  },
});

const blocks = list('elements of a block along each side after the channels', whole('elements'));
const ends = (about: string) => list(about, whole('elements', undefined, 0));

/** TensorFlow's first step of a dilated convolution: each residue becomes an image of its own. */
export const spaceToBatch = op({
  about: 'blocks of height and width moved into the batch, after zeros are added',
  traffic: 'compute',
  arity: [1, 1],
  fields: { block: blocks, padding: ends('zeros before each side, then after each') },
  outShape(inputs, { block: factors, padding }) {
    const { n, c, sides } = withPlaces(only(inputs));
    demandBlocks(sides, factors, padding, 'padding');
    const padded = sides.map((side, i) => add(side, padding[i]! + padding[sides.length + i]!));
    return [factors.reduce(mul, n), c, ...padded.map((side, i) => divided(side, factors[i]!, 'padded side'))];
  },
});

export const batchToSpace = op({
  about: 'the batch moved into blocks of height and width, of which the ends are cut off',
  traffic: 'compute',
  arity: [1, 1],
  fields: { block: blocks, crops: ends('elements that are cut off before each side, then after each') },
  outShape(inputs, { block: factors, crops }) {
    const { n, c, sides } = withPlaces(only(inputs));
    demandBlocks(sides, factors, crops, 'crops');
    const images = factors.reduce<Dim>((left, factor) => divided(left, factor, 'batch'), n);
    return [images, c, ...sides.map((side, i) => add(mul(side, factors[i]!), -crops[i]! - crops[sides.length + i]!))];
  },
});

function demandBlocks(sides: Shape, factors: readonly number[], ends: readonly number[], field: string): void {
  if (factors.length !== sides.length || ends.length !== 2 * sides.length)
    throw new InputError(
      `${sides.length} sides need a block of ${sides.length} numbers and ${field} of ${2 * sides.length}`,
      field,
    );
}

const windowFields = {
  kernel: pair('window height and width'),
  stride: pair('stride of height and width', 1),
  padding: padding('zeros: top, left, bottom, right'),
  dilation: pair('distance between window elements', 1),
};

/** How many windows an image of this height and width has. */
function positions(
  [h, w]: readonly [Dim, Dim],
  { kernel, stride, padding: [top, left, bottom, right], dilation }: Values<typeof windowFields>,
): Dim {
  return mul(
    windowCount(h, { kernel: kernel[0], stride: stride[0], pad: [top, bottom], dilation: dilation[0] }),
    windowCount(w, { kernel: kernel[1], stride: stride[1], pad: [left, right], dilation: dilation[1] }),
  );
}

/** im2col. */
export const unfold = op({
  about: 'each window as a column: [N, C, H, W] to [N, C x kernel, windows] (im2col)',
  traffic: 'compute',
  arity: [1, 1],
  fields: windowFields,
  outShape(inputs, values) {
    const [n, c, h, w] = image(only(inputs));
    return [n, mul(c, values.kernel[0] * values.kernel[1]), positions([h, w], values)];
  },
});

/** col2im. */
export const fold = op({
  about: 'columns added up where their windows stand: [N, C x kernel, windows] to [N, C, H, W] (col2im)',
  traffic: 'compute',
  arity: [1, 1],
  fields: { ...windowFields, size: list('output height and width', size('elements'), undefined, 2) },
  ownSides: () => true,
  outShape(inputs, { size: [height, width], ...values }) {
    const [n, columns, count] = only(inputs);
    const wanted = positions([height!, width!], values);
    if (only(inputs).length !== 3 || !equal(count!, wanted))
      throw new InputError(
        `${showShape(only(inputs))} is no [N, C x kernel, windows] with the ${show(wanted)} windows of this size`,
      );
    return [n!, divided(columns!, product(values.kernel) as number, 'number of rows'), height!, width!];
  },
  elementwise: (inputs) => elements(only(inputs)),
});
