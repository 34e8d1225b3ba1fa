// Rows of Keras recurrent layers, and of wrappers that run a layer on every step or both ways.

import type { Value } from '../../graph.js';
import { mul } from '../../dim/dim.js';
import { InputError } from '../../inputError.js';
import { lookup } from '../../lookup.js';
import { showShape } from '../../shape.js';
import type { Results } from '../kit/call.js';
import { Uncounted } from '../kit/uncounted.js';
import { isData } from '../tfjs/settings.js';
import { convolved, windowsOf } from './convolutions.js';
import type { LayerCall, KerasRow } from './layerCall.js';
import { valueOf } from './layerCall.js';
import { intoBatch, lastStep, outOfBatch } from './shapes.js';
import { paddingOf } from './windows.js';

type Kind = 'lstm' | 'gru' | 'simple';

const CELLS: Readonly<Record<string, Kind>> = { LSTMCell: 'lstm', GRUCell: 'gru', SimpleRNNCell: 'simple' };

/** [N, steps, features]; further inputs are first states. */
export const recurrent =
  (kind: Kind): KerasRow =>
  (call) => {
    const [x] = call.inputs;
    if (!x) throw new InputError('it has no inputs');
    const { settings } = call;
    return withStates(call, kind, run(call, kind, '', x, settings.flag('return_sequences', false)));
  };

/** As cuDNN keeps them: an offset on the product with the input, and one on that with the state. */
export const onCudnn =
  (kind: Kind): KerasRow =>
  (call) => {
    const [x] = call.inputs;
    if (!x) throw new InputError('it has no inputs');
    return withStates(call, kind, run(call, kind, '', x, call.settings.flag('return_sequences', false), 2));
  };

function run(call: LayerCall, kind: Kind, part: string, x: Value, sequence: boolean, given?: number): Value {
  const { settings } = call;
  if (x.shape.length !== 3) throw new InputError(`it takes steps of features, not ${showShape(x.shape)}`);
  const bias = settings.flag('use_bias', true);
  // A GRU that resets after its product has an offset on each of both products.
  const biases = given ?? (!bias ? 0 : kind === 'gru' && settings.flag('reset_after', true) ? 2 : 1);
  return call.apply('rnn', part, x, {
    ...{ kind, hidden: settings.count('units'), biases },
    output: sequence ? 'sequence' : 'last',
  });
}

/** The result, then the last state, and an LSTM's cell beside it. */
function withStates(call: LayerCall, kind: Kind, made: Value): Results {
  return call.settings.flag('return_state', false) ? [made, ...statesOf(call, kind, made)] : made;
}

function statesOf(call: LayerCall, kind: Kind, made: Value): readonly Value[] {
  const last = made.shape.length === 3 ? lastStep(call, made, 'state') : made;
  return kind === 'lstm' ? [last, last] : [last];
}

/** A layer around a cell, or around several on top of each other. */
export const ofCells: KerasRow = (call) => {
  const cell = call.option('cell');
  const inside = isData(cell) && cell['class_name'] === 'StackedRNNCells' ? cell['config'] : { cells: [cell] };
  const cells: readonly unknown[] = isData(inside) && Array.isArray(inside['cells']) ? inside['cells'] : [];
  if (cells.length === 0) throw new InputError('it has no cell');
  const sequence = call.settings.flag('return_sequences', false);
  let [x] = call.inputs;
  const states: Value[] = [];
  cells.forEach((one, i) => {
    const { className, call: inner } = call.inner(one, cells.length === 1 ? '' : `cell${i}.`);
    const kind = lookup(CELLS, className);
    if (!kind || !x) throw new Uncounted(`its cell is a ${className}`);
    x = run(inner, kind, '', x, sequence || i < cells.length - 1);
    if (call.settings.flag('return_state', false)) states.push(...statesOf(inner, kind, x));
  });
  return states.length === 0 ? x! : [x!, ...states];
};

/** Both directions, each with weights of its own, and what is made of both. */
export const bidirectional =
  (rowOf: (className: string) => KerasRow | undefined): KerasRow =>
  (call) => {
    const directions = (['forward', 'backward'] as const).map((name) => {
      const given =
        name === 'backward' ? (call.option('backward_layer') ?? call.option('layer')) : call.option('layer');
      const { className, call: inner } = call.inner(given, `${name}.`);
      const row = rowOf(className);
      if (!row) throw new Uncounted(`flopscope does not know its layer ${className}`);
      return row(inner);
    });
    const [forward, backward] = directions.map((made) => valueOf(made)) as [Value, Value];
    const states = directions.flatMap((made) => (Array.isArray(made) ? (made as readonly Value[]).slice(1) : []));
    const merged = merge(
      call,
      call.hasNull('merge_mode') ? 'none' : call.text('concat', 'merge_mode'),
      forward,
      backward,
    );
    return Array.isArray(merged) ? [...(merged as readonly Value[]), ...states] : [merged as Value, ...states];
  };

