// Which op is an activation of Keras? By its name, or by the layer that it is written out as.

import type { Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import type { OpName } from '../../ops/table.js';
import { shown } from '../../document/problem.js';
import { isData, Settings } from '../tfjs/settings.js';
import type { LayerCall } from './layerCall.js';

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
};

export const isActivation = (name: string): boolean =>
  name === 'linear' || name === 'softmax' || name === 'selu' || Object.hasOwn(BY_NAME, name);

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
  if (name !== undefined) return named(call, name, x, part);
  const layer = isData(given) ? given['class_name'] : undefined;
  const config = isData(given) ? given['config'] : undefined;
  if (layer === 'ReLU' && isData(config)) return rectified(call, x, new Settings(config), part || 'relu');
  if (layer === 'LeakyReLU' && isData(config)) return leaky(call, x, new Settings(config), part || 'leaky_relu');
  throw new InputError(`does not know its activation ${shown(given)}`);
}

export function named(call: LayerCall, name: string, x: Value, part = ''): Value {
  if (name === 'linear') return x;
  if (name === 'softmax') return softmax(call, x, -1, part || name);
  if (name === 'selu') return call.apply('elu', part || name, x, { selu: true });
  const op = Object.hasOwn(BY_NAME, name) ? BY_NAME[name] : undefined;
  if (op === undefined) throw new InputError(`does not know the activation ${shown(name)}`);
  return call.apply(op, part || name, x);
}

export function softmax(call: LayerCall, x: Value, axis: number, part: string): Value {
  return call.apply('softmax', part, x, { axis: call.place(axis, x.shape.length) });
}

/** max(x, 0), with a ceiling or a slope below. */
export function rectified(call: LayerCall, x: Value, settings: Settings, part: string): Value {
  const slope = settings.real('negative_slope', 0);
  const threshold = settings.real('threshold', 0);
  const most = settings.raw('max_value') === undefined ? Infinity : settings.real('max_value', 0);
  if (threshold !== 0 || (slope !== 0 && most !== Infinity))
    throw new InputError('has a threshold, or a slope and a ceiling: that has no op');
  if (slope !== 0) return call.apply('leakyRelu', part, x, { slope });
  if (most === 6) return call.apply('relu6', part, x);
  return most === Infinity ? call.apply('relu', part, x) : call.apply('clip', part, x, { least: 0, most });
}

/** `alpha` until Keras 2, `negative_slope` since. */
export const leaky = (call: LayerCall, x: Value, settings: Settings, part: string): Value =>
  call.apply('leakyRelu', part, x, { slope: settings.real('negative_slope', settings.real('alpha', 0.3)) });
