// Rows of nodes that move elements: padding, resizing, blocks, copies, gathers, detections.

import { isNumber, type Dim } from '../../dim/dim.js';
import type { Value } from '../../graph.js';
import type { Pair } from '../../fields.js';
import { InputError } from '../../inputError.js';
import { showShape, windowCount, type Shape } from '../../shape.js';
import type { OpRow, Results } from '../kit/call.js';
import { isConstant } from '../kit/operand.js';
import { dilated } from '../kit/dilation.js';
import { samePadding } from '../kit/samePadding.js';
import { Uncounted } from '../kit/uncounted.js';
import {
  asInFile,
  asOurs,
  dims,
  imageOf,
  numbers,
  sideOf,
  tensor,
  layoutOf,
  type Call,
  type TfCall,
} from './tfCall.js';

/** [[before, after], ...] of every side of the file. */
function endsOf(call: Call, i: number, count: number, what: string): readonly (readonly [number, number])[] {
  const ends = numbers(call, i, what);
  if (ends.length !== 2 * count || ends.some((end) => end < 0))
    throw new InputError(`its ${what} are ${ends.join(', ')}`);
  return Array.from({ length: count }, (_, side) => [ends[2 * side]!, ends[2 * side + 1]!] as const);
}

export function pad(call: Call): Value {
  const x = tensor(call, 0);
  const rank = x.shape.length;
  const pairs = endsOf(call, 1, rank, 'paddings');
  const [batch, rows, columns, channels] = pairs;
  if (rank === 4 && batch![0] + batch![1] === 0 && sideOf(call, 3, 4) === 1)
    return call.apply('pad', x, {
      padding: [rows![0], columns![0], rows![1], columns![1]],
      channels: [...channels!],
    });
  return padded(call, x, pairs, 'constant');
}

function padded(
  call: Call,
  x: Value,
  pairs: readonly (readonly [number, number])[],
  mode: 'constant' | 'reflect' | 'symmetric',
): Value {
  const { ours } = layoutOf(call);
  const [before, after] = [ours(pairs.map(([first]) => first)), ours(pairs.map(([, last]) => last))];
  return call.apply('padSides', x, { before: [...before], after: [...after], mode });
}

export function mirrorPad(call: Call): Value {
  const x = tensor(call, 0);
  const mode = call.file.attributes.text('mode', 'REFLECT') === 'SYMMETRIC' ? 'symmetric' : 'reflect';
  return padded(call, x, endsOf(call, 1, x.shape.length, 'paddings'), mode);
}

/** Whole factors are an upsampling. */
export const resizing =
  (mode: 'nearest' | 'bilinear' | 'bicubic') =>
  (call: Call): Value => {
    const x = imageOf(call);
    const size = dims(call, 1, 'sizes');
    if (size.length !== 2) throw new InputError(`it resizes to ${showShape(size)}`);
    const [h, w] = x.shape.slice(2) as [Dim, Dim];
    const [height, width] = size as [Dim, Dim];
    if (mode !== 'bicubic' && isNumber(h) && isNumber(w) && isNumber(height) && isNumber(width)) {
      const scale: [number, number] = [height / h, width / w];
      if (scale.every((factor) => Number.isInteger(factor) && factor >= 1))
        return call.apply('upsample', x, { scale, mode });
    }
    return call.apply('resize', x, { size: [height, width], mode });
  };

export const blocks =
  (op: 'depthToSpace' | 'spaceToDepth') =>
  (call: Call): Value =>
    call.apply(op, imageOf(call), { block: call.file.attributes.integer('block_size', 0), order: 'blockFirst' });

/** (x, block, paddings): every side after the batch that a block has. */
export const batchBlocks =
  (op: 'spaceToBatch' | 'batchToSpace') =>
  (call: Call): Value => {
    const block = numbers(call, 1, 'block');
    if (tensor(call, 0).shape.length === 3 && block.length === 1) return listBlocks(call, op, block);
    const x = imageOf(call);
    const pairs = endsOf(call, 2, block.length, op === 'spaceToBatch' ? 'paddings' : 'crops');
    if (block.length > 2) throw new Uncounted(`its block has ${block.length} sides`);
    const full = (list: readonly number[], otherwise: number): number[] => [...list, otherwise, otherwise].slice(0, 2);
    const ends = [
      ...full(
        pairs.map(([first]) => first),
        0,
      ),
      ...full(
        pairs.map(([, last]) => last),
        0,
      ),
    ];
    return op === 'spaceToBatch'
      ? call.apply(op, x, { block: full(block, 1), padding: ends })
      : call.apply(op, x, { block: full(block, 1), crops: ends });
  };