function merge(call: LayerCall, mode: string, a: Value, b: Value): Results {
  switch (mode) {
    case 'concat':
      return call.apply('concat', '', [a, b], { axis: call.place(-1, a.shape.length) });
    case 'sum':
      return call.apply('add', '', [a, b]);
    case 'mul':
      return call.apply('multiply', '', [a, b]);
    case 'ave':
      return call.apply('scaleBy', '', call.apply('add', 'sum', [a, b]), { shape: [1], learnt: false });
    default:
      return [a, b];
  }
}

/** A layer on every step: the steps are a larger batch for it. */
export const timeDistributed =
  (rowOf: (className: string) => KerasRow | undefined): KerasRow =>
  (call) => {
    const x = call.x;
    const { className, call: inner } = call.inner(call.option('layer'), '', [intoBatch(call, x, 'steps')]);
    const row = rowOf(className);
    if (!row) throw new Uncounted(`flopscope does not know its layer ${className}`);
    const made = inner.asInFile(valueOf(row(inner)), 'step');
    return outOfBatch(call, made, x, 'batch');
  };

/** A layer whose weights are kept small; while it runs it is that layer. */
export const wrapped =
  (rowOf: (className: string) => KerasRow | undefined): KerasRow =>
  (call) => {
    const { className, call: inner } = call.inner(call.option('layer'), '');
    const row = rowOf(className);
    if (!row) throw new Uncounted(`flopscope does not know its layer ${className}`);
    return row(inner);
  };

/** Layers of preprocessing, one after the other. */
export const pipeline =
  (rowOf: (className: string) => KerasRow | undefined): KerasRow =>
  (call) => {
    const layers = call.option('layers');
    if (!Array.isArray(layers)) throw new InputError('it has no list of layers');
    let [value] = call.rawInputs;
    for (const [i, layer] of (layers as readonly unknown[]).entries()) {
      const { className, call: inner } = call.inner(layer, `${i}.`, [value!]);
      const row = rowOf(className);
      if (!row) throw new Uncounted(`flopscope does not know its layer ${className}`);
      const made = row(inner);
      if (Array.isArray(made)) throw new Uncounted(`its layer ${className} gives several values`);
      value = made as Value;
    }
    return value!;
  };

/** Four gates by convolutions of the input and of the state, on every step (arXiv 1506.04214). */
export const convLstm =
  (sides: number): KerasRow =>
  (call) => {
    const { settings } = call;
    const x = call.x;
    if (x.shape.length !== sides + 3)
      throw new InputError(`it takes steps of inputs with ${sides} sides, not ${showShape(x.shape)}`);
    const steps = intoBatch(call, x, 'steps');
    const inputs = sides === 1 ? call.sequence(steps) : steps;
    const windows = windowsOf(call, sides);
    const padding = paddingOf(settings, inputs.shape.slice(2), windows);
    const filters = settings.count('filters');
    const gate = { channels: mul(4, filters), groups: 1 };
    const bias = settings.flag('use_bias', true);
    const gates = convolved(call, 'input', inputs, windows, padding, { ...gate, bias });
    const sizes = [filters, filters, filters, filters];
    const state = call.apply('split', 'state', gates, { sizes, part: 0 });
    // The state keeps its sides: its padding is what `same` adds at a stride of 1.
    const one = windows.kernel.map(() => 1);
    const ends = windows.kernel.map((size) => (size - 1) >> 1);
    const around = [...ends, ...windows.kernel.map((size, i) => size - 1 - ends[i]!)];
    const stateWindows = { kernel: windows.kernel, stride: one, dilation: one };
    const again = convolved(call, 'hidden', state, stateWindows, around, { ...gate, bias: false });
    const sum = call.apply('add', 'sum', [gates, again]);
    const [i, f, c, o] = sizes.map((_, part) => call.apply('split', `gate${part}`, sum, { sizes, part })) as [
      Value,
      Value,
      Value,
      Value,
    ];
    const kept = call.apply('multiply', 'kept', [call.apply('sigmoid', 'forget', f), c]);
    const added = call.apply('multiply', 'new', [call.apply('sigmoid', 'let', i), call.apply('tanh', 'candidate', c)]);
    const cell = call.apply('tanh', 'tanh', call.apply('add', 'cell', [kept, added]));
    const made = call.apply('multiply', '', [call.apply('sigmoid', 'show', o), cell]);
    const all = outOfBatch(call, call.asInFile(sides === 1 ? call.marked(made) : made, 'list'), x, 'batch');
    const result = settings.flag('return_sequences', false) ? all : lastStep(call, all, 'last');
    if (!settings.flag('return_state', false)) return result;
    const last = result === all ? lastStep(call, all, 'state') : result;
    return [result, last, last];
  };
