// Darknet's recurrent sections: one step of each, as rnn_layer.c, gru_layer.c and others run it.

import { equal } from '../../dim/dim.js';
import type { Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import type { OpName } from '../../ops/table.js';
import { showShape } from '../../shape.js';
import { Uncounted } from '../kit/uncounted.js';
import { activate, activationOf } from './activations.js';
import type { Call } from './calls.js';
import { demandSized, flatIn, imageIn, isNormed, paddingOf } from './convolutions.js';

/** A layer inside of a section: what it reads, how many channels it makes, and its name. */
type Inner = (x: Value, channels: number, part: string, activation: string) => Value;

/** A norm where the section asks for one, then the activation, behind an inner layer. */
function behind(call: Call, made: Value, part: string, activation: string): Value {
  const normed = isNormed(call) ? call.apply('batchNorm', made, {}, {}, `${part}.norm`) : made;
  return activate(call, activation, normed, `${part}.${activation}`);
}

/** Each is fully connected: with biases, or with a norm. */
const connected =
  (call: Call): Inner =>
  (x, features, part, activation) =>
    behind(call, call.apply('linear', x, { features, bias: !isNormed(call) }, {}, part), part, activation);

/** All convolutions of a section have its kernel, stride and padding. */
function convolved(call: Call): Inner {
  const { section } = call.file;
  const kernel = section.integer('size', 3, 1);
  const dilation = kernel === 1 ? 1 : section.integer('dilation', 1, 1);
  const given = {
    kernel,
    stride: section.integer('stride', 1, 1),
    padding: paddingOf(call.file, kernel) * dilation,
    dilation,
    groups: section.flag('xnor') ? 1 : Math.max(1, section.integer('groups', 1)),
    bias: !isNormed(call),
  };
  return (x, channels, part, activation) =>
    behind(call, call.apply('conv', x, { ...given, channels }, {}, part), part, activation);
}

function vectorIn(call: Call): Value {
  const x = flatIn(call);
  demandSized(x);
  return x;
}

/** The state of the step before has the sides of the layer of the input, which stands for it. */
function demandAlike(state: Value, again: Value): void {
  if (state.shape.every((side, i) => equal(side, again.shape[i]!))) return;
  throw new InputError(
    `makes a state of ${showShape(again.shape)} from one of ${showShape(state.shape)}: they must be equal, so that size=3 needs pad=1 and stride=1`,
  );
}

/** One layer of the input, one of the state, and one of their sum. */
function simple(call: Call, x: Value, inner: Inner, ofState: string): Value {
  const { section } = call.file;
  const [hidden, output] = [section.integer('hidden', 1, 1), section.integer('output', 1, 1)];
  const activation = activationOf(call, 'activation', 'logistic');
  const made = inner(x, hidden, 'input', activation);
  const again = inner(made, hidden, 'self', ofState);
  demandAlike(made, again);
  let state = call.apply('add', [made, again], {}, {}, 'state');
  if (section.flag('shortcut')) state = call.apply('add', [made, state], {}, {}, 'shortcut');
  return inner(state, output, 'output', activation);
}

export function rnn(call: Call): Value {
  const logistic = call.file.section.integer('logistic', 0);
  const own = activationOf(call, 'activation', 'logistic');
  const ofState = logistic === 2 ? 'loggy' : logistic === 1 ? 'logistic' : own;
  return simple(call, vectorIn(call), connected(call), ofState);
}

export const crnn = (call: Call): Value =>
  simple(call, imageIn(call), convolved(call), activationOf(call, 'activation', 'logistic'));

const unary = (call: Call, op: OpName, x: Value, part: string): Value => call.apply(op, x, {}, {}, part);

const pair = (call: Call, op: 'add' | 'multiply' | 'subtract', a: Value, b: Value, part: string): Value =>
  call.apply(op, [a, b], {}, {}, part);

/** Six fully connected layers. The candidate sees the state that the reset gate lets through. */
export function gru(call: Call): Value {
  const features = call.file.section.integer('output', 1, 1);
  const x = vectorIn(call);
  const inner = connected(call);
  const [z, r, h] = ['z', 'r', 'h'].map((gate) => inner(x, features, `input_${gate}`, 'linear')) as [
    Value,
    Value,
    Value,
  ];
  const state = h;
  const gateOf = (gate: string, made: Value): Value => {
    const sum = pair(call, 'add', made, inner(state, features, `state_${gate}`, 'linear'), `${gate}.sum`);
    return unary(call, 'sigmoid', sum, gate);
  };
  const [update, reset] = [gateOf('z', z), gateOf('r', r)];
  const seen = inner(pair(call, 'multiply', reset, state, 'forgot'), features, 'state_h', 'linear');
  const candidate = unary(call, 'sigmoid', pair(call, 'add', h, seen, 'h.sum'), 'h');
  // state x z + candidate x (1 - z) = candidate + z x (state - candidate)
  const change = pair(call, 'subtract', state, candidate, 'change');
  return pair(call, 'add', candidate, pair(call, 'multiply', update, change, 'kept'), '');
}

interface Gated {
  readonly features: number;
  readonly activation: string;
  readonly candidate: string;
  readonly peephole: boolean;
}

/** Four layers of the input, u, four of the state, w, and with peepholes three of the cell, v. */
function gated(call: Call, x: Value, inner: Inner, { features, activation, candidate, peephole }: Gated): Value {
  const [uf, ui, ug, uo] = ['uf', 'ui', 'ug', 'uo'].map((part) => inner(x, features, part, activation)) as [
    Value,
    Value,
    Value,
    Value,
  ];
  const [state, cell] = [ug, uf];
  const sumOf = (gate: string, made: Value, seen?: Value): Value => {
    const again = inner(state, features, `w${gate}`, activation);
    demandAlike(made, again);
    const sum = pair(call, 'add', made, again, `${gate}.sum`);
    return peephole && seen
      ? pair(call, 'add', sum, inner(seen, features, `v${gate}`, activation), `${gate}.seen`)
      : sum;
  };
  const f = unary(call, 'sigmoid', sumOf('f', uf, cell), 'f');
  const i = unary(call, 'sigmoid', sumOf('i', ui, cell), 'i');
  const g = activate(call, candidate, sumOf('g', ug), 'g');
  const next = pair(call, 'add', pair(call, 'multiply', f, cell, 'kept'), pair(call, 'multiply', i, g, 'new'), 'cell');
  const o = unary(call, 'sigmoid', sumOf('o', uo, next), 'o');
  return pair(call, 'multiply', o, activate(call, candidate, next, 'cell.act'), '');
}

export function lstm(call: Call): Value {
  const features = call.file.section.integer('output', 1, 1);
  const given = { features, activation: 'linear', candidate: 'tanh', peephole: false };
  return gated(call, vectorIn(call), connected(call), given);
}

export function convLstm(call: Call): Value {
  const { section } = call.file;
  if (section.flag('bottleneck'))
    throw new Uncounted('its bottleneck runs other layers on a GPU than on a CPU, so it has no single count');
  return gated(call, imageIn(call), convolved(call), {
    features: section.integer('output', 1, 1),
    activation: activationOf(call, 'activation', 'linear'),
    candidate: activationOf(call, 'lstm_activation', 'tanh'),
    peephole: section.flag('peephole'),
  });
}

/** The channels of the last images. Those of earlier ones have the sides of this one. */
export function history(call: Call): Value {
  const x = imageIn(call);
  const count = call.file.section.integer('history_size', 4, 1);
  return count === 1
    ? x
    : call.apply(
        'concat',
        Array.from({ length: count }, () => x),
      );
}
