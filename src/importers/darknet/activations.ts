// Darknet's activations by their names in activations.h, AlexeyAB's fork included.

import type { Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import { shown } from '../../document/problem.js';
import type { OpName } from '../../ops/table.js';
import { Uncounted } from '../kit/uncounted.js';
import type { Call } from './calls.js';

type Activation = (call: Call, x: Value, part: string) => Value;

const unary =
  (op: OpName): Activation =>
  (call, x, part) =>
    call.apply(op, x, {}, {}, part);

const leaky =
  (slope: number): Activation =>
  (call, x, part) =>
    call.apply('leakyRelu', x, { slope }, {}, part);

const ACTIVATIONS: Readonly<Record<string, Activation>> = {
  linear: (_, x) => x,
  logistic: unary('sigmoid'),
  relu: unary('relu'),
  relu6: unary('relu6'),
  leaky: leaky(0.1),
  relie: leaky(0.01),
  elu: unary('elu'),
  selu: (call, x, part) => call.apply('elu', x, { selu: true }, {}, part),
  tanh: unary('tanh'),
  gelu: unary('gelu'),
  swish: unary('silu'),
  mish: unary('mish'),
  hardtan: (call, x, part) => call.apply('clip', x, { least: -1, most: 1 }, {}, part),
  /** x where positive and a tenth of x more: 1.1 times a leaky ReLU with slope 1/11. */
  ramp: (call, x, part) => factor(call, leaky(1 / 11)(call, x, `${part}_leaky`), part),
  /** 2 / (1 + exp(-x)) - 1 */
  loggy(call, x, part) {
    const doubled = factor(call, unary('sigmoid')(call, x, `${part}_sigmoid`), `${part}_double`);
    return call.apply('shiftBy', doubled, { shape: [1], learnt: false }, {}, part);
  },
  normalize_channels_softmax: (call, x, part) => call.apply('softmax', x, { axis: 1 }, {}, part),
  normalize_channels_softmax_maxval: (call, x, part) => call.apply('softmax', x, { axis: 1 }, {}, part),
  /** The positive part over its sum along the channels. */
  normalize_channels(call, x, part) {
    const positive = call.apply('relu', x, {}, {}, `${part}_relu`);
    const sum = call.apply('reduce', positive, { axes: [1], mode: 'sum' }, {}, `${part}_sum`);
    return call.apply('divide', [positive, sum], {}, {}, part);
  },
};

const factor = (call: Call, x: Value, part: string): Value =>
  call.apply('scaleBy', x, { shape: [1], learnt: false }, {}, part);

/** Known to Darknet, with no op here that computes them. */
const WITHOUT_OP: ReadonlySet<string> = new Set(['plse', 'lhtan', 'stair', 'hard_mish', 'revleaky']);

/**
 * What the section's `activation` adds behind x.
 * @throws InputError for a name that Darknet does not know, for which it would take ReLU
 */
export function activated(call: Call, x: Value, fallback: 'logistic' | 'linear', alone = false): Value {
  const name = activationOf(call, 'activation', fallback);
  return activate(call, name, x, alone ? '' : name);
}

/** The name that an option of the section gives. */
export const activationOf = ({ file: { section } }: Call, option: string, fallback: string): string =>
  section.text(option, fallback).replace(/[#;].*$/, '');

/** @param part of the nodes that it adds */
export function activate(call: Call, name: string, x: Value, part: string): Value {
  if (Object.hasOwn(ACTIVATIONS, name)) return ACTIVATIONS[name]!(call, x, part);
  if (WITHOUT_OP.has(name)) throw new Uncounted(`flopscope has no op for its activation ${name}`);
  const known = Object.keys(ACTIVATIONS).join(', ');
  throw new InputError(`there is no activation ${shown(name)}, but ${known}`, 'activation');
}
