// Quantities of whole modules, recurrent layers and attention, as hooks of tools count them.

import { numberOf } from '../dim/evaluate.js';
import type { Recurrence } from '../graph.js';
import type { Executed } from './executed.js';
import type { Quantity } from './quantity.js';
import { GATES } from '../ops/recurrent.js';

type Numbers = Readonly<Record<'features' | 'hidden' | 'state' | 'runs', number>> &
  Pick<Recurrence, 'kind' | 'layers' | 'directions' | 'biased' | 'transposed'>;

/** As a hook finds it, or as the node of one layer says. Undefined for other nodes. */
function recurrenceOf({ call, op, attributes, multAdds, params, biases }: Executed): Numbers | undefined {
  const found = call.hooked?.recurrence;
  if (found) {
    const { features, hidden, state, runs, ...rest } = found;
    const [a, b, c, d] = [features, hidden, state, runs].map(numberOf) as [number, number, number, number];
    return { ...rest, features: a, hidden: b, state: c, runs: d };
  }
  if (op !== 'rnn' || call.further) return undefined;
  const { kind, hidden, directions, projection, peepholes } = attributes as Record<string, number> &
    Pick<Recurrence, 'kind'>;
  const looks = peepholes ? 3 * hidden! * directions! : 0;
  const weights = params - biases - looks;
  const state = projection! > 0 ? projection! : hidden!;
  const each = weights / directions! - (projection! > 0 ? projection! * hidden! : 0);
  return {
    ...{ kind, hidden: hidden!, state, layers: 1, directions: directions!, biased: biases > 0 },
    features: each / (GATES[kind] * hidden!) - state,
    runs: multAdds / weights,
  };
}

/** Elements that a layer reads: features, or the states of the layer before. */
const readBy = ({ features, state, directions }: Numbers, layer: number): number =>
  layer === 0 ? features : state * directions;

/** The sum over layers, for all directions and runs. */
const overLayers = (one: Numbers, of: (reads: number) => number): number =>
  Array.from({ length: one.layers }, (_, layer) => of(readBy(one, layer))).reduce((all, count) => all + count, 0) *
  one.directions *
  one.runs;

/** Element-wise operations of a step for each element of the state: rnn_flops. */
const OTHERS = { lstm: 10, gru: 7, simple: 1 } as const;

/**
 * ptflops 0.7.6, rnn_flops_counter_hook: weights, both biases, element-wise operations. It takes
 * an unbatched input for one with a batch.
 */
export const recurrentMultAdds: Quantity = {
  per: 'multiply-add, bias and element-wise operation of a recurrent layer',
  of(node) {
    const one = recurrenceOf(node);
    if (!one) return 0;
    const { kind, hidden, state, biased } = one;
    const rows = GATES[kind] * hidden;
    return overLayers(one, (reads) => rows * (reads + state) + OTHERS[kind] * hidden + (biased ? 2 * rows : 0));
  },
  core: true,
};

/**
 * DeepSpeed and calflops, _rnn_forward_hook: 2 for each weight less 1 for each row, biases, and
 * element-wise operations; without a projection.
 */
export const recurrentOperations: Quantity = {
  per: 'operation of a recurrent layer',
  of(node) {
    const one = recurrenceOf(node);
    if (!one) return 0;
    const { kind, hidden, state, biased } = one;
    const rows = GATES[kind] * hidden;
    return overLayers(
      one,
      (reads) => 2 * rows * (reads + state) - 2 * rows + OTHERS[kind] * hidden + (biased ? 2 * rows : 0),
    );
  },
  core: true,
};

/** Element-wise operations that thop adds beside one for each gate. */
const BESIDE = { lstm: 4, gru: 4, simple: 0 } as const;

/** thop 0.1.1, rnn_hooks.py: a sum and two biases for each gate, products of states. */
export const recurrentSteps: Quantity = {
  per: 'multiply-add, bias and element-wise operation of a recurrent layer',
  of(node) {
    const one = recurrenceOf(node);
    if (!one) return 0;
    const { kind, hidden, biased, directions } = one;
    const count = (reads: number): number =>
      GATES[kind] * (hidden * (reads + hidden) + hidden * (biased ? 3 : 1)) + BESIDE[kind] * hidden;
    return overLayers({ ...one, state: hidden, directions }, count);
  },
  core: true,
};

/**
 * ptflops 0.7.6 aten: on a CPU a GRU and a plain RNN are products with a bias, but for that of an
 * input that is transposed first.
 */
export const recurrentBiases: Quantity = {
  per: 'output with a bias of a recurrent layer',
  of({ call: { hooked: found } }) {
    const one = found?.recurrence;
    if (!one?.biased) return 0;
    const times = 2 * one.layers - (one.transposed ? 1 : 0);
    return times * GATES[one.kind] * numberOf(one.hidden) * one.directions * numberOf(one.runs);
  },
};

/**
 * ptflops 0.7.6, multihead_attention_counter_hook: the products and biases of the three projections
 * and the last one, scaled queries, and scores with their softmax.
 */
export const attendingModule: Quantity = {
  per: 'multiply-add, bias and softmax element of an attention',
  of({ call: { hooked: found } }) {
    const one = found?.attending;
    if (!one) return 0;
    const [[queries, width], [keys, keyWidth], [values, valueWidth]] = [one.queries, one.keys, one.values].map((pair) =>
      pair.map(numberOf),
    ) as [[number, number], [number, number], [number, number]];
    const heads = width / numberOf(one.headWidth);
    const projections = queries * width ** 2 + keys * keyWidth ** 2 + values * valueWidth ** 2;
    const biases = one.biased ? (queries + keys + values) * width : 0;
    const ofHead = queries * keys * (Math.floor(width / heads) + 1 + Math.floor(valueWidth / heads));
    const last = queries * valueWidth * (valueWidth + 1);
    return numberOf(one.images) * (queries * width + projections + biases + heads * ofHead + last);
  },
  core: true,
};
