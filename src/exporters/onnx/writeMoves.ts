// Writes picks by index, repeats, block moves and cumulative sums. Indices are int64 in ONNX.

import type { Shape } from '../../shape.js';
import { InputError } from '../../inputError.js';
import { product, sizesOf } from '../../weights/weights.js';
import { DATA_TYPES } from '../../importers/onnx/messages.js';
import type { Spot } from './writeDraft.js';

const listOf = (spot: Spot, field: string): readonly number[] => sizesOf(spot.values[field] as Shape);
const inputSides = (spot: Spot): readonly number[] => sizesOf(spot.site.inputs[0]!);
const outputSides = (spot: Spot): readonly number[] => sizesOf(spot.site.node.shape);
const numberOf = (spot: Spot, field: string): number => spot.values[field] as number;
const asIndices = (spot: Spot, input: string): string => spot.step('Cast', [input], { to: DATA_TYPES.int64 });
const asNumber = (spot: Spot, input: string): void => {
  spot.result('Cast', [input], { to: DATA_TYPES.float });
};

export function tile(spot: Spot): void {
  spot.result('Tile', [spot.x, spot.ints('repeats', listOf(spot, 'repeats'))]);
}

/** A new side behind the one whose elements are repeated, which then takes it in. */
export function repeatElements(spot: Spot): void {
  const [axis, repeats, sides] = [numberOf(spot, 'axis'), numberOf(spot, 'repeats'), inputSides(spot)];
  const apart = spot.step('Reshape', [spot.x, spot.ints('apart', sides.toSpliced(axis + 1, 0, 1))]);
  const times = sides.map(() => 1).toSpliced(axis + 1, 0, repeats);
  spot.result('Reshape', [
    spot.step('Tile', [apart, spot.ints('times', times)]),
    spot.ints('shape', outputSides(spot)),
  ]);
}

const LEAST = -(2 ** 31);
export function flip(spot: Spot): void {
  const axes = listOf(spot, 'axes');
  const all = (label: string, value: number): string =>
    spot.ints(
      label,
      axes.map(() => value),
    );
  spot.result('Slice', [spot.x, all('starts', -1), all('ends', LEAST), spot.ints('axes', axes), all('steps', -1)]);
}

function part(spot: Spot, input: string, axis: number, begin: number, end: number): string {
  const one = (label: string, value: number): string => spot.ints(label, [value]);
  return spot.step('Slice', [input, one('starts', begin), one('ends', end), one('axes', axis)]);
}

/** The end of a side comes before its begin. */
export function roll(spot: Spot): void {
  const [axes, shifts, sides] = [listOf(spot, 'axes'), listOf(spot, 'shifts'), inputSides(spot)];
  const rolled = axes.reduce((input, axis, i) => {
    const side = sides[axis]!;
    const cut = (side - (((shifts[i]! % side) + side) % side)) % side;
    if (cut === 0) return input;
    return spot.step('Concat', [part(spot, input, axis, cut, side), part(spot, input, axis, 0, cut)], { axis });
  }, spot.x);
  spot.result('Identity', [rolled]);
}

/** Opset 17 knows three ways to pad. */
export function padSides(spot: Spot): void {
  const { mode, value } = spot.values;
  if (mode === 'wrap' || mode === 'symmetric')
    throw new InputError(`a padding by "${mode}" has no form in the ONNX that is written, opset 17`);
  const pads = spot.ints('pads', [...listOf(spot, 'before'), ...listOf(spot, 'after')]);
  spot.result('Pad', [spot.x, pads, ...(mode === 'constant' ? [spot.floats('value', [value as number], [])] : [])], {
    mode: mode as string,
  });
}

export function depthToSpace(spot: Spot): void {
  const mode = spot.values['order'] === 'blockFirst' ? 'DCR' : 'CRD';
  if (inputSides(spot).length !== 4) throw new InputError('blocks of an input that is no image have no form in ONNX');
  spot.result('DepthToSpace', [spot.x], { blocksize: numberOf(spot, 'block'), mode });
}

