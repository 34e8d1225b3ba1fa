// Writes picks by index, repeats, block moves and cumulative sums. Indices are int64 in ONNX.

import type { Shape } from '../../shape.js';
import { InputError } from '../../inputError.js';
import { product, sizesOf } from '../../weights/weights.js';
import { DATA_TYPES } from '../../importers/onnx/messages.js';
import type { NodeWriter } from './writeDraft.js';

const listOf = (writer: NodeWriter, field: string): readonly number[] => sizesOf(writer.values[field] as Shape);
const inputSides = (writer: NodeWriter): readonly number[] => sizesOf(writer.shaped.inputs[0]!);
const outputSides = (writer: NodeWriter): readonly number[] => sizesOf(writer.shaped.node.shape);
const numberOf = (writer: NodeWriter, field: string): number => writer.values[field] as number;
const asIndices = (writer: NodeWriter, input: string): string => writer.step('Cast', [input], { to: DATA_TYPES.int64 });
const asNumber = (writer: NodeWriter, input: string): void => {
  writer.result('Cast', [input], { to: DATA_TYPES.float });
};

export function tile(writer: NodeWriter): void {
  writer.result('Tile', [writer.x, writer.ints('repeats', listOf(writer, 'repeats'))]);
}

/** A new side behind the one whose elements are repeated, which then takes it in. */
export function repeatElements(writer: NodeWriter): void {
  const [axis, repeats, sides] = [numberOf(writer, 'axis'), numberOf(writer, 'repeats'), inputSides(writer)];
  const widened = writer.step('Reshape', [writer.x, writer.ints('apart', sides.toSpliced(axis + 1, 0, 1))]);
  const times = sides.map(() => 1).toSpliced(axis + 1, 0, repeats);
  writer.result('Reshape', [
    writer.step('Tile', [widened, writer.ints('times', times)]),
    writer.ints('shape', outputSides(writer)),
  ]);
}

const LEAST = -(2 ** 31);
export function flip(writer: NodeWriter): void {
  const axes = listOf(writer, 'axes');
  const all = (label: string, value: number): string =>
    writer.ints(
      label,
      axes.map(() => value),
    );
  writer.result('Slice', [
    writer.x,
    all('starts', -1),
    all('ends', LEAST),
    writer.ints('axes', axes),
    all('steps', -1),
  ]);
}

function part(writer: NodeWriter, input: string, axis: number, begin: number, end: number): string {
  const one = (label: string, value: number): string => writer.ints(label, [value]);
  return writer.step('Slice', [input, one('starts', begin), one('ends', end), one('axes', axis)]);
}

/** The end of a side comes before its begin. */
export function roll(writer: NodeWriter): void {
  const [axes, shifts, sides] = [listOf(writer, 'axes'), listOf(writer, 'shifts'), inputSides(writer)];
  const rolled = axes.reduce((input, axis, i) => {
    const side = sides[axis]!;
    const cut = (side - (((shifts[i]! % side) + side) % side)) % side;
    if (cut === 0) return input;
    return writer.step('Concat', [part(writer, input, axis, cut, side), part(writer, input, axis, 0, cut)], { axis });
  }, writer.x);
  writer.result('Identity', [rolled]);
}

/** Opset 17 knows three ways to pad. */
export function padSides(writer: NodeWriter): void {
  const { mode, value } = writer.values;
  if (mode === 'wrap' || mode === 'symmetric')
    throw new InputError(`ONNX opset 17, which is written, has no padding of the mode "${mode}"`);
  const pads = writer.ints('pads', [...listOf(writer, 'before'), ...listOf(writer, 'after')]);
  writer.result(
    'Pad',
    [writer.x, pads, ...(mode === 'constant' ? [writer.floats('value', [value as number], [])] : [])],
    {
      mode: mode as string,
    },
  );
}

export function depthToSpace(writer: NodeWriter): void {
  const mode = writer.values['order'] === 'blockFirst' ? 'DCR' : 'CRD';
  if (inputSides(writer).length !== 4) throw new InputError('ONNX rearranges the blocks of images only');
  writer.result('DepthToSpace', [writer.x], { blocksize: numberOf(writer, 'block'), mode });
}

