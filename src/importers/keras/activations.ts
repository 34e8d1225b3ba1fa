// Activations of Keras, by their names or by the layers that they are written out as.

import { div, isNumber } from '../../dim/dim.js';
import type { Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import { lookup } from '../../lookup.js';
import type { OpName } from '../../ops/table.js';
import { shown } from '../../document/problem.js';
import { isData, Settings } from '../tfjs/settings.js';
import type { LayerCall, KerasRow } from './layerCall.js';

/** Activations without settings; `linear` is none. */
const BY_NAME: Readonly<Record<string, OpName>> = {
  relu: 'relu',
  relu6: 'relu6',
  sigmoid: 'sigmoid',
  hard_sigmoid: 'hardSigmoid',
  hard_swish: 'hardSwish',
  hard_silu: 'hardSwish',
  silu: 'silu',
  swish: 'silu',
  gelu: 'gelu',
  tanh: 'tanh',
  elu: 'elu',
  softplus: 'softplus',
  mish: 'mish',
  exponential: 'exponential',
  leaky_relu: 'leakyRelu',
  softsign: 'softsign',
  log_sigmoid: 'logSigmoid',
  celu: 'celu',
  threshold: 'thresholdedRelu',
  hard_tanh: 'clip',
};

/** Activations that shrink towards 0, by the mode of our op. */
const SHRINKS: Readonly<Record<string, 'hard' | 'soft' | 'tanh'>> = {
  hard_shrink: 'hard',
  soft_shrink: 'soft',
  tanh_shrink: 'tanh',
};
/** Written out as sums and powers; one operation for each element all the same. */
const POWERS: ReadonlySet<string> = new Set(['squareplus', 'sparse_plus', 'sparse_sigmoid']);

export const isActivation = (name: string): boolean =>
  ['linear', 'softmax', 'log_softmax', 'sparsemax', 'selu', 'glu'].includes(name) ||
  POWERS.has(name) ||
  Object.hasOwn(SHRINKS, name) ||
  Object.hasOwn(BY_NAME, name);

/** The name of an activation, however it is written. */
export function activationName(value: unknown): string | undefined {
  if (value === undefined) return 'linear';
  if (typeof value === 'string') return value;
  // Keras 3 writes a function as { class_name: 'function', config: its name }.
  return isData(value) && typeof value['config'] === 'string' ? value['config'] : undefined;
}

/** What a layer's `activation` adds behind it. @throws InputError for one that is not known */
export function activated(call: LayerCall, x: Value, part = ''): Value {
  const given = call.settings.raw('activation');
  const name = activationName(given);
  if (name !== undefined) return named(call, name, x, part || name);
  const layer = isData(given) ? given['class_name'] : undefined;
  const config = isData(given) ? given['config'] : undefined;
  if (layer === 'ReLU' && isData(config)) return call.like(x, rectified(call, x, new Settings(config), part || 'relu'));
  if (layer === 'LeakyReLU' && isData(config))
    return call.like(x, leaky(call, x, new Settings(config), part || 'leaky_relu'));
  throw new InputError(`flopscope does not know its activation ${shown(given)}`);
}

export function named(call: LayerCall, name: string, x: Value, part = ''): Value {
  if (name === 'linear') return x;
  return call.like(x, ofName(call, name, x, part));
}

function ofName(call: LayerCall, name: string, x: Value, part: string): Value {
  if (name === 'softmax' || name === 'sparsemax') return softmax(call, x, -1, part);
  if (name === 'log_softmax')
    return call.apply('logSoftmax', part, x, { axis: call.isSequence(x) ? 1 : call.place(-1, x.shape.length) });
  if (name === 'selu') return call.apply('elu', part, x, { selu: true });
  if (name === 'glu') return gated(call, x, -1, part);
  if (POWERS.has(name)) return call.apply('power', part, x);
  const mode = lookup(SHRINKS, name);
  if (mode) return call.apply('shrink', part, x, { mode });
  const op = lookup(BY_NAME, name);
  if (op === undefined) throw new InputError(`flopscope does not know the activation ${shown(name)}`);
  return call.apply(op, part, x);
}

/** One half times the sigmoid of the other. */
export function gated(call: LayerCall, x: Value, axis: number, part: string): Value {
  const side = call.place(axis, x.shape.length);
  const half = div(x.shape[side]!, 2);
  if (!isNumber(half)) throw new InputError('it splits a side of unknown length into halves');
  const sliced = (first: number, name: string): Value =>
    call.apply('slice', `${part}.${name}`, x, {
      begin: x.shape.map((_, i) => (i === side ? first : 0)),
      size: x.shape.map((all, i) => (i === side ? half : all)),
      step: x.shape.map(() => 1),
    });
  const gate = call.apply('sigmoid', `${part}.sigmoid`, sliced(half, 'second'));
  return call.apply('multiply', part, [sliced(0, 'first'), gate]);
}

export function softmax(call: LayerCall, x: Value, axis: number, part: string): Value {
  // The last side of [N, L, C] is the second of [N, C, L].
  const side = call.isSequence(x) ? 1 : call.place(axis, x.shape.length);
  return call.apply('softmax', part, x, { axis: side });
}

/** An activation as a layer of its own, along lists as they stand. */
export const layerActivation =
  (activate: (call: LayerCall, x: Value) => Value): KerasRow =>
  (call) => {
    const [raw, ...more] = call.rawInputs;
    if (!raw || more.length > 0) throw new InputError(`it takes one input, and has ${call.rawInputs.length}`);
    return call.like(raw, activate(call, raw));
  };

/** max(x, 0), with a ceiling or a slope below. */
export function rectified(call: LayerCall, x: Value, settings: Settings, part: string): Value {
  const slope = settings.real('negative_slope', 0);
  const threshold = settings.real('threshold', 0);
  const most = settings.raw('max_value') === undefined ? Infinity : settings.real('max_value', 0);
  if (threshold !== 0 || (slope !== 0 && most !== Infinity))
    throw new InputError('it has a threshold, or a slope and a max_value, for which flopscope has no op');
  if (slope !== 0) return call.apply('leakyRelu', part, x, { slope });
  if (most === 6) return call.apply('relu6', part, x);
  return most === Infinity ? call.apply('relu', part, x) : call.apply('clip', part, x, { least: 0, most });
}

/** `alpha` until Keras 2, `negative_slope` since. */
export const leaky = (call: LayerCall, x: Value, settings: Settings, part: string): Value =>
  call.apply('leakyRelu', part, x, { slope: settings.real('negative_slope', settings.real('alpha', 0.3)) });
