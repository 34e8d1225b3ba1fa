// Branches that constants choose are counted; other branches and loops are refused, or left out with their shapes.

import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/inputError.js';
import { bytesSource, type ReadOptions } from '../../../src/importers/modelFile.js';
import { readTensorflow } from '../../../src/importers/tfGraph/readTfGraph.js';
import { graphOf } from '../../../src/model.js';
import { profile, type Profile } from '../../../src/profile.js';
import {
  conv,
  frozen,
  functionNamed,
  functionsNamed,
  integers,
  node,
  numbers,
  placeholder,
  shapes,
  text,
  weight,
} from './graphBytes.js';
import type { Body, Node } from './graphBytes.js';

const IMAGE = placeholder('x', [1, 8, 8, 3]);
const SMALL = weight('small', 1, 1, 3, 4);
const LARGE = weight('large', 3, 3, 3, 4);
const LAST = weight('last', 1, 1, 4, 2);
/** Multiply-adds of the branches, and of what follows them. */
const [POINT, WIDE, AFTER] = [64 * 12, 64 * 108, 64 * 8];

const profiled = (nodes: readonly Node[], bodies: readonly Body[] = [], options: ReadOptions = {}): Profile =>
  profile(graphOf(readTensorflow(bytesSource(frozen(nodes, bodies)), 'net.pb', options)));