/** The same along the length of [N, L, C], with the channels second. */
function listBlocks(call: Call, op: 'spaceToBatch' | 'batchToSpace', block: readonly number[]): Value {
  const [n, length, channels] = tensor(call, 0).shape as readonly [Dim, Dim, Dim];
  const [ends] = endsOf(call, 2, 1, op === 'spaceToBatch' ? 'paddings' : 'crops');
  const list = call.apply('view', tensor(call, 0), { shape: [n, channels, length] }, {}, 'list');
  const made =
    op === 'spaceToBatch'
      ? call.apply(op, list, { block, padding: [...ends!] })
      : call.apply(op, list, { block, crops: [...ends!] });
  const [images, , sides] = made.shape as readonly [Dim, Dim, Dim];
  return call.apply('view', made, { shape: [images, sides, channels] }, {}, 'sides');
}

export function tile(call: Call): Value {
  const x = tensor(call, 0);
  const repeats = dims(call, 1, 'multiples');
  return call.apply('tile', x, { repeats: [...layoutOf(call).ours(repeats)] });
}

export function broadcastTo(call: Call): Value {
  const sides = dims(call, 1, 'sides');
  const x = asInFile(call, tensor(call, 0), 'input');
  return asOurs(call, call.apply('expand', x, { shape: [...sides] }), 'result');
}

/** (x, indices, side). A table of weights is an embedding. */
export function gather(call: Call): Value {
  const axis = call.has(2) ? numbers(call, 2, 'side')[0]! : 0;
  const batch = call.file.attributes.integer('batch_dims', 0);
  if (batch !== 0) return gatheredWithin(call, axis, batch);
  const [table, indices] = [call.constant(0), call.constant(1)];
  if (table?.stored && !indices && table.shape.length === 2 && axis === 0) {
    const [entries, features] = table.shape as [Dim, Dim];
    const places = asInFile(call, tensor(call, 1), 'indices');
    return asOurs(call, call.apply('embedding', places, { entries, features }, { weight: table }), 'result');
  }
  const x = asInFile(call, tensor(call, 0), 'input');
  const side = call.axis(axis, x.shape.length);
  if (indices) return asOurs(call, call.apply('gather', x, { axis: side, shape: [...indices.shape] }), 'result');
  const places = asInFile(call, tensor(call, 1), 'indices');
  return asOurs(call, call.apply('gather', [x, places], { axis: side }), 'result');
}

/** Each image of a batch has indices of its own. */
function gatheredWithin(call: Call, axis: number, given: number): Value {
  const x = asInFile(call, tensor(call, 0), 'input');
  const places = asInFile(call, tensor(call, 1), 'indices');
  const batch = given < 0 ? given + places.shape.length : given;
  if (call.axis(axis, x.shape.length) !== batch) throw new Uncounted('it gathers behind another side than the batch');
  const each = call.apply('view', places, { shape: [...places.shape, 1] }, {}, 'places');
  return asOurs(call, call.apply('gatherNd', [x, each], { batch }), 'result');
}

export function gatherNd(call: Call): Value {
  const x = asInFile(call, tensor(call, 0), 'input');
  const indices = call.constant(1);
  const made = indices
    ? call.apply('gatherNd', x, { shape: [...indices.shape] })
    : call.apply('gatherNd', [x, asInFile(call, tensor(call, 1), 'indices')]);
  return asOurs(call, made, 'result');
}

export function topK(call: Call): Results {
  const x = asInFile(call, tensor(call, 0), 'input');
  const k = call.has(1) ? numbers(call, 1, 'number of elements')[0]! : call.file.attributes.integer('k', 1);
  const axis = x.shape.length - 1;
  return (['values', 'indices'] as const).map((output, i) =>
    call.isRead(i)
      ? asOurs(call, call.apply('topK', x, { k, axis, output }, {}, i === 0 ? '' : output), `${output}.sides`)
      : undefined,
  );
}

export function oneHot(call: Call): Value {
  const x = asInFile(call, tensor(call, 0), 'input');
  const axis = call.file.attributes.integer('axis', -1);
  const [depth = 0] = numbers(call, 1, 'depth');
  const made = call.apply('oneHot', x, { depth, axis: axis < 0 ? axis + x.shape.length + 1 : axis });
  return asOurs(call, made, 'result');
}

export function cumSum(call: Call): Value {
  const x = tensor(call, 0);
  const [axis = 0] = numbers(call, 1, 'side');
  return call.apply('cumSum', x, { axis: sideOf(call, axis, x.shape.length) });
}

