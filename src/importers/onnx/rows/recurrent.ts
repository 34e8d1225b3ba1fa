// Rows of recurrent layers: each step multiplies input and state with the gates' weights.

import { equal } from '../../../dim/dim.js';
import type { Value } from '../../../graph.js';
import { isConstant, type Constant } from '../../kit/operand.js';
import { regrouped } from '../../kit/moves.js';
import { optionalParameter, parameter, type Call, type Results, type OnnxRow } from '../onnxCall.js';
import { numbersOf } from './convolution.js';
import { GATES } from '../../../ops/recurrent.js';

/** [directions, features, gates x hidden] as ONNX Runtime's quantised layers have them. */
const lastSidesTurned = (weight: Constant): Constant => ({
  ...weight,
  shape: weight.shape.length === 3 ? [weight.shape[0]!, weight.shape[2]!, weight.shape[1]!] : weight.shape,
});

/**
 * X, W [directions, gates x hidden, features], R, B, lengths, first states.
 * @param ordered gives weights the order of LSTM
 */
const recurrent =
  (kind: keyof typeof GATES, ordered: (weight: Constant) => Constant = (weight) => weight) =>
  (call: Call): Results => {
    const x = call.data(0);
    const [inputWeight, hiddenWeight] = [1, 2].map((i) => ordered(parameter(call, i, 'weights'))) as [
      Constant,
      Constant,
    ];
    const bias = optionalParameter(call, 3, 'biases');
    const peephole = kind === 'lstm' ? optionalParameter(call, 7, 'peepholes') : undefined;
    const [directions, rows, features] = numbersOf(inputWeight);
    const hidden = (rows ?? 0) / GATES[kind];
    if (x.shape.length !== 3 || !equal(x.shape[2]!, features ?? 0) || numbersOf(hiddenWeight)[2] !== hidden)
      throw call.misfit('weights', inputWeight.shape, x.shape);
    const timeAxis = call.file.attributes.int('layout', 0) === 1 ? 1 : 0;
    const states = [5, 6].flatMap((i) => {
      const state = call.inputs[i];
      return state && !isConstant(state) ? [state] : [];
    });
    const all = call.apply(
      'rnn',
      [x, ...states],
      { kind, hidden, directions: directions!, biases: bias ? 2 : 0, timeAxis, peepholes: peephole !== undefined },
      { inputWeight, hiddenWeight, bias, peephole },
    );
    return outputsOf(call, all, { timeAxis, hidden, directions: directions! });
  };

interface Sides {
  readonly timeAxis: 0 | 1;
  readonly hidden: number;
  readonly directions: number;
}

/** All steps, and the states after the last one. */
function outputsOf(call: Call, all: Value, { timeAxis, hidden, directions }: Sides): readonly (Value | undefined)[] {
  const steps = all.shape[timeAxis]!;
  const images = all.shape[1 - timeAxis]!;
  const sides = timeAxis === 0 ? [steps, directions, images, hidden] : [images, steps, directions, hidden];
  const last = (part: string): Value => {
    const begin = [0, 0, 0];
    const size = all.shape.with(timeAxis, 1);
    const step = call.apply('slice', all, { begin, size, step: [1, 1, 1] }, {}, part);
    const state = timeAxis === 0 ? [directions, images, hidden] : [images, directions, hidden];
    return regrouped(call, step, state, `${part}.sides`);
  };
  return [
    call.isRead(0) ? regrouped(call, all, sides, 'sides') : undefined,
    call.isRead(1) ? last('hidden') : undefined,
    call.isRead(2) ? last('cell') : undefined,
  ];
}

export const RECURRENT: Readonly<Record<string, OnnxRow>> = {
  LSTM: { weights: [1, 2, 3, 7], convert: recurrent('lstm') },
  DynamicQuantizeLSTM: { weights: [1, 2, 3, 7, 8, 9, 10, 11], convert: recurrent('lstm', lastSidesTurned) },
  GRU: { weights: [1, 2, 3], convert: recurrent('gru') },
  RNN: { weights: [1, 2, 3], convert: recurrent('simple') },
};
