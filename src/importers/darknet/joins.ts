// Darknet's layers that read several others: routes, shortcuts, gates, YOLOR's implicit tensors.

import { equal, floorDiv, isNumber, type Dim } from '../../dim/dim.js';
import type { Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import { showShape } from '../../shape.js';
import { Uncounted } from '../kit/uncounted.js';
import { activated } from './activations.js';
import type { Call } from './calls.js';
import { imageIn } from './convolutions.js';

/** Joins channels. With groups, one group of the channels of each input. */
export function route(call: Call): Value {
  const { section } = call.file;
  const [groups, group] = [section.integer('groups', 1, 1), section.integer('group_id', 0, 0)];
  if (group >= groups) throw new InputError(`group_id is ${group}, and the groups are 0 to ${groups - 1}`, 'group_id');
  const parts = call.inputs.map((_, i) => {
    const x = call.inputs.length === 1 ? call.data(i) : imageIn(call, i);
    if (groups === 1) return x;
    const size = partOf(x.shape[1]!, groups);
    const sizes = Array.from({ length: groups }, () => size);
    return call.apply('split', x, { sizes, part: group }, {}, call.inputs.length === 1 ? '' : `part${i}`);
  });
  return parts.length === 1 ? parts[0]! : call.apply('concat', parts);
}

/** Darknet cuts off the rest. */
function partOf(channels: Dim, groups: number): Dim {
  const part = floorDiv(channels, groups);
  if (isNumber(channels) && channels % groups !== 0)
    throw new InputError(`${groups} groups do not divide ${channels} channels`, 'groups');
  return part;
}

/** The sum of the layer before and others, in the shape of the layer before. */
export function shortcut(call: Call): Value {
  const { section } = call.file;
  const weights = section.text('weights_type', 'none');
  const learnt = weights === 'per_feature' || weights === 'per_layer' || weights === 'per_channel';
  if (!learnt && weights !== 'none') section.refuse('weights_type', 'one of none, per_feature, per_channel');
  const [first, ...others] = call.inputs.map((_, i) => imageIn(call, i));
  const x = first!;
  const weighed = (value: Value, i: number): Value => {
    const fixed = section.real(i === 0 ? 'alpha' : 'beta', 1);
    if (learnt) {
      const shape = weights === 'per_channel' ? [value.shape[1]!, 1, 1] : [1];
      return call.apply('scaleBy', value, { shape }, {}, `weight${i}`);
    }
    return fixed === 1 ? value : call.apply('scaleBy', value, { shape: [1], learnt: false }, {}, `factor${i}`);
  };
  let sum = weighed(x, 0);
  others.forEach((other, i) => {
    const part = i === others.length - 1 ? '' : `sum${i}`;
    sum = call.apply('add', [sum, weighed(fitted(call, other, x, i), i + 1)], {}, {}, part);
  });
  return activated(call, sum, 'linear');
}

/**
 * What of another layer is added: every so many rows and columns of it, from the first on, and the
 * channels that both have. What it lacks is not added to.
 */
function fitted(call: Call, other: Value, x: Value, i: number): Value {
  const [from, to] = [other.shape, x.shape];
  if (to.every((side, at) => equal(side, from[at]!))) return other;
  if (![...from.slice(1), ...to.slice(1)].every(isNumber))
    throw new InputError(`it adds ${showShape(from)} to ${showShape(to)}: sizes that differ must be numbers`);
  const step = stepOf(from as readonly number[], to as readonly number[]);
  const size = to.map((side, at) => (at === 0 ? side : Math.min(from[at] as number, side as number)));
  const steps = [1, 1, step, step];
  const cut = size.every((side, at) => equal(side, from[at]!))
    ? other
    : call.apply('slice', other, { begin: [0, 0, 0, 0], size, step: steps }, {}, `part${i}`);
  const missing = [1, 2, 3].map((at) => (to[at] as number) - (size[at] as number));
  if (missing.every((side) => side === 0)) return cut;
  const [channels = 0, rows = 0, columns = 0] = missing;
  return call.apply('pad', cut, { channels: [0, channels], padding: [0, 0, rows, columns] }, {}, `pad${i}`);
}

/** Darknet divides whole numbers: 13 rows for 7 are every row, and the first 7 are added. */
function stepOf(from: readonly number[], to: readonly number[]): number {
  const [rows, columns] = [Math.floor(from[2]! / to[2]!), Math.floor(from[3]! / to[3]!)];
  const spread = Math.max(Math.floor(to[2]! / from[2]!), Math.floor(to[3]! / from[3]!));
  if (spread > 1)
    throw new Uncounted(`it broadcasts ${showShape(from)} to ${showShape(to)}, for which flopscope has no op`);
  if (rows !== columns)
    throw new InputError(`it adds ${showShape(from)} to ${showShape(to)}: rows and columns differ by other factors`);
  return Math.max(1, rows);
}

/**
 * The layer before is one factor for each channel of the other, or for each place with `scale_wh`.
 */
export function scaleChannels(call: Call): Value {
  const [gate, x] = [imageIn(call, 0), imageIn(call, 1)];
  const wanted = call.file.section.flag('scale_wh')
    ? [x.shape[0]!, 1, x.shape[2]!, x.shape[3]!]
    : [x.shape[0]!, x.shape[1]!, 1, 1];
  if (!wanted.every((side, i) => equal(side, gate.shape[i]!)))
    throw new InputError(`it scales ${showShape(x.shape)} by ${showShape(gate.shape)}: it needs ${showShape(wanted)}`);
  return activated(call, call.apply('multiply', [x, gate]), 'linear');
}

/** Spatial attention: a factor for every element. */
export function sam(call: Call): Value {
  const [gate, x] = [imageIn(call, 0), imageIn(call, 1)];
  if (!x.shape.every((side, i) => equal(side, gate.shape[i]!)))
    throw new InputError(`it multiplies ${showShape(x.shape)} with ${showShape(gate.shape)}: they must be equal`);
  return activated(call, call.apply('multiply', [x, gate]), 'linear');
}

/** A learnt tensor that reads no image. */
export function implicit(call: Call): Value {
  const { section } = call.file;
  const [channels, atoms] = [section.integer('filters', 128, 1), section.integer('atoms', 1, 1)];
  return call.apply('parameter', [], { shape: [1, channels, atoms, 1] });
}

/** YOLOR adds an implicit tensor to a map, or multiplies it with one. */
export const withImplicit =
  (op: 'add' | 'multiply') =>
  (call: Call): Value =>
    call.apply(op, [imageIn(call, 0), imageIn(call, 1)]);