export function reverse(call: Call): Value {
  const x = tensor(call, 0);
  const axes = numbers(call, 1, 'sides').map((axis) => sideOf(call, axis, x.shape.length));
  return call.apply('flip', x, { axes });
}

/** Keeps a band of a matrix and sets the rest to 0. */
export const band = (call: Call): Value => call.apply('scaleBy', tensor(call, 0), { shape: [1], learnt: false });

/** [..., n] as the diagonal of [..., n, n], or the diagonal of such matrices. */
export function diagonal(call: Call): Value {
  const x = asInFile(call, tensor(call, 0), 'input');
  const offsets = call.has(1) ? numbers(call, 1, 'diagonals') : [0];
  const [rows, columns] = x.shape.slice(-2);
  if (offsets.some((offset) => offset !== 0)) throw new Uncounted('it takes another diagonal than the main one');
  if (call.op.startsWith('MatrixDiagPart')) {
    if (rows === undefined || columns === undefined || !isNumber(rows) || !isNumber(columns))
      throw new Uncounted('its sides depend on the size of the image');
    const places = { shape: [...x.shape.slice(0, -2), Math.min(rows, columns), x.shape.length] };
    return asOurs(call, call.apply('gatherNd', x, places), 'result');
  }
  const side = x.shape.at(-1)!;
  const zeros = call.apply('constant', [], { shape: [...x.shape, side] }, {}, 'zeros');
  return asOurs(call, call.apply('scatter', [zeros, x]), 'result');
}

/** The cross product of vectors of three numbers. */
export function cross(call: Call): Value {
  const [a, b] = [tensor(call, 0), tensor(call, 1)];
  const [first, second] = ['first', 'second'].map((part) => call.apply('multiply', [a, b], {}, {}, part));
  return call.apply('subtract', [first!, second!]);
}

/** Replaces or adds to elements of the first input, or of zeros. */
export const scattered =
  (mode: 'replace' | 'add', into: 'zeros' | 'input'): OpRow<TfCall> =>
  (call) => {
    const base =
      into === 'zeros'
        ? call.apply('constant', [], { shape: [...dims(call, 2, 'sides')] }, {}, 'zeros')
        : asInFile(call, tensor(call, 0), 'input');
    const [at, values] = into === 'zeros' ? [0, 1] : [1, 2];
    const places = call.operand(at);
    const further = isConstant(places) ? [] : [asInFile(call, tensor(call, at), 'places')];
    const added = asInFile(call, tensor(call, values), 'values');
    return asOurs(call, call.apply('scatter', [base, ...further, added], { mode }), 'result');
  };

/** Counts how often each class occurs, for the number of classes that the file states. */
export function counts(call: Call): Value {
  const x = asInFile(call, tensor(call, 0), 'input');
  const [size = 0] = numbers(call, 1, 'number of classes');
  if (x.shape.length > 2 || size < 1) throw new InputError(`it counts ${size} numbers in ${showShape(x.shape)}`);
  const zeros = call.apply('constant', [], { shape: [...x.shape.slice(0, -1), size] }, {}, 'zeros');
  return call.apply('scatter', [zeros, x], { mode: 'add' });
}

/** Warps an image by a matrix: each element is interpolated from its neighbours. */
export function transformed(call: Call): Value {
  const x = imageOf(call);
  const [height, width] = call.has(2) ? dims(call, 2, 'sides') : x.shape.slice(2);
  const mode = call.file.attributes.text('interpolation', 'BILINEAR') === 'NEAREST' ? 'nearest' : 'bilinear';
  return call.apply('resize', x, { size: [height!, width!], mode });
}

/** Windows of an image side by side, [N, h, w, kh kw C]. */
export function patches(call: Call): Value {
  const x = imageOf(call);
  const { attributes } = call.file;
  const [kernel, stride, dilation] = ['ksizes', 'strides', 'rates'].map(
    (key) => attributes.integers(key).slice(1, 3) as unknown as Pair,
  ) as [Pair, Pair, Pair];
  const same = attributes.text('padding', 'VALID') === 'SAME';
  const ends = kernel.map((size, i) =>
    same
      ? samePadding(x.shape[i + 2]!, { kernel: size, stride: stride[i]!, dilation: dilation[i]! })
      : ([0, 0] as const),
  );
  const padding = [ends[0]![0], ends[1]![0], ends[0]![1], ends[1]![1]] as const;
  const made = call.apply('unfold', x, { kernel, stride, dilation, padding }, {}, 'windows');
  const sides = kernel.map((size, i) =>
    windowCount(x.shape[i + 2]!, { kernel: size, stride: stride[i]!, dilation: dilation[i]!, pad: ends[i]! }),
  );
  return call.apply('reshape', made, { shape: [made.shape[1]!, ...sides] });
}