/** ONNX puts the block first; channels that are to come first change places with it. */
export function spaceToDepth(spot: Spot): void {
  const block = numberOf(spot, 'block');
  if (inputSides(spot).length !== 4) throw new InputError('blocks of an input that is no image have no form in ONNX');
  if (spot.values['order'] === 'blockFirst') {
    spot.result('SpaceToDepth', [spot.x], { blocksize: block });
    return;
  }
  const [n, c, h, w] = outputSides(spot) as readonly [number, number, number, number];
  const moved = spot.step('SpaceToDepth', [spot.x], { blocksize: block });
  const apart = spot.step('Reshape', [moved, spot.ints('apart', [n, block ** 2, c / block ** 2, h, w])]);
  const turned = spot.step('Transpose', [apart], { perm: [0, 2, 1, 3, 4] });
  spot.result('Reshape', [turned, spot.ints('shape', [n, c, h, w])]);
}

/** Indices that are stored but not known are taken one after another, as engines do. */
export function gather(spot: Spot): void {
  const axis = numberOf(spot, 'axis');
  const attributes = { axis };
  if (spot.inputs.length > 1) {
    spot.result('Gather', [spot.x, asIndices(spot, spot.inputs[1]!)], attributes);
    return;
  }
  const [sides, known] = [listOf(spot, 'shape'), spot.values['indices'] as readonly number[]];
  const side = inputSides(spot)[axis]!;
  const values = Array.from({ length: product(sides) }, (_, i) => known[i] ?? i % side);
  const picked = spot.step('Gather', [spot.x, spot.ints('indices', values)], attributes);
  spot.result('Reshape', [picked, spot.ints('shape', outputSides(spot))]);
}

export function embedding(spot: Spot): void {
  const table = spot.weight('weight', [numberOf(spot, 'entries'), numberOf(spot, 'features')]);
  spot.result('Gather', [table, asIndices(spot, spot.x)], { axis: 0 });
}

export function oneHot(spot: Spot): void {
  const depth = spot.ints('depth', [numberOf(spot, 'depth')]);
  spot.result('OneHot', [asIndices(spot, spot.x), depth, spot.floats('marks', [0, 1])], {
    axis: numberOf(spot, 'axis'),
  });
}

const placing =
  (type: string) =>
  (spot: Spot): void => {
    const attributes = { axis: numberOf(spot, 'axis'), keepdims: Number(spot.values['keep']) };
    asNumber(spot, spot.step(type, [spot.x], attributes));
  };
export const argMax = placing('ArgMax');
export const argMin = placing('ArgMin');

export function cumSum(spot: Spot): void {
  const { exclusive, reverse, mode } = spot.values;
  if (mode !== 'sum') throw new InputError(`a running ${mode as string} has no form in ONNX`);
  spot.result('CumSum', [spot.x, spot.ints('axis', [numberOf(spot, 'axis')])], {
    exclusive: Number(exclusive),
    reverse: Number(reverse),
  });
}

export function gatherElements(spot: Spot): void {
  spot.result('GatherElements', [spot.x, asIndices(spot, spot.inputs[1]!)], { axis: numberOf(spot, 'axis') });
}

export function dynamicConv(spot: Spot): void {
  const { stride, padding, dilation, groups } = spot.values;
  spot.result('Conv', spot.inputs, {
    strides: stride as readonly number[],
    pads: padding as readonly number[],
    dilations: dilation as readonly number[],
    group: groups as number,
  });
}

export function einsum(spot: Spot): void {
  spot.result('Einsum', spot.inputs, { equation: spot.values['equation'] as string });
}

export function einsumDense(spot: Spot): void {
  const attributes = { equation: spot.values['equation'] as string };
  const operands = [spot.x, spot.weight('weight', listOf(spot, 'weight'))];
  if (!spot.has('bias')) spot.result('Einsum', operands, attributes);
  else spot.result('Add', [spot.step('Einsum', operands, attributes), spot.weight('bias', listOf(spot, 'bias'))]);
}
