// Rows of elements that are picked by index, sorted or added up; shapes say how many.

import { add, isNumber, product, type Dim } from '../../../dim/dim.js';
import type { Value } from '../../../graph.js';
import { InputError } from '../../../inputError.js';
import { showShape } from '../../../shape.js';
import { cut, regrouped } from '../../kit/moves.js';
import { wholeSide } from '../../kit/slice.js';
import { constant, isConstant } from '../../kit/operand.js';
import { asParameter, numberOf, type Call, type Results, type OnnxRow } from '../onnxCall.js';

function gather(call: Call): Results {
  const axis = call.axis(call.file.attributes.int('axis', 0));
  const [data, indices] = [call.operand(0), call.operand(1)];
  if (!isConstant(indices)) {
    if (isConstant(data) && axis === 0 && data.shape.length === 2 && data.type === 'float' && data.stored?.length)
      return embedding(call, indices);
    return call.apply('gather', [call.data(0), indices], { axis });
  }
  const x = call.data(0);
  const side = x.shape[axis]!;
  const numbers = indices.items?.every(isNumber) ? indices.items : undefined;
  const [first] = numbers ?? [];
  if (numbers && first !== undefined && numbers.every((index, i) => index === first + i))
    return neighbours(call, x, axis, numbers);
  const counted = numbers?.map((index) => (index < 0 ? add(side, index) : index)) ?? [];
  const known = counted.every((index): index is number => isNumber(index));
  return call.apply('gather', x, { axis, shape: indices.shape, indices: known ? counted : [] });
}

/** One index of a side, or neighbours: a slice. */
function neighbours(call: Call, x: Value, axis: number, numbers: readonly number[]): Results {
  const side = x.shape[axis]!;
  const first: Dim = numbers[0]! < 0 ? add(side, numbers[0]!) : numbers[0]!;
  const cuts = x.shape.map(wholeSide).with(axis, { first, length: numbers.length, step: 1 });
  const part = cut(call, x, cuts);
  const sides = [...x.shape.slice(0, axis), ...call.shape(1), ...x.shape.slice(axis + 1)];
  return regrouped(call, part, sides, part === x ? '' : 'sides');
}

/** A learnt row for each index. */
function embedding(call: Call, indices: Value): Results {
  const weight = asParameter(call.weight(0, 'rows'), call.file.inputs[0]!);
  const [entries, features] = weight.shape;
  return call.apply('embedding', indices, { entries: entries!, features: features! }, { weight });
}

const gatherElements = (call: Call): Results =>
  call.apply('gatherElements', [call.data(0), call.data(1)], {
    axis: call.axis(call.file.attributes.int('axis', 0)),
  });

function gatherNd(call: Call): Results {
  const batch = call.file.attributes.int('batch_dims', 0);
  const indices = call.operand(1);
  if (isConstant(indices)) return call.apply('gatherNd', call.data(0), { batch, shape: indices.shape });
  return call.apply('gatherNd', [call.data(0), indices], { batch });
}

const MODES: Readonly<Record<string, 'replace' | 'add' | 'multiply' | 'max' | 'min'>> = {
  ...{ none: 'replace', add: 'add', mul: 'multiply', max: 'max', min: 'min' },
};

/** Stored indices and updates are known beforehand, and nothing reads them. */
function scatter(call: Call): Results {
  const mode = MODES[call.file.attributes.text('reduction', 'none')];
  if (!mode) throw new InputError(`its reduction ${call.file.attributes.text('reduction', '')} is unknown`);
  const beside = [1, 2].flatMap((i) => (isConstant(call.operand(i)) ? [] : [call.data(i)]));
  return call.apply('scatter', [call.data(0), ...beside], { mode });
}

function topK(call: Call): Results {
  const x = call.data(0);
  const { attributes } = call.file;
  const k = attributes.has('k') ? attributes.int('k', 1) : call.sizes(1, 'number of elements')[0]!;
  const given = { k, axis: call.axis(attributes.int('axis', -1)), largest: attributes.int('largest', 1) !== 0 };
  const outputs = ['values', 'indices'] as const;
  return outputs.map((output, i) =>
    call.isRead(i) ? call.apply('topK', x, { ...given, output }, {}, i === 0 ? '' : output) : undefined,
  );
}

