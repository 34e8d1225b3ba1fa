// Inputs of a file: which one is the image, which are parameters, and their sides at a given image.

import { equal, isNumber, type Dim } from '../../dim/dim.js';
import { InputError } from '../../inputError.js';
import { showShape, type Shape } from '../../shape.js';
import { shown } from '../../document/problem.js';
import { rowOf } from './rows/table.js';
import type { Message, OnnxGraph } from './messages.js';
import { isReal } from './tensors.js';
import { constant, type Constant } from '../kit/operand.js';

/** A number, the name of a symbol, or nothing where the file leaves the side open. */
type Side = number | string | undefined;

export interface Declared {
  readonly name: string;
  readonly sides: readonly Side[];
  readonly real: boolean;
}

export interface Inputs {
  /** Its sides are what --batch and --input say. */
  readonly image: Declared;
  /** Whether the file has the channels last, as TensorFlow does. */
  readonly channelsLast: boolean;
  readonly others: readonly Declared[];
  /** Weights that the file expects from outside. */
  readonly parameters: ReadonlyMap<string, Constant>;
}

/** @throws InputError for a graph without an image */
export function inputsOf(graph: OnnxGraph): Inputs {
  const stored = new Set(graph.initializer.map(({ name }) => name ?? ''));
  const declared = graph.input.filter(({ name }) => !stored.has(name ?? '')).map(declaredOf);
  const weights = readAsWeights(graph);
  const candidates = declared.filter(({ name }) => !weights.has(name));
  const image = candidates.find(({ sides }) => sides.length === 4) ?? candidates[0];
  if (!image) throw new InputError('it has no input that is an image');
  const channelsLast = hasChannelsLast(image.sides) && turnsFirst(graph);
  const others = candidates.filter((one) => one !== image && one.sides[0] === image.sides[0]);
  const parameters = declared.filter((one) => one !== image && !others.includes(one));
  return { image, channelsLast, others, parameters: new Map(parameters.map((one) => [one.name, parameterOf(one)])) };
}

function declaredOf({ name = '', type }: Message<'ValueInfo'>): Declared {
  const { shape, elemType } = type?.tensorType ?? {};
  if (!shape) throw new InputError(`its input ${shown(name)} is not a tensor with a shape`);
  const sides = shape.dim.map(sideOf);
  const odd = sides.find(
    (side): side is number => typeof side === 'number' && !(Number.isSafeInteger(side) && side > 0),
  );
  if (odd !== undefined)
    throw new InputError(
      `its input ${shown(name)} has a side of ${Math.abs(odd) === Infinity ? 'more than 2^53' : odd}: sides are whole numbers of at least 1, or left open`,
    );
  return { name, sides, real: isReal(elemType) };
}

/** Some exporters write 0 or -1 for a side that is open. */
function sideOf({ dimValue, dimParam }: Message<'Dimension'>): Side {
  if (dimValue !== undefined && !(dimValue <= 0 && dimValue >= -1)) return dimValue;
  return dimParam === undefined || dimParam === '' ? undefined : dimParam;
}

/** Sides of a parameter are known, or its layer cannot be. */
function parameterOf({ name, sides, real }: Declared): Constant {
  if (!sides.every((side): side is number => typeof side === 'number' && Number.isSafeInteger(side) && side > 0))
    throw new InputError(`its input ${shown(name)} is a parameter, and its sides are not all positive numbers`);
  const elements = sides.reduce((all, side) => all * side, 1);
  return constant(real ? 'float' : 'int', sides, undefined, real ? [{ id: name, elements }] : []);
}

/**
 * Names that are read as weights and as nothing else, also by way of a transposition or the like.
 */
function readAsWeights(graph: OnnxGraph): ReadonlySet<string> {
  const [asWeight, asData] = [new Set<string>(), new Set<string>(graph.output.map(({ name }) => name ?? ''))];
  for (const node of [...graph.node].reverse()) {
    const slots = rowOf(node.opType ?? '')?.weights ?? [];
    const passed =
      PASSING.has(node.opType ?? '') && node.output.every((name) => asWeight.has(name) && !asData.has(name));
    node.input.forEach((name, i) => (slots.includes(i) || passed ? asWeight : asData).add(name));
  }
  return new Set([...asWeight].filter((name) => !asData.has(name)));
}

const PASSING: ReadonlySet<string> = new Set([
  ...['Identity', 'Transpose', 'Reshape', 'Cast', 'Unsqueeze', 'Squeeze', 'QuantizeLinear', 'DequantizeLinear'],
]);

const MOST_COLOURS = 4;
const few = (side: Side): boolean => typeof side === 'number' && side <= MOST_COLOURS;

/** [N, H, W, C] of one to four colours. */
const hasChannelsLast = (sides: readonly Side[]): boolean => sides.length === 4 && few(sides[3]) && !few(sides[1]);

/** Whether the first transposition puts channels second: convolutions of ONNX want them there. */
const turnsFirst = ({ node }: OnnxGraph): boolean => {
  const first = node.find(({ opType }) => opType === 'Transpose');
  return first?.attribute.find(({ name }) => name === 'perm')?.ints.join() === '0,3,1,2';
};

/** [N, C, H, W] of the file, whatever its order; shorter where the image is a list of features. */
export function imageSides({ image: { sides }, channelsLast }: Inputs): readonly Side[] {
  return channelsLast ? [sides[0], sides[3], sides[1], sides[2]] : sides;
}

/**
 * The sides of every input where the image is `shape`, in the order of the file.
 * @throws InputError where one symbol would have two sizes
 */
export function boundInputs(inputs: Inputs, shape: Shape): ReadonlyMap<string, Shape> {
  const sides = imageSides(inputs);
  const symbols = new Map<string, Dim>();
  sides.forEach((side, i) => {
    if (typeof side !== 'string') return;
    const known = symbols.get(side);
    if (known !== undefined && !equal(known, shape[i]!))
      throw new InputError(
        `its input ${shown(inputs.image.name)} has equal sides ${shown(side)}: ${showShape(shape)} has not`,
      );
    symbols.set(side, shape[i]!);
  });
  const [n, c, h, w] = shape;
  const own = inputs.channelsLast ? [n!, h!, w!, c!] : shape;
  return new Map([
    [inputs.image.name, own],
    ...inputs.others.map((other) => [other.name, boundOther(other, symbols, sides[0], n!)] as const),
  ]);
}

/** The batch of the image is the batch of all. */
function boundOther({ name, sides }: Declared, symbols: ReadonlyMap<string, Dim>, batch: Side, n: Dim): Shape {
  return sides.map((side, i): Dim => {
    if (i === 0 && side === batch) return n;
    if (typeof side === 'number') return side;
    const known = side === undefined ? undefined : symbols.get(side);
    if (known !== undefined) return known;
    throw new InputError(`its input ${shown(name)} leaves the side ${i} open, and the image does not say it`);
  });
}

/** Sides that are numbers in the file and others here. */
export const changedSides = (inputs: Inputs, shape: Shape): readonly number[] =>
  imageSides(inputs).flatMap((side, i) => (typeof side === 'number' && !equal(side, shape[i]!) ? [i] : []));

export const hasSymbols = (shape: Shape): boolean => !shape.every(isNumber);
