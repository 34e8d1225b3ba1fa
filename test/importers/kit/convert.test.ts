// The kit on a small format of its own: a call has a list of inputs and one output.

import { describe, expect, test } from 'vitest';
import { convert, type Format } from '../../../src/importers/kit/convert.js';
import type { FileCall, OpRow, ConversionStep } from '../../../src/importers/kit/call.js';
import { PathNaming } from '../../../src/importers/kit/naming.js';
import { constant, list, type Constant } from '../../../src/importers/kit/operand.js';
import { ordered } from '../../../src/importers/kit/order.js';
import { Uncounted } from '../../../src/importers/kit/uncounted.js';
import { profile } from '../../../src/profile.js';
import type { Shape } from '../../../src/shape.js';

interface Call extends FileCall {
  readonly states?: Shape;
}

const call = (op: string, inputs: readonly string[], output: string, states?: Shape): Call => ({
  ...{ op, name: `/net/stage1/0/${output}/${op}`, inputs, outputs: [output] },
  ...(states ? { states } : {}),
});

const weight = (id: string, shape: readonly number[]): Constant =>
  constant('float', shape, undefined, [{ id, elements: shape.reduce((all, side) => all * side, 1) }]);

const ROWS: Readonly<Record<string, OpRow<Call>>> = {
  Conv(one) {
    const filter = one.weight(1, 'weights');
    const [channels, , kernel] = filter.shape as readonly number[];
    const bias = one.optional(2, 'biases');
    return one.apply(
      'conv',
      one.data(0),
      { channels: channels!, kernel: kernel!, bias: bias !== undefined },
      { weight: filter, bias },
    );
  },
  Relu: (one) => one.apply('relu', one.data(0)),
  Add: (one) => one.apply('add', [one.data(0), one.data(1)]),
  Times: (one) => one.apply('multiply', [one.data(0), one.data(1)]),
  Concat: (one) => one.apply('concat', [one.data(0), one.data(1)]),
  Sorted: () => {
    throw new Uncounted('its order is known when it runs');
  },
};

const FORMAT: Format<Call> = {
  rowOf: ({ op }) => (Object.hasOwn(ROWS, op) ? ROWS[op] : undefined),
  fold: (one) => (one.op === 'Shape' ? list(one.shape(0)) : undefined),
  title: ({ op, name }) => `node "${name}" (${op})`,
  shapeOf: ({ states }) => states,
};

const built = (
  calls: readonly Call[],
  constants: Readonly<Record<string, Constant>>,
  output = calls.at(-1)!.outputs[0]!,
  allowUnknown = false,
) => {
  const steps: readonly ConversionStep<Call>[] = calls.map((one) => ({ call: one }));
  const naming = new PathNaming<Call>(calls, {
    pathOf: ({ name }) => name.split('/').filter(Boolean).slice(0, -1),
    hasWeights: ({ inputs }) => inputs.some((key) => Object.hasOwn(constants, key ?? '')),
  });
  return convert(
    {
      name: 'toy',
      steps,
      inputs: [{ key: 'x', name: 'x', shape: [1, 3, 8, 8] }],
      constants: new Map(Object.entries(constants)),
      outputs: [output],
    },
    FORMAT,
    naming,
    { allowUnknown },
  ).graph;
};
const params = (...given: Parameters<typeof built>): number => profile(built(...given)).totals.params;

describe('a parameter is a stored tensor, counted once', () => {
  test('by two layers with biases of their own', () => {
    const calls = [call('Conv', ['x', 'w', 'a'], 'p'), call('Conv', ['p', 'w', 'b'], 'q')];
    const constants = { w: weight('w', [3, 3, 1, 1]), a: weight('a', [3]), b: weight('b', [3]) };
    expect(params(calls, constants)).toBe(9 + 3 + 3);
  });

  test('where it is read as data by ops of two kinds', () => {
    const calls = [call('Concat', ['x', 't'], 'p'), call('Add', ['p', 't'], 'q')];
    expect(params([calls[0]!], { t: weight('t', [1, 2, 8, 8]) })).toBe(128);
    const both = [call('Add', ['x', 't'], 'p'), call('Times', ['p', 't'], 'q')];
    expect(params(both, { t: weight('t', [1, 3, 1, 1]) })).toBe(3);
  });

  test('of all tensors that a folded one was computed from', () => {
    const calls = [call('Times', ['v', 'gain'], 'w'), call('Conv', ['x', 'w'], 'y')];
    expect(params(calls, { v: weight('v', [8, 3, 3, 3]), gain: weight('gain', [8, 1, 1, 1]) })).toBe(216 + 8);
  });
});

describe('what has no count', () => {
  const gate = [call('Relu', ['x'], 'p'), call('Sorted', ['p'], 'q', [1, 3, 8, 8]), call('Relu', ['q'], 'r')];

  test('is refused with a remedy, naming the call', () => {
    expect(() => built(gate, {})).toThrow('node "/net/stage1/0/q/Sorted" (Sorted): its order is known when it runs');
  });

  test('is left out on request, and what follows is counted at the stated shape', () => {
    const graph = built(gate, {}, 'r', true);
    expect(graph.nodes.map(({ op }) => op)).toEqual(['relu', 'relu']);
    expect(graph.omitted).toEqual({
      ops: [{ op: 'Sorted', nodes: 1, first: '/net/stage1/0/q/Sorted', why: 'its order is known when it runs' }],
      behind: 0,
    });
  });

  test('loses what follows where no shape is stated', () => {
    const [first, unknown, last] = gate;
    const graph = built(
      [first!, { ...unknown!, op: 'Nobody', states: undefined } as unknown as Call, last!],
      {},
      'r',
      true,
    );
    expect(graph.nodes).toHaveLength(1);
    expect(graph.omitted?.behind).toBe(1);
  });
});

test('calls are ordered after what they read, and a cycle names its call', () => {
  const [a, b] = [call('Relu', ['b'], 'a'), call('Relu', ['x'], 'b')];
  const title = FORMAT.title;
  expect(ordered([a, b], new Set(['x']), title)).toEqual([b, a]);
  expect(() => ordered([a, call('Relu', ['a'], 'b')], new Set(['x']), title)).toThrow('waits for its own output');
  expect(() => ordered([a], new Set(['x']), title)).toThrow('reads "b", which nothing makes');
});
