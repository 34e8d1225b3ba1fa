// Reads a Caffe prototxt in its TEST phase, built anew for each size of the image.

import type { Dim } from '../../dim/dim.js';
import type { Graph } from '../../graph.js';
import { InputError, locate } from '../../inputError.js';
import { lookup } from '../../lookup.js';
import { shown } from '../../document/problem.js';
import type { Model } from '../../model.js';
import type { Shape } from '../../shape.js';
import type { OpRow } from '../kit/call.js';
import { convert, type Format } from '../kit/convert.js';
import { baseName } from '../fileName.js';
import { modelOfFile } from '../kit/fileModel.js';
import { PathNaming } from '../kit/naming.js';
import { demandNone } from '../kit/omissions.js';
import { constant } from '../kit/operand.js';
import { stagedByResolution } from '../kit/resolution.js';
import { blockOf } from './blocks.js';
import { looksOnly, wired, type Wired } from './calls.js';
import { inputsOf, type NetInput } from './inputs.js';
import { netOf, type CaffeCall } from './layers.js';
import { placeOf } from './lexer.js';
import { checked } from './message.js';
import { ROWS } from './table.js';
import { readTextFormat, type Tree } from './textFormat.js';

export interface ReadOptions {
  /** Leave out what is not known, and what cannot be sized for it. */
  readonly allowUnknown?: boolean;
}

/** What the graph of each size is built from. */
interface Prepared extends Wired {
  readonly name: string;
  /** The first input of images. */
  readonly image: NetInput;
  readonly given: readonly NetInput[];
  readonly title: (call: CaffeCall) => string;
  readonly allowUnknown: boolean;
}

/**
 * @param fileName starts every message, with line and column behind it; its base name is the
 * model's where it has no other
 * @throws InputError of one sentence, here and from the model's `build`
 */
export function readCaffe(text: string, fileName: string, { allowUnknown = false }: ReadOptions = {}): Model {
  const fail = (at: number, sentence: string): InputError =>
    new InputError(`${placeOf(text, at, fileName)}: ${sentence}`);
  if (/[\0\uFFFD]/.test(text.slice(0, 1000)))
    throw new InputError(`${fileName}: it is binary, as a .caffemodel is, which holds weights: give the .prototxt`);
  const tree = readTextFormat(text, fileName);
  demandNet(tree, fail);
  const net = netOf(checked(tree, 'Net', fail), fail);
  const given = inputsOf(net, fail);
  const image = given.find(({ sides }) => sides === undefined || sides.length === 4) ?? given[0];
  if (!image)
    throw fail(
      0,
      'the net has no input where it is tested (phase TEST, no stage): give it an Input layer with a shape',
    );
  const calls = wired(net, image.sides?.[0], fail);
  const title = ({ layer }: CaffeCall): string =>
    `${placeOf(text, layer.message.at, fileName)}: layer ${shown(layer.name)} (${layer.type})`;
  if (!allowUnknown) demandKnown(calls, title);
  const name = net.name === '' ? baseName(fileName) : shown(net.name).slice(1, -1);
  const prepared = { ...calls, name, image, given, title, allowUnknown };
  return sized(prepared, fileName, fail);
}

type Fail = (at: number, sentence: string) => InputError;

/** Tells files of Caffe that describe no net from nets without layers. */
function demandNet(tree: Tree, fail: Fail): void {
  const names = new Set(tree.fields.map(({ name }) => name));
  if (names.has('layer') || names.has('layers')) return;
  if (['net', 'train_net', 'base_lr', 'solver_mode', 'net_param'].some((name) => names.has(name)))
    throw fail(0, 'this is a solver, which says how a net learns: give the file that its net: names');
  if (names.has('item')) throw fail(0, 'this is a map of labels: give the file with the layers');
  throw fail(0, 'the file has no layers: a net of Caffe has layer { } or layers { }');
}

function demandKnown({ steps }: Wired, title: (call: CaffeCall) => string): void {
  const unknown = steps.map(({ call }) => call).filter((call) => rowOf(call) === undefined);
  try {
    demandNone(unknown, 'layer');
  } catch (error) {
    throw locate(error, title(unknown[0]!).replace(/: layer .*$/s, ''));
  }
}

const rowOf = ({ op }: CaffeCall): OpRow<CaffeCall> | undefined => lookup(ROWS, op);

/**
 * The batch of the file is one of a machine: what is counted is the batch that is asked for, 1 by
 * default.
 */
function sized(prepared: Prepared, fileName: string, fail: Fail): Model {
  const { image, name, allowUnknown } = prepared;
  const sides = image.sides ?? [undefined, undefined, undefined, undefined];
  const open = [undefined, ...sides.slice(1)];
  const build = (shape: Shape): Graph => {
    if (shape.some((side) => side === 0))
      throw fail(image.at, `the file does not say how large ${shown(image.blob)} is: give --input CxHxW`);
    return graphAt(prepared, shape);
  };
  const model = modelOfFile({ name, source: 'caffe', sides: open, partial: allowUnknown, build }, fileName);
  // Sides of 0 ask for --input, since the file states no size to count at.
  return image.sides ? model : { ...model, input: [0, 0, 0] };
}

function graphAt({ image, given, steps, inputs, outputs, name, title, allowUnknown }: Prepared, shape: Shape): Graph {
  const all = steps.flatMap(({ call, parts = [call] }) => parts);
  const read = new Set(all.filter((call) => !looksOnly(call)).flatMap((call) => call.inputs));
  const shapeOf = ({ sides = [] }: NetInput): Shape =>
    sides.map((side, i): Dim => (i === 0 && (side === undefined || side === image.sides?.[0]) ? shape[0]! : side!));
  const shaped = given.map((input) => ({
    ...{ key: inputs.get(input.blob)!, name: input.blob },
    shape: input === image ? shape : shapeOf(input),
  }));
  const isOurs = ({ key, name: blob }: (typeof shaped)[number]): boolean => blob === image.blob || read.has(key);
  const constants = new Map(
    shaped.filter((input) => !isOurs(input)).map(({ key, shape: sides }) => [key, constant('float', sides)] as const),
  );
  const naming = new PathNaming(all, {
    pathOf: () => undefined,
    hasWeights: () => false,
    placeOf: (call) => ({ stage: '', block: blockOf(call.name) }),
  });
  const file = { name, steps, inputs: shaped.filter(isOurs), constants, outputs };
  const format: Format<CaffeCall> = { rowOf, title };
  return stagedByResolution(convert(file, format, naming, { allowUnknown }).graph);
}