/** Grey-scale dilation: the largest sum of a window and a learnt filter [kh, kw, C]. */
export function dilation2d(call: Call): Value {
  const x = imageOf(call);
  const { attributes } = call.file;
  const filter = call.weight(1, 'filters');
  const [height, width] = filter.shape as readonly [number, number];
  const kernel: Pair = [height, width];
  const [stride, dilation] = ['strides', 'rates'].map(
    (key) => attributes.integers(key).slice(1, 3) as unknown as Pair,
  ) as [Pair, Pair];
  if (filter.shape.length !== 3 || !filter.shape.every(isNumber)) throw call.misfit('filters', filter.shape, x.shape);
  const same = attributes.text('padding', 'VALID') === 'SAME';
  const ends = kernel.map((size, i) =>
    same
      ? samePadding(x.shape[i + 2]!, { kernel: size, stride: stride[i]!, dilation: dilation[i]! })
      : ([0, 0] as const),
  );
  const padding = [ends[0]![0], ends[1]![0], ends[0]![1], ends[1]![1]] as const;
  return dilated(call, x, { kernel, stride, dilation, padding }, filter);
}

/** Each image has its own length, up to which its steps are reversed. */
export function reverseSequence(call: Call): Value {
  const x = tensor(call, 0);
  return call.apply('flip', x, { axes: [sideOf(call, call.file.attributes.integer('seq_dim', 0), x.shape.length)] });
}

export function roll(call: Call): Value {
  const x = tensor(call, 0);
  const [shifts, axes] = [numbers(call, 1, 'shifts'), numbers(call, 2, 'sides')];
  return call.apply('roll', x, { axes: axes.map((axis) => sideOf(call, axis, x.shape.length)), shifts: [...shifts] });
}

/**
 * (sides, number): a filled tensor is known before the network runs, so it is an input without a
 * cost.
 */
export const fill = (call: Call): Results => {
  const value = call.operand(1);
  if (!isConstant(value)) throw new Uncounted('it fills with a number that is computed');
  const sides: Shape = dims(call, 0, 'sides');
  return { constant: true, type: value.type, shape: sides };
};

/** Refuses ops whose number of elements depends on the content of the image. */
export const undecided = (): never => {
  throw new Uncounted('how many elements it gives depends on what the image shows');
};

/**
 * Non-maximum suppression keeps at most as many boxes as the file states: indices, scores, and
 * their number.
 */
export function suppressed(call: Call): Results {
  const scores = asInFile(call, tensor(call, 1), 'scores');
  const [boxes, most = boxes] = [scores.shape[0]!, call.items(2)?.[0]];
  const k = isNumber(boxes) && isNumber(most) ? Math.min(boxes, Math.max(1, most)) : boxes;
  const scored = call.op === 'NonMaxSuppressionV5';
  return call.file.outputs.map((_, i) => {
    if (!call.isRead(i)) return undefined;
    if (i === 0) return call.apply('topK', scores, { k, axis: 0, output: 'indices' });
    if (i === 1 && scored) return call.apply('topK', scores, { k, axis: 0, output: 'values' }, {}, 'scores');
    return { constant: true, type: 'int', shape: [] } as const;
  });
}

/** The same for each image of a batch and for all classes together. */
export function suppressedTogether(call: Call): Results {
  const scores = asInFile(call, tensor(call, 1), 'scores');
  const [n, boxes = 1, classes = 1] = scores.shape;
  const [perClass, total] = [call.items(2)?.[0] ?? boxes, call.items(3)?.[0] ?? boxes];
  const padded = call.file.attributes.flag('pad_per_class', false);
  const most =
    padded && isNumber(total) && isNumber(perClass) && isNumber(classes) ? Math.min(total, perClass * classes) : total;
  const each = call.apply('reduce', scores, { axes: [2], mode: 'max', keep: false }, {}, 'best');
  const k = isNumber(most) && isNumber(boxes) ? Math.min(most, boxes) : most;
  const kept = call.apply('topK', each, { k, axis: 1, output: 'values' });
  return call.file.outputs.map((_, i) => {
    if (!call.isRead(i)) return undefined;
    if (i === 1 || i === 2) return kept;
    if (i === 3) return { constant: true, type: 'int', shape: [n!] } as const;
    return call.apply(
      'expand',
      call.apply('view', kept, { shape: [n!, k, 1] }, {}, 'box'),
      { shape: [n!, k, 4] },
      {},
      'boxes',
    );
  });
}
