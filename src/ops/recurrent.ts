// Recurrent layers: each step multiplies its input and its state with each gate's weights.

import { add, equal, mul, product, type Dim } from '../dim/dim.js';
import { choice, flag, size, whole, type Values } from '../fields.js';
import { InputError } from '../inputError.js';
import { showShape, type Shape } from '../shape.js';
import { op } from './op.js';

/** The number of gates, and the element-wise operations per element of the state. */
const KINDS = { lstm: { gates: 4, others: 9 }, gru: { gates: 3, others: 8 }, simple: { gates: 1, others: 1 } } as const;

/** Products of a step, each with the rows of one gate. */
export const GATES = { lstm: KINDS.lstm.gates, gru: KINDS.gru.gates, simple: KINDS.simple.gates } as const;

const fields = {
  kind: choice('an LSTM, a GRU, or one activation of both products', ['lstm', 'gru', 'simple']),
  hidden: size('elements of the state'),
  directions: whole('1, or 2 for both directions, whose results are joined', 1),
  biases: whole('learnt offsets of each gate: 2 in PyTorch and ONNX, 1 in Keras, 0 for none', 2, 0),
  timeAxis: whole('the side of the steps: 1 for [N, steps, features], 0 for [steps, N, features]', 1, 0),
  output: choice('the state after every step, or after the last', ['sequence', 'last'], 'sequence'),
  projection: size('elements to which the state of an LSTM is projected; 0 for none', 0),
  peepholes: flag('gates of an LSTM see its cell', false),
};

/** The sizes of one step's products. `state` is the size that the next step reads. */
function sizesOf([x]: readonly Shape[], { hidden, projection, kind }: Values<typeof fields>) {
  const state = equal(projection, 0) ? hidden : projection;
  return { features: x!.at(-1)!, state, rows: mul(GATES[kind], hidden) };
}

/** Steps x images x directions. */
const runs = ([x]: readonly Shape[], directions: number): Dim => product([x![0]!, x![1]!, directions]);

/** Further inputs are initial states. Only their read is counted. */
export const rnn = op({
  about: 'recurrent layer over the steps of [N, steps, features]',
  traffic: 'compute',
  arity: [1, 3],
  fields,
  outShape([x], { hidden, projection, directions, timeAxis, output, kind }) {
    if (x!.length !== 3) throw new InputError(`needs an input of shape [N, steps, features], got ${showShape(x!)}`);
    if (timeAxis > 1 || directions > 2)
      throw new InputError('has one or two directions, and its steps are the side 0 or 1', 'directions');
    if (kind !== 'lstm' && !equal(projection, 0))
      throw new InputError(`a ${kind} has no projection: only an lstm has one`, 'projection');
    const features = mul(equal(projection, 0) ? hidden : projection, directions);
    return output === 'sequence' ? [x![0]!, x![1]!, features] : [x![1 - timeAxis]!, features];
  },
  ownSides: () => true,
  // Steps and images may stand in either order: its own field says which.
  takesOrder: (order) => order.join() === '1,0,2',
  params(inputs, values): Record<string, Shape> {
    const { features, state, rows } = sizesOf(inputs, values);
    const { directions, biases, projection, hidden, peepholes } = values;
    return {
      inputWeight: [directions, rows, features],
      hiddenWeight: [directions, rows, state],
      ...(equal(projection, 0) ? {} : { projectionWeight: [directions, projection, hidden] }),
      ...(peepholes ? { peephole: [directions, mul(3, hidden)] } : {}),
      ...(biases > 0 ? { bias: [directions, biases, rows] } : {}),
    };
  },
  multAdds(inputs, _, values) {
    const { features, state, rows } = sizesOf(inputs, values);
    const projected = mul(values.projection, values.hidden);
    return mul(runs(inputs, values.directions), add(mul(rows, add(features, state)), projected));
  },
  elementwise(inputs, _, { kind, hidden, directions, peepholes }) {
    const each: number = KINDS[kind].others + (peepholes ? 3 : 0);
    return product([runs(inputs, directions), hidden, each]);
  },
});
