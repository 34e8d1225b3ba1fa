// Ops that move data without computing. Views are free, other moves are read and written.

import { add, div, equal, mul, product, total, type Dim } from '../dim/dim.js';
import { show } from '../dim/text.js';
import { choice, list, padding, pair, shape, size, whole } from '../fields.js';
import { InputError, locate } from '../inputError.js';
import { elements, showShape, windowCount, type Shape } from '../shape.js';
import { image, only, op } from './op.js';

/** Concatenates along the channels or another side. All other sides must be equal. */
export const concat = op({
  about: 'joins its inputs along the channels',
  traffic: 'gather',
  arity: [1, Infinity],
  fields: { axis: whole('the side that is joined, from 0; the channels are 1', 1, 0) },
  outShape(inputs, { axis }) {
    const [first, ...rest] = inputs;
    if (axis >= first!.length)
      throw new InputError(`there is no side ${axis} in ${showShape(first!)}: sides are counted from 0`);
    const odd = rest.find((other) => !fits(other, first!, axis));
    if (odd)
      throw new InputError(
        `the shapes ${showShape(first!)} and ${showShape(odd)} differ in more than ${axis === 1 ? 'their channels' : `side ${axis}`}`,
      );
    return first!.with(axis, total(inputs.map((input) => input[axis]!)));
  },
});

/** Equal except for one side. A plain loop: dense blocks call this for every pair of layers. */
function fits(shape: Shape, first: Shape, axis: number): boolean {
  if (shape.length !== first.length) return false;
  for (let i = 0; i < first.length; i++) if (i !== axis && !equal(shape[i]!, first[i]!)) return false;
  return true;
}

/** One part of the split channels. Each used part has a node. */
export const split = op({
  about: 'one part of the channels, without a copy',
  traffic: 'view',
  arity: [1, 1],
  fields: {
    sizes: list('channels of each part; they add up to the input', size('channels of a part')),
    part: whole('which part, from 0', 0, 0),
  },
  outShape(inputs, { sizes, part }) {
    const [n, c, ...rest] = only(inputs);
    if (!equal(total(sizes), c!))
      throw new InputError(
        `the parts ${showShape(sizes)} do not add up to the ${show(c!)} channels of ${showShape(only(inputs))}`,
        'sizes',
      );
    const chosen = sizes[part];
    if (chosen === undefined)
      throw new InputError(`there is no part ${part} among ${sizes.length}: parts are counted from 0`, 'part');
    return [n!, chosen, ...rest];
  },
});

/** Every step-th row and column (ResNet's option A shortcut reads x[:, :, ::2, ::2]). */
export const subsample = op({
  about: 'every step-th row and column, without a copy',
  traffic: 'view',
  arity: [1, 1],
  fields: { step: pair('rows and columns from one element to the next') },
  outShape(inputs, { step }) {
    const [n, c, h, w] = image(only(inputs));
    return [
      n,
      c,
      windowCount(h, { kernel: 1, stride: step[0], pad: [0, 0] }),
      windowCount(w, { kernel: 1, stride: step[1], pad: [0, 0] }),
    ];
  },
});

/**
 * ShuffleNet (arXiv 1707.01083): [N, g, C/g, H, W] transposed to [N, C/g, g, H, W]; a real copy.
 */
export const channelShuffle = op({
  about: 'interleaves the channels of its groups (a copy)',
  traffic: 'compute',
  arity: [1, 1],
  fields: { groups: size('groups of channels that are interleaved') },
  outShape(inputs, { groups }) {
    try {
      div(image(only(inputs))[1], groups);
    } catch (error) {
      throw locate(error, 'the groups do not divide the channels', 'groups');
    }
    return only(inputs);
  },
});

/** Regroups all sides but the batch. The number of elements stays. */
export const reshape = op({
  about: 'other sides for the same elements, without a copy',
  traffic: 'view',
  arity: [1, 1],
  fields: { shape: shape('sides after the batch; one may be -1 and takes what is left') },
  ownSides: ({ shape }) => !shape.includes(-1),
  outShape(inputs, { shape: wanted }) {
    const [n, ...rest] = only(inputs);
    const known = product(wanted.filter((side) => side !== -1));
    const sides = wanted.map((side) => (side === -1 ? left(elements(rest), known) : side));
    if (!equal(product(sides), elements(rest)))
      throw new InputError(
        `${showShape(only(inputs))} does not have the elements of ${showShape([n!, ...sides])}`,
        'shape',
      );
    return [n!, ...sides];
  },
});

function left(elements: Dim, known: Dim): Dim {
  try {
    return div(elements, known);
  } catch (error) {
    throw locate(error, 'nothing whole is left for the side of -1', 'shape');
  }
}

/** [N, C, H, W] -> [N, C x H x W]. */
export const flatten = op({
  about: '[N, C, H, W] to [N, C x H x W], without a copy',
  traffic: 'view',
  arity: [1, 1],
  fields: {},
  outShape: (inputs) => [only(inputs)[0]!, elements(only(inputs).slice(1))],
});

/** Nearest copies. Bilinear weighs four neighbours, with one operation each. */
export const upsample = op({
  about: 'enlarges height and width by a whole factor',
  traffic: 'compute',
  arity: [1, 1],
  fields: {
    scale: pair('factor of height and width'),
    mode: choice('how new elements are made', ['nearest', 'bilinear'], 'nearest'),
  },
  outShape(inputs, { scale }) {
    const [n, c, h, w] = image(only(inputs));
    return [n, c, mul(h, scale[0]), mul(w, scale[1])];
  },
  elementwise: (_, out, { mode }) => (mode === 'bilinear' ? mul(elements(out), 4) : 0),
});

/**
 * Zeros around an image or after its channels (ResNet's option A). The copy is read and written.
 */
export const pad = op({
  about: 'zeros around the input (a copy)',
  traffic: 'compute',
  arity: [1, 1],
  fields: {
    padding: padding('zeros: top, left, bottom, right'),
    channels: list('zero channels before and after', size('channels', 0), [0, 0], 2),
  },
  padsReader: ({ channels }) => channels.every((side) => side === 0),
  outShape(inputs, { padding: [top, left, bottom, right], channels }) {
    const [n, c, h, w] = image(only(inputs));
    return [n, add(c, total(channels)), add(h, top + bottom), add(w, left + right)];
  },
});