/** ONNX puts the block first; channels that are to come first change places with it. */
export function spaceToDepth(writer: NodeWriter): void {
  const block = numberOf(writer, 'block');
  if (inputSides(writer).length !== 4) throw new InputError('ONNX rearranges the blocks of images only');
  if (writer.values['order'] === 'blockFirst') {
    writer.result('SpaceToDepth', [writer.x], { blocksize: block });
    return;
  }
  const [n, c, h, w] = outputSides(writer) as readonly [number, number, number, number];
  const moved = writer.step('SpaceToDepth', [writer.x], { blocksize: block });
  const inBlocks = writer.step('Reshape', [moved, writer.ints('apart', [n, block ** 2, c / block ** 2, h, w])]);
  const turned = writer.step('Transpose', [inBlocks], { perm: [0, 2, 1, 3, 4] });
  writer.result('Reshape', [turned, writer.ints('shape', [n, c, h, w])]);
}

/** Indices that are stored but not known are taken one after another, as engines do. */
export function gather(writer: NodeWriter): void {
  const axis = numberOf(writer, 'axis');
  const attributes = { axis };
  if (writer.inputs.length > 1) {
    writer.result('Gather', [writer.x, asIndices(writer, writer.inputs[1]!)], attributes);
    return;
  }
  const [sides, known] = [listOf(writer, 'shape'), writer.values['indices'] as readonly number[]];
  const side = inputSides(writer)[axis]!;
  const values = Array.from({ length: product(sides) }, (_, i) => known[i] ?? i % side);
  const picked = writer.step('Gather', [writer.x, writer.ints('indices', values)], attributes);
  writer.result('Reshape', [picked, writer.ints('shape', outputSides(writer))]);
}

export function embedding(writer: NodeWriter): void {
  const table = writer.weight('weight', [numberOf(writer, 'entries'), numberOf(writer, 'features')]);
  writer.result('Gather', [table, asIndices(writer, writer.x)], { axis: 0 });
}

export function oneHot(writer: NodeWriter): void {
  const depth = writer.ints('depth', [numberOf(writer, 'depth')]);
  writer.result('OneHot', [asIndices(writer, writer.x), depth, writer.floats('marks', [0, 1])], {
    axis: numberOf(writer, 'axis'),
  });
}

const placing =
  (type: string) =>
  (writer: NodeWriter): void => {
    const attributes = { axis: numberOf(writer, 'axis'), keepdims: Number(writer.values['keep']) };
    asNumber(writer, writer.step(type, [writer.x], attributes));
  };
export const argMax = placing('ArgMax');
export const argMin = placing('ArgMin');

export function cumSum(writer: NodeWriter): void {
  const { exclusive, reverse, mode } = writer.values;
  if (mode !== 'sum') throw new InputError(`ONNX has no cumulative ${mode as string}`);
  writer.result('CumSum', [writer.x, writer.ints('axis', [numberOf(writer, 'axis')])], {
    exclusive: Number(exclusive),
    reverse: Number(reverse),
  });
}

export function gatherElements(writer: NodeWriter): void {
  writer.result('GatherElements', [writer.x, asIndices(writer, writer.inputs[1]!)], { axis: numberOf(writer, 'axis') });
}

export function dynamicConv(writer: NodeWriter): void {
  const { stride, padding, dilation, groups } = writer.values;
  writer.result('Conv', writer.inputs, {
    strides: stride as readonly number[],
    pads: padding as readonly number[],
    dilations: dilation as readonly number[],
    group: groups as number,
  });
}

export function einsum(writer: NodeWriter): void {
  writer.result('Einsum', writer.inputs, { equation: writer.values['equation'] as string });
}

export function einsumDense(writer: NodeWriter): void {
  const attributes = { equation: writer.values['equation'] as string };
  const operands = [writer.x, writer.weight('weight', listOf(writer, 'weight'))];
  if (!writer.has('bias')) writer.result('Einsum', operands, attributes);
  else
    writer.result('Add', [writer.step('Einsum', operands, attributes), writer.weight('bias', listOf(writer, 'bias'))]);
}