function refusal(nodes: readonly Node[], bodies: readonly Body[] = []): string {
  try {
    profiled(nodes, bodies);
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return 'read';
}

const body = (name: string, filter: string): Body => ({
  name,
  inputs: ['image', 'a', 'b'],
  returns: { y: 'conv:output:0' },
  nodes: [conv('conv', 'image', filter)],
});
const BODIES = [body('narrow', 'a'), body('broad', 'b')];
const SHAPES = { output_shapes: shapes([1, 8, 8, 4]) };
const two = { then_branch: functionNamed('narrow'), else_branch: functionNamed('broad'), ...SHAPES };
/** Whether the mean of the image is positive. */
const DECIDED = [
  numbers('all', 0, 1, 2, 3),
  node('mean', 'Mean', ['x', 'all']),
  node('decision', 'Greater', ['mean', 'nothing']),
  numbers('nothing', 0),
];

const branching = (op: string, condition: string, attributes: object = two): readonly Node[] => [
  ...[IMAGE, SMALL, LARGE, LAST, numbers('yes', 1), numbers('no', 0), ...DECIDED],
  node('if', op, [condition, 'x', 'small', 'large'], attributes as Record<string, unknown>),
  conv('after', 'if', 'last'),
];

describe('functions of which one runs', () => {
  const cases = { branches: functionsNamed('narrow', 'broad'), ...SHAPES };

  it.each<readonly [op: string, condition: string, attributes: object, multAdds: number]>([
    ['If', 'yes', two, POINT],
    ['StatelessIf', 'no', two, WIDE],
    ['Case', 'no', cases, POINT],
    ['StatelessCase', 'yes', cases, WIDE],
  ])('%s of the constant %s', (op, condition, attributes, multAdds) => {
    expect(profiled(branching(op, condition, attributes), BODIES).totals.multAdds).toBe(multAdds + AFTER);
  });

  it('are refused where the network decides', () => {
    expect(refusal(branching('If', 'decision'), BODIES)).toBe(
      'net.pb: node "if" (If): its condition is computed from the image, and what it runs cannot be counted',
    );
  });

  it('are left out with the shape that the file states', () => {
    const { totals, lowerBound } = profiled(branching('StatelessIf', 'decision'), BODIES, { allowUnknown: true });
    expect(totals.multAdds).toBe(AFTER);
    expect(lowerBound?.ops.map(({ op }) => op)).toEqual(['StatelessIf']);
  });
});

const switched = (condition: string): readonly Node[] => [
  ...[IMAGE, SMALL, LARGE, LAST, numbers('yes', 1), numbers('no', 0), ...DECIDED],
  node('switch', 'Switch', ['x', condition]),
  conv('holds', 'switch:1', 'small'),
  conv('fails', 'switch', 'large'),
  node('merge', 'Merge', ['fails', 'holds'], { _output_shapes: shapes([1, 8, 8, 4], []) }),
  conv('after', 'merge', 'last'),
];

describe('a Switch and a Merge', () => {
  it('take the branch of a constant', () => {
    expect(profiled(switched('yes')).totals.multAdds).toBe(POINT + AFTER);
    expect(profiled(switched('no')).totals.multAdds).toBe(WIDE + AFTER);
  });

  it('count neither branch where the network decides', () => {
    expect(refusal(switched('decision'))).toContain('node "merge" (Merge): its condition is computed');
    expect(profiled(switched('decision'), [], { allowUnknown: true }).totals.multAdds).toBe(AFTER);
  });
});

describe('a loop', () => {
  const given = [IMAGE, weight('same', 3, 3, 3, 3), weight('end', 1, 1, 3, 2), numbers('zero', 0), numbers('ten', 10)];

  it('of functions is left out, and keeps the sides of what goes round', () => {
    const loop = [
      ...given,
      node('while', 'StatelessWhile', ['zero', 'x'], { cond: functionNamed('c'), body: functionNamed('b') }),
      conv('after', 'while:1', 'end'),
    ];
    expect(refusal(loop)).toContain('node "while" (StatelessWhile): how often it runs is known when it does');
    expect(profiled(loop, [], { allowUnknown: true }).totals.multAdds).toBe(64 * 6);
  });

  it('of the first version is left out whole', () => {
    const frame = { frame_name: text('loop') };
    const loop = [
      ...given,
      node('enter', 'Enter', ['x'], frame),
      node('merge', 'Merge', ['enter', 'next']),
      node('counter', 'Enter', ['zero'], frame),
      node('count', 'Merge', ['counter', 'one more']),
      node('less', 'Less', ['count', 'ten']),
      node('again', 'LoopCond', ['less']),
      node('switch', 'Switch', ['merge', 'again']),
      node('count switch', 'Switch', ['count', 'again']),
      conv('inside', 'switch:1', 'same'),
      node('next', 'NextIteration', ['inside']),
      node('sum', 'AddV2', ['count switch:1', 'ten']),
      node('one more', 'NextIteration', ['sum']),
      node('exit', 'Exit', ['switch']),
      conv('after', 'exit', 'end'),
    ];
    expect(refusal(loop)).toContain('node "exit" (Exit): how often it runs is known when it does');
    expect(profiled(loop, [], { allowUnknown: true }).totals.multAdds).toBe(64 * 6);
  });
});

it.each(['Conv3DBackpropInput', 'Conv3DBackpropInputV2'])('%s', (op) => {
  // The first version has a tensor of these sides, the second one the sides themselves.
  const like = op === 'Conv3DBackpropInput' ? weight('like', 1, 8, 8, 8, 5) : numbers('like', 1, 8, 8, 8, 5);
  const nodes = [
    placeholder('x', [1, 4, 4, 4, 3]),
    like,
    weight('filter', 2, 2, 2, 5, 3),
    node('up', op, ['like', 'filter', 'x'], { strides: integers(1, 2, 2, 2, 1), padding: text('SAME') }),
  ];
  const { totals, layers } = profiled(nodes);
  expect(totals.multAdds).toBe(64 * 3 * 5 * 8);
  expect(layers[0]!.outShape).toEqual([1, 5, 8, 8, 8]);
});

describe('a dropout of TensorFlow 1 that was frozen with its graph', () => {
  /** What it keeps is a number that the user gives; its placeholder has no shape. */
  const dropout = (keep: Node): readonly Node[] => [
    ...[IMAGE, SMALL, keep, numbers('sides', 1, 8, 8, 4)],
    conv('conv', 'x', 'small'),
    node('noise', 'RandomUniform', ['sides']),
    node('above', 'Add', ['keep', 'noise']),
    node('mask', 'Floor', ['above']),
    node('larger', 'RealDiv', ['conv', 'keep']),
    node('kept', 'Mul', ['larger', 'mask']),
  ];

  it.each([
    ['no shape', node('keep', 'Placeholder')],
    ['the shape of a number', placeholder('keep', [])],
  ])('with %s', (_, keep) => {
    const { totals, layers } = profiled(dropout(keep));
    expect(layers.at(-1)!.outShape).toEqual([1, 4, 8, 8]);
    expect(totals).toMatchObject({ multAdds: POINT, params: 12 });
  });

  it('an image without a shape is refused', () => {
    const small = [node('x', 'Placeholder'), SMALL, conv('conv', 'x', 'small')];
    expect(refusal(small)).toContain('its input "x" has no shape of at most 5 sides');
  });
});
