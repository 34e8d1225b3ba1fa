// Rows for recurrent layers: one node for each layer, which has both directions.

import { mul, type Dim } from '../../../dim/dim.js';
import type { Value } from '../../../graph.js';
import { constant, isConstant, storedIn, type Constant } from '../../kit/operand.js';
import { Uncounted } from '../../kit/uncounted.js';
import type { Aten, AtenRow, AtenRows } from '../aten.js';
import { GATES } from '../../../ops/recurrent.js';

type Kind = 'lstm' | 'gru' | 'simple';

interface Layer {
  readonly features: Dim;
  readonly state: Dim;
  readonly weights: readonly Constant[];
  readonly biases: boolean;
}

/** Weights of a layer: input, state, two biases and a projection, for each direction. */
function layersOf(aten: Aten, kind: Kind): { readonly layers: readonly Layer[]; readonly directions: number } {
  const all = aten.operands('params').map((one) => {
    if (one && isConstant(one)) return one;
    throw new Uncounted('its weights are computed by the network');
  });
  const count = aten.whole('num_layers', 1);
  const directions = aten.flag('bidirectional', false) ? 2 : 1;
  const biases = aten.flag('has_biases', true);
  const each = all.length / (count * directions);
  if (!Number.isInteger(each) || each < (biases ? 4 : 2)) throw aten.missing('params');
  const layers = Array.from({ length: count }, (_, i): Layer => {
    const weights = all.slice(i * directions * each, (i + 1) * directions * each);
    const [input, hidden] = weights;
    const gates = GATES[kind];
    const rows = input!.shape[0]!;
    if (typeof rows !== 'number' || rows % gates !== 0) throw aten.missing('params');
    return { features: rows / gates, state: hidden!.shape[1]!, weights, biases };
  });
  return { layers, directions };
}

const recurrent =
  (kind: Kind): AtenRow =>
  (aten) => {
    if (!aten.has('params')) throw new Uncounted('it runs on packed sequences, whose lengths are data');
    const given = aten.data('input');
    const batchFirst = aten.flag('batch_first', false);
    const x =
      given.shape.length === 2
        ? aten.apply('view', given, { shape: [given.shape[0]!, 1, given.shape[1]!] }, {}, 'batch')
        : given;
    const timeAxis = batchFirst && given.shape.length === 3 ? 1 : 0;
    const { layers, directions } = layersOf(aten, kind);
    const drops = aten.number('dropout', 0) > 0;
    let value = x;
    const states: Value[] = [];
    layers.forEach((layer, i) => {
      value = step(aten, value, layer, { kind, directions, timeAxis }, i === layers.length - 1 ? '' : `layer${i}`);
      states.push(value);
      if (drops && i < layers.length - 1) aten.call.dropsOf(value, aten.flag('train', true) ? 'train' : 'eval');
    });
    const sequence =
      given.shape.length === 2
        ? aten.apply('view', value, { shape: [value.shape[0]!, value.shape[2]!] }, {}, 'steps')
        : value;
    const further = kind === 'lstm' ? [1, 2] : [1];
    return [
      sequence,
      ...further.map((output) =>
        aten.isRead(output) ? lastStates(aten, states, timeAxis, directions, output) : undefined,
      ),
    ];
  };

interface Run {
  readonly kind: Kind;
  readonly directions: number;
  readonly timeAxis: number;
}

function step(aten: Aten, x: Value, { features, state, weights, biases }: Layer, run: Run, part: string): Value {
  const projected = state !== features;
  const gates = GATES[run.kind];
  const each = weights.length / run.directions;
  const at = (offset: number): readonly Constant[] =>
    Array.from({ length: run.directions }, (_, direction) => weights[direction * each + offset]!);
  const rows = mul(gates, features);
  const joined = (constants: readonly Constant[], shape: readonly Dim[]): Constant =>
    constant('float', shape, undefined, storedIn(constants));
  return aten.apply(
    'rnn',
    x,
    { ...run, hidden: features, biases: biases ? 2 : 0, projection: projected ? state : 0 },
    {
      inputWeight: joined(at(0), [run.directions, rows, x.shape.at(-1)!]),
      hiddenWeight: joined(at(1), [run.directions, rows, state]),
      ...(biases ? { bias: joined([...at(2), ...at(3)], [run.directions, 2, rows]) } : {}),
      ...(projected ? { projectionWeight: joined(at(each - 1), [run.directions, state, features]) } : {}),
    },
    part,
  );
}

/**
 * The states after the last step, [layers x directions, N, features]. The states of LSTM cells have
 * the same sides.
 */
function lastStates(aten: Aten, layers: readonly Value[], timeAxis: number, directions: number, output: number): Value {
  const each = layers.map((value, i) => {
    const n = value.shape[1 - timeAxis]!;
    const last = aten.apply(
      'slice',
      value,
      {
        begin: value.shape.map((side, axis) => (axis === timeAxis && typeof side === 'number' ? side - 1 : 0)),
        size: value.shape.with(timeAxis, 1),
        step: value.shape.map(() => 1),
      },
      {},
      `last${output}_${i}`,
    );
    const features = value.shape[2]!;
    const half = typeof features === 'number' ? features / directions : features;
    return aten.apply('view', last, { shape: [directions, n, half] }, {}, `state${output}_${i}`);
  });
  return each.length === 1 ? each[0]! : aten.apply('concat', each, { axis: 0 }, {}, `states${output}`);
}

export const RECURRENT: AtenRows = {
  lstm: recurrent('lstm'),
  gru: recurrent('gru'),
  rnn_tanh: recurrent('simple'),
  rnn_relu: recurrent('simple'),
};
