// Reads a Darknet .cfg: its sections in order, built anew for each size of the image.

import { InputError, locate } from '../../inputError.js';
import { lookup } from '../../lookup.js';
import type { Graph } from '../../graph.js';
import type { Model } from '../../model.js';
import type { Shape } from '../../shape.js';
import type { OpRow } from '../kit/call.js';
import { convert, type Format } from '../kit/convert.js';
import { baseName } from '../fileName.js';
import { modelOfFile } from '../kit/fileModel.js';
import { PathNaming } from '../kit/naming.js';
import { demandNone } from '../kit/omissions.js';
import { stagedByResolution } from '../kit/resolution.js';
import { callsOf, INPUT, isNet, titleOf, type DarknetCall } from './calls.js';
import type { Section } from './section.js';
import { sectionsIn } from './sections.js';
import { ENDS, ROWS } from './table.js';

export interface ReadOptions {
  /** Leave out what is not known, and what cannot be sized for it. */
  readonly allowUnknown?: boolean;
}

/**
 * @param fileName starts every message, with the line behind it; its base name is the model's
 * @throws InputError of one sentence, here and from the model's `build`
 */
export function readDarknet(text: string, fileName: string, { allowUnknown = false }: ReadOptions = {}): Model {
  const [net, ...layers] = sectionsIn(text, fileName);
  if (!net) throw new InputError(`${fileName}: it has no sections: a Darknet .cfg begins with [net]`);
  if (!isNet(net))
    throw new InputError(`${net.place}: the first section is [${net.type}]: a Darknet .cfg begins with [net]`);
  if (layers.length === 0) throw new InputError(`${net.place}: there are no layers behind [${net.type}]`);
  const [channels, height, width] = imageOf(net);
  const calls = callsOf(layers);
  if (!allowUnknown) {
    const unknown = calls.filter((call) => rowOf(call) === undefined);
    try {
      demandNone(unknown, 'section');
    } catch (error) {
      throw locate(error, unknown[0]!.section.place);
    }
  }
  const name = baseName(fileName);
  const build = (shape: Shape): Graph => graphAt(calls, name, shape, allowUnknown);
  const sides = [undefined, channels, height, width];
  return modelOfFile({ name, source: 'darknet', sides, partial: allowUnknown, build }, fileName);
}

/** [channels, height, width]. `inputs` stands for them in a network of vectors. */
function imageOf(net: Section): readonly [number, number, number] {
  try {
    const [channels, height, width] = (['channels', 'height', 'width'] as const).map((key) => net.integer(key, 0, 0));
    if (channels && height && width) return [channels, height, width];
    const inputs = net.integer('inputs', 0, 0);
    if (inputs > 0) return [inputs, 1, 1];
    throw new InputError('height, width and channels must be stated, each from 1 up');
  } catch (error) {
    throw locate(error, `${net.place}: [${net.type}]`);
  }
}

const rowOf = ({ op }: DarknetCall): OpRow<DarknetCall> | undefined => lookup(ROWS, op);

const FORMAT: Format<DarknetCall> = {
  rowOf,
  title: ({ section, name }) => titleOf(section, name),
};

function graphAt(calls: readonly DarknetCall[], name: string, shape: Shape, allowUnknown: boolean): Graph {
  const naming = new PathNaming(calls, { pathOf: () => undefined, hasWeights: () => false });
  const read = new Set(calls.filter(({ op }) => !ENDS.has(op)).flatMap(({ inputs }) => inputs));
  const outputs = calls.flatMap(({ op, outputs: [key] }) => (ENDS.has(op) || !read.has(key) ? [key!] : []));
  const steps = calls.map((call) => ({ call }));
  const inputs = [{ key: INPUT, name: INPUT, shape }];
  const { graph } = convert({ name, steps, inputs, constants: new Map(), outputs }, FORMAT, naming, { allowUnknown });
  return stagedByResolution(graph);
}
