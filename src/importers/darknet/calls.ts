// Makes calls of the layers of a Darknet .cfg: what each reads, and how darknet prints it.

import { InputError, locate } from '../../inputError.js';
import { lookup } from '../../lookup.js';
import type { Call as KitCall, FileCall } from '../kit/call.js';
import type { Section } from './section.js';

export interface DarknetCall extends FileCall {
  readonly section: Section;
}

/** The same with its operands, as a row gets it. */
export type Call = KitCall<DarknetCall>;

/** The network's image, as layers name it. */
export const INPUT = 'input';

/** Short names of sections, as darknet's parser takes them too. */
const ALIASES: Readonly<Record<string, string>> = {
  conv: 'convolutional',
  deconv: 'deconvolutional',
  conn: 'connected',
  max: 'maxpool',
  avg: 'avgpool',
  local_avg: 'local_avgpool',
  soft: 'softmax',
  normalization: 'lrn',
  silence: 'empty',
  implicit_weights: 'implicit',
};

/** What darknet prints for a layer. Others are called as their section. */
const PRINTED: Readonly<Record<string, string>> = {
  convolutional: 'conv',
  deconvolutional: 'deconv',
  maxpool: 'max',
  avgpool: 'avg',
  local_avgpool: 'local_avg',
};

const canonical = (type: string): string => lookup(ALIASES, type) ?? type;

/** The first section speaks of the whole network. */
export const isNet = ({ type }: Section): boolean => type === 'net' || type === 'network';

/** The layers that a section names beside the one before it, by the key that names them. */
const READS: Readonly<Record<string, string>> = {
  route: 'layers',
  shortcut: 'from',
  scale_channels: 'from',
  sam: 'from',
  shift_channels: 'from',
  control_channels: 'from',
};

export const keyOf = (index: number): string => (index < 0 ? INPUT : `layer ${index}`);

/**
 * @param layers the sections behind [net]
 * @throws InputError at the line of a number that is no earlier layer
 */
export function callsOf(layers: readonly Section[]): readonly DarknetCall[] {
  return layers.map((section, index) => {
    const op = canonical(section.type);
    const name = `${index}_${lookup(PRINTED, op) ?? op}`;
    const option = lookup(READS, op);
    const named = option === undefined ? [] : layersRead(section, option, index, name);
    // A route reads the layers that it names and no other.
    const inputs = op === 'implicit' ? [] : op === 'route' ? named : [index - 1, ...named];
    return { op, name, section, inputs: inputs.map(keyOf), outputs: [keyOf(index)] };
  });
}

/** Negative numbers count back from this layer. */
function layersRead(section: Section, key: string, index: number, name: string): readonly number[] {
  try {
    return section.integers(key).map((number) => {
      const layer = number < 0 ? index + number : number;
      if (layer >= 0 && layer < index) return layer;
      const before = index === 0 ? 'there is none before this one' : `those before this one are 0 to ${index - 1}`;
      throw new InputError(`${key} names layer ${number}, and ${before}${section.lineOf(key)}`);
    });
  } catch (error) {
    throw locate(error, titleOf(section, name));
  }
}

export const titleOf = (section: Section, name: string): string => `${section.place}: [${section.type}] ${name}`;

/** The earlier layer whose weights a convolution uses; undefined where it has its own. */
export function sharedLayer({ section, name }: DarknetCall): number | undefined {
  if (!section.has('share_index')) return undefined;
  const [index, shared] = [Number.parseInt(name, 10), section.integer('share_index', 0)];
  const layer = shared < 0 ? index + shared : shared;
  if (layer >= 0 && layer < index) return layer;
  throw new InputError(
    `share_index names layer ${shared}, which is not before this one${section.lineOf('share_index')}`,
  );
}
