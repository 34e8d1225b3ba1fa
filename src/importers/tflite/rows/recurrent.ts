// Rows of TFLite's recurrent layers. The matrices of an LSTM's gates are one layer.

import type { Dim } from '../../../dim/dim.js';
import type { Value } from '../../../graph.js';
import { InputError } from '../../../inputError.js';
import { showShape } from '../../../shape.js';
import { constant, storedIn, type Constant } from '../../kit/operand.js';
import { Uncounted } from '../../kit/uncounted.js';
import { optionsOf } from '../network.js';
import { data, type Call } from '../sides.js';
import { activated } from './fused.js';

/** Joins tensors of the file that are one parameter of our node. */
function merged(call: Call, inputs: readonly number[]): Constant | undefined {
  const stored = storedIn(inputs.map((i) => call.optional(i, 'weights')));
  return stored.length === 0 ? undefined : constant('float', [], undefined, stored);
}

function matrix(call: Call, i: number): readonly [number, number] {
  const { shape } = call.weight(i, 'weights');
  const [rows, columns] = shape;
  if (shape.length === 2 && typeof rows === 'number' && typeof columns === 'number') return [rows, columns];
  throw new InputError(`its weights ${showShape(shape)} are not a matrix`);
}

/** [N, features] as one step, [N, 1, features]. */
function stepped(call: Call, x: Value, part: string): Value {
  const [n, features] = x.shape;
  if (x.shape.length === 3) return x;
  if (x.shape.length !== 2) throw new InputError(`it takes steps of features, and its input is ${showShape(x.shape)}`);
  return call.apply('reshape', x, { shape: [1, features ?? n!] }, {}, part);
}

interface Gates {
  /** The first of four inputs for each kind, one for each gate. */
  readonly input: number;
  readonly hidden: number;
  readonly peephole: number;
  readonly bias: number;
  readonly projection: number;
}

const FORWARD: Gates = { input: 1, hidden: 5, peephole: 9, bias: 12, projection: 16 };
const BACKWARD: Gates = { input: 18, hidden: 22, peephole: 26, bias: 29, projection: 33 };
/** Scales of the layer norm before each gate. */
const NORMS = [20, 21, 22, 23];

const from = (first: number, count: number): readonly number[] => Array.from({ length: count }, (_, i) => first + i);

interface Running {
  readonly timeAxis: number;
  readonly output: 'sequence' | 'last';
  readonly part: string;
}

function lstm(call: Call, x: Value, gates: Gates, { timeAxis, output, part }: Running): Value {
  if (!call.has(gates.input))
    throw new Uncounted('its input gate is 1 less its forget gate, which no layer of flopscope has');
  const [hidden] = matrix(call, gates.input + 1);
  const projected = call.has(gates.projection) ? matrix(call, gates.projection)[0] : 0;
  const peepholes = call.has(gates.peephole + 1);
  const norms = gates === FORWARD && call.op !== 'BIDIRECTIONAL_SEQUENCE_LSTM' ? NORMS : [];
  const given = { kind: 'lstm', hidden, biases: 1, timeAxis, output, projection: projected, peepholes } as const;
  return call.apply(
    'rnn',
    x,
    given,
    {
      inputWeight: merged(call, from(gates.input, 4)),
      hiddenWeight: merged(call, from(gates.hidden, 4)),
      peephole: merged(call, from(gates.peephole, 3)),
      projectionWeight: merged(call, [gates.projection]),
      bias: merged(call, [...from(gates.bias, 4), gates.projection + 1, ...norms]),
    },
    part,
  );
}

const BASIC = 1;

/**
 * One step. The basic kernel has one matrix for all gates, which sees the features and the state.
 */
export function lstmStep(call: Call): readonly (Value | undefined)[] {
  const options = optionsOf(call.file, 'Lstm');
  const x = stepped(call, data(call, 0), 'step');
  if (options.kernel !== BASIC) return [lstm(call, x, FORWARD, { timeAxis: 1, output: 'last', part: '' })];
  const [rows] = matrix(call, 2);
  const weights = merged(call, [2]);
  const given = { kind: 'lstm', hidden: rows / 4, biases: 1, output: 'last' } as const;
  const parameters = { inputWeight: weights, hiddenWeight: weights, bias: merged(call, [3]) };
  return [call.apply('rnn', x, given, parameters)];
}

