// Gather and scatter: elements are moved by index. Shapes follow from shapes alone.

import { equal, isNumber } from '../dim/dim.js';
import { show } from '../dim/text.js';
import { choice, list, size, whole } from '../fields.js';
import { InputError } from '../inputError.js';
import { elements, showShape, type Shape } from '../shape.js';
import { demandSides, only, op } from './op.js';

/** Stored indices are not an input. They are constant, so their read is not counted. */
const storedShape = list('sides of stored indices, where they are no input; none is one index', size('elements'), []);
const storedIndices = list('the stored indices themselves, where they are known', whole('index', undefined, 0), []);

/** The shape of the indices: an input's, or the stored one. */
function indexShape(computed: Shape | undefined, stored: Shape, indices: readonly number[]): Shape {
  if (computed && stored.length > 0)
    throw new InputError('indices are an input or they are stored: give no shape where they are an input', 'shape');
  if (indices.length > 0 && !equal(elements(stored), indices.length))
    throw new InputError(`${indices.length} indices do not fill the shape ${showShape(stored)}`, 'indices');
  return computed ?? stored;
}

export const gather = op({
  about: 'picks along one side by index: that side becomes the sides of the indices',
  traffic: 'compute',
  arity: [1, 2],
  fields: {
    axis: whole('the side that is picked from, from 0', 1, 0),
    shape: storedShape,
    indices: storedIndices,
  },
  outShape([data, computed], { axis, shape, indices }) {
    demandSides(data!, [axis]);
    const side = data![axis]!;
    const odd = isNumber(side) ? indices.find((index) => index >= side) : undefined;
    if (odd !== undefined) throw new InputError(`there is no index ${odd} in a side of ${show(side)}`, 'indices');
    return [...data!.slice(0, axis), ...indexShape(computed, shape, indices), ...data!.slice(axis + 1)];
  },
});

/** PyTorch's gather, ONNX's GatherElements. */
export const gatherElements = op({
  about: 'picks one element along a side for each index; the result has the sides of the indices',
  traffic: 'compute',
  arity: [2, 2],
  fields: { axis: whole('the side that is picked along, from 0', 1, 0) },
  outShape([data, indices], { axis }) {
    demandSides(data!, [axis]);
    if (data!.length !== indices!.length)
      throw new InputError(`indices of ${showShape(indices!)} need as many sides as ${showShape(data!)}`);
    return indices!;
  },
});

export const gatherNd = op({
  about: 'picks slices by their first indices: the last side of the indices is one place',
  traffic: 'compute',
  arity: [1, 2],
  fields: { batch: whole('sides in front that data and indices share', 0, 0), shape: storedShape },
  outShape([data, computed], { batch, shape }) {
    const indices = indexShape(computed, shape, []);
    const depth = indices.at(-1);
    if (depth === undefined || !isNumber(depth) || indices.length <= batch || batch + depth > data!.length)
      throw new InputError(`indices of ${showShape(indices)} are not places in ${showShape(data!)}`);
    return [...indices.slice(0, -1), ...data!.slice(batch + depth)];
  },
});

/**
 * Scatter of ONNX and PyTorch, index_put, index_copy: further inputs are the indices and values.
 */
export const scatter = op({
  about: 'the first input with elements replaced by the others, indices and updates, or added to them',
  traffic: 'compute',
  arity: [1, 3],
  fields: {
    mode: choice('what becomes of an element', ['replace', 'add', 'multiply', 'max', 'min'], 'replace'),
  },
  outShape: only,
  elementwise: (inputs, _, { mode }) => (mode === 'replace' ? 0 : elements(inputs.at(-1)!)),
});

export const oneHot = op({
  about: 'a new side with 1 at each index and 0 elsewhere',
  traffic: 'compute',
  arity: [1, 1],
  fields: { depth: size('elements of the new side'), axis: whole('where the new side stands, from 0', 1, 0) },
  outShape(inputs, { depth, axis }) {
    const sides = only(inputs);
    if (axis > sides.length)
      throw new InputError(`a new side of ${showShape(sides)} stands at ${sides.length} at most`);
    return [...sides.slice(0, axis), depth, ...sides.slice(axis)];
  },
});

/** Memory access reads the whole table once, as it does every parameter. */
export const embedding = op({
  about: 'a learnt row for each index: [...] to [..., features]',
  traffic: 'compute',
  arity: [1, 1],
  fields: { entries: size('rows of the table'), features: size('elements of a row') },
  outShape: (inputs, { features }) => [...only(inputs), features],
  params: (_, { entries, features }) => ({ weight: [entries, features] }),
});