const extreme =
  (op: 'argMax' | 'argMin') =>
  (call: Call): Results => {
    const { attributes } = call.file;
    return call.apply(op, call.data(0), {
      axis: call.axis(attributes.int('axis', 0)),
      keep: attributes.int('keepdims', 1) !== 0,
    });
  };

function cumSum(call: Call): Results {
  const { attributes } = call.file;
  const axis = numberOf(call, 'axis', 1) ?? 0;
  return call.apply('cumSum', call.data(0), {
    axis: call.axis(axis),
    exclusive: attributes.int('exclusive', 0) !== 0,
    reverse: attributes.int('reverse', 0) !== 0,
  });
}

function oneHot(call: Call): Results {
  const x = call.data(0);
  const depth = call.sizes(1, 'depth')[0]!;
  const axis = call.axis(call.file.attributes.int('axis', -1), x.shape.length + 1);
  return call.apply('oneHot', x, { depth, axis });
}

/** 1 at the largest element along a side. Until opset 12 all sides from the axis on were one. */
function hardmax(call: Call): Results {
  const x = call.data(0);
  const { opset } = call.file.facts;
  const axis = call.axis(call.file.attributes.int('axis', opset < 13 ? 1 : -1));
  const flat =
    opset < 13 ? regrouped(call, x, [product(x.shape.slice(0, axis)), product(x.shape.slice(axis))], 'flat') : x;
  const side = opset < 13 ? 1 : axis;
  const places = call.apply('argMax', flat, { axis: side, keep: false }, {}, 'places');
  const made = call.apply('oneHot', places, { depth: flat.shape[side]!, axis: side }, {}, 'ones');
  return regrouped(call, made, x.shape, 'sides');
}

const SAMPLES: Readonly<Record<string, 'nearest' | 'linear' | 'cubic'>> = {
  ...{ nearest: 'nearest', bilinear: 'linear', linear: 'linear', bicubic: 'cubic', cubic: 'cubic' },
};

function gridSample(call: Call): Results {
  const mode = SAMPLES[call.file.attributes.text('mode', 'linear')];
  if (!mode) throw new InputError(`its mode ${call.file.attributes.text('mode', '')} is unknown`);
  return call.apply('gridSample', [call.data(0), call.data(1)], { mode });
}

/**
 * The places of an output's elements, each times the matrix of its image: [N, 2, 3] gives [N, H, W,
 * 2].
 */
function affineGrid(call: Call): Results {
  const theta = call.data(0);
  const [n, , ...places] = call.sizes(1, 'sides');
  const rank = places.length;
  if (theta.shape.length !== 3 || theta.shape[1] !== rank || theta.shape[2] !== rank + 1)
    throw new InputError(`its matrices ${showShape(theta.shape)} do not fit an output of ${rank} sides`);
  const grid = call.value(constant('float', [n!, product(places), rank + 1]), `${call.file.outputs[0]!} places`);
  const turned = call.apply('matmul', [grid, theta], { transposeSecond: true });
  return call.apply('view', turned, { shape: [n!, ...places, rank] }, {}, 'grid');
}

export const INDEXING: Readonly<Record<string, OnnxRow>> = {
  Gather: { convert: gather },
  GatherElements: { convert: gatherElements },
  GatherND: { convert: gatherNd },
  Scatter: { convert: scatter },
  ScatterElements: { convert: scatter },
  ScatterND: { convert: scatter },
  Hardmax: { convert: hardmax },
  TopK: { convert: topK },
  ArgMax: { convert: extreme('argMax') },
  ArgMin: { convert: extreme('argMin') },
  CumSum: { convert: cumSum },
  CumProd: { convert: cumSum },
  OneHot: { convert: oneHot },
  GridSample: { convert: gridSample },
  AffineGrid: { convert: affineGrid },
  TensorScatter: { convert: (call) => call.apply('scatter', [call.data(0), call.data(1)]) },
};