export function lstmSequence(call: Call): Value {
  const { timeMajor } = optionsOf(call.file, 'UnidirectionalSequenceLstm');
  return lstm(call, data(call, 0), FORWARD, { timeAxis: 1 - timeMajor, output: 'sequence', part: '' });
}

export function lstmBothWays(call: Call): readonly (Value | undefined)[] {
  const { merge, timeMajor } = optionsOf(call.file, 'BidirectionalSequenceLstm');
  const x = data(call, 0);
  const running = { timeAxis: 1 - timeMajor, output: 'sequence' } as const;
  return joinedWays(
    call,
    lstm(call, x, FORWARD, { ...running, part: 'forward' }),
    lstm(call, x, BACKWARD, { ...running, part: 'backward' }),
    merge,
  );
}

const joinedWays = (call: Call, forward: Value, backward: Value, merge: number): readonly Value[] =>
  merge === 1 ? [call.apply('concat', [forward, backward], { axis: 2 })] : [forward, backward];

/** Weights, recurrent weights and bias from this input on. */
function simple(call: Call, x: Value, first: number, { timeAxis, output, part }: Running): Value {
  const [hidden] = matrix(call, first);
  const given = { kind: 'simple', hidden, biases: 1, timeAxis, output } as const;
  const parameters = {
    inputWeight: merged(call, [first]),
    hiddenWeight: merged(call, [first + 1]),
    bias: merged(call, [first + 2]),
  };
  return call.apply('rnn', x, given, parameters, part);
}

export function rnnStep(call: Call): Value {
  return simple(call, stepped(call, data(call, 0), 'step'), 1, { timeAxis: 1, output: 'last', part: '' });
}

export function rnnSequence(call: Call): Value {
  const { timeMajor } = optionsOf(call.file, 'SequenceRnn');
  return simple(call, data(call, 0), 1, { timeAxis: 1 - timeMajor, output: 'sequence', part: '' });
}

/**
 * SVDF (arXiv 1812.02802): each filter is one matrix of features and one of the last steps. The
 * steps before are a state, which is an input. Inputs: features, both weights, bias, state.
 */
export function svdf(call: Call): Value {
  const { rank, fused } = optionsOf(call.file, 'Svdf');
  const x = data(call, 0);
  const [[filters, features], [count, memory]] = [matrix(call, 1), matrix(call, 2)];
  const [n] = x.shape;
  if (x.shape.length !== 2 || x.shape[1] !== features || count !== filters || rank < 1 || filters % rank !== 0)
    throw call.misfit('weights', [filters, features], x.shape);
  const seen = call.apply(
    'linear',
    x,
    { features: filters, bias: false },
    { weight: call.weight(1, 'weights') },
    'features',
  );
  const newest = call.apply('view', seen, { shape: [n!, filters, 1] }, {}, 'newest');
  const steps = memory === 1 ? newest : remembered(call, newest, memory);
  const weight = call.weight(2, 'weights');
  const given = { channels: filters, groups: filters, kernel: [memory], bias: false };
  const each = call.apply('conv1d', steps, given, { weight }, 'time');
  const units = call.apply('view', each, { shape: [n!, filters / rank, rank] }, {}, 'units');
  const bias = call.optional(3, 'biases');
  const sum = call.apply('reduce', units, { axes: [2], mode: 'sum', keep: false }, {}, bias ? 'sum' : '');
  const shift = bias?.stored ? { shift: bias } : {};
  const made = bias ? call.apply('shiftBy', sum, { shape: bias.shape, learnt: bias.stored !== undefined }, shift) : sum;
  return activated(call, made, fused);
}

/** The state without its oldest step, joined with the newest step. */
function remembered(call: Call, newest: Value, memory: number): Value {
  const [n, filters] = newest.shape as readonly [Dim, Dim];
  const before = call.value(constant('float', [n, filters, memory - 1]), `${call.file.name} state`);
  return call.apply('concat', [before, newest], { axis: 2 }, {}, 'steps');
}

export function rnnBothWays(call: Call): readonly Value[] {
  const { merge, timeMajor } = optionsOf(call.file, 'BidirectionalSequenceRnn');
  const x = data(call, 0);
  const running = { timeAxis: 1 - timeMajor, output: 'sequence' } as const;
  return joinedWays(
    call,
    simple(call, x, 1, { ...running, part: 'forward' }),
    simple(call, x, 5, { ...running, part: 'backward' }),
    merge,
  );
}
