// Rows of nodes that move elements: padding, resizing, blocks, copies, gathers, detections.

import { isNumber, type Dim } from '../../dim/dim.js';
import type { Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import { showShape, type Shape } from '../../shape.js';
import type { Results } from '../kit/call.js';
import { isConstant } from '../kit/operand.js';
import { Uncounted } from '../kit/uncounted.js';
import { asInFile, asOurs, dims, imageOf, numbers, sideOf, tensor, layoutOf, type Call } from './tfCall.js';

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
    if (size.length !== 2) throw new InputError(`resizes to ${showShape(size)}`);
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
    const x = imageOf(call);
    const block = numbers(call, 1, 'block');
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
  if (batch !== 0) throw new Uncounted('it gathers within each element of a batch');
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

export function roll(call: Call): Value {
  const x = tensor(call, 0);
  const [shifts, axes] = [numbers(call, 1, 'shifts'), numbers(call, 2, 'sides')];
  return call.apply('roll', x, { axes: axes.map((axis) => sideOf(call, axis, x.shape.length)), shifts: [...shifts] });
}

/**
 * (sides, number): what is filled in is known before the network runs, so it is an input without a
 * cost.
 */
export const fill = (call: Call): Results => {
  const value = call.operand(1);
  if (!isConstant(value)) throw new Uncounted('it fills with a number that is computed');
  const sides: Shape = dims(call, 0, 'sides');
  return { constant: true, type: value.type, shape: sides };
};

/** Refuses ops whose result has as many elements as the image decides. */
export const undecided = (): never => {
  throw new Uncounted('how many elements it gives depends on what the image shows');
};

/**
 * Suppression keeps at most as many boxes as the file says: their indices, their scores, and how
 * many they are.
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
