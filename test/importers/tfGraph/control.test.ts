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

  const looped = (condition: Body, ...more: readonly Body[]): readonly [readonly Node[], readonly Body[]] => [
    [
      ...given,
      node('while', 'StatelessWhile', ['zero', 'x', 'ten', 'same'], {
        ...{ cond: functionNamed('goes on'), body: functionNamed('round') },
      }),
      conv('after', 'while:1', 'end'),
    ],
    [condition, ROUND, ...more],
  ];
  const ROUND: Body = {
    name: 'round',
    inputs: ['i', 'image', 'limit', 'filter'],
    returns: { next: 'sum:z:0', made: 'conv:output:0', kept: 'limit', same: 'filter' },
    nodes: [numbers('one', 1), node('sum', 'AddV2', ['i', 'one:output:0']), conv('conv', 'image', 'filter')],
  };
  const goesOn = (...nodes: readonly Node[]): Body => ({
    ...{ name: 'goes on', inputs: ['i', 'image', 'limit', 'filter'], returns: { holds: 'less:z:0' }, nodes },
  });
  const UNTIL_TEN = goesOn(node('less', 'Less', ['i', 'limit']));
  const [RUN, END] = [64 * 81, 64 * 6];

  it('of functions stands in the graph as often as it runs; its weights count once', () => {
    const { totals, layers } = profiled(...looped(UNTIL_TEN));
    expect([totals.multAdds, totals.params]).toEqual([10 * RUN + END, 81 + 6]);
    expect(layers.map(({ name }) => name).slice(0, 2)).toEqual(['while/body/conv', 'while/body/conv_2']);
  });

  it('stops where its condition says so', () => {
    const early = goesOn(
      numbers('three', 3),
      node('first', 'Less', ['i', 'limit']),
      node('second', 'LessEqual', ['i', 'three:output:0']),
      node('less', 'LogicalAnd', ['first:z:0', 'second:z:0']),
    );
    expect(profiled(...looped(early)).totals.multAdds).toBe(4 * RUN + END);
  });

  it('may have another loop inside', () => {
    const outer: Body = {
      ...ROUND,
      name: 'outer',
      nodes: [
        ...[numbers('zero', 0), numbers('one', 1), node('sum', 'AddV2', ['i', 'one:output:0'])],
        node('conv', 'While', ['zero:output:0', 'image', 'i', 'filter'], {
          ...{ cond: functionNamed('goes on'), body: functionNamed('round') },
        }),
      ],
      returns: { next: 'sum:z:0', made: 'conv:output:1', kept: 'limit', same: 'filter' },
    };
    const [nodes, bodies] = looped(UNTIL_TEN, outer);
    const nested = nodes.map((one) =>
      one.name === 'while'
        ? node('while', 'While', ['zero', 'x', 'ten', 'same'], {
            ...{ cond: functionNamed('goes on'), body: functionNamed('outer') },
          })
        : one,
    );
    expect(profiled(nested, bodies).totals.multAdds).toBe(45 * RUN + END);
  });

  it('is left out where the image decides, and keeps the sides of what goes round', () => {
    const loop = looped(
      goesOn(
        numbers('all', 0, 1, 2, 3),
        node('mean', 'Mean', ['image', 'all:output:0']),
        node('less', 'Less', ['mean:output:0', 'limit']),
      ),
    );
    expect(refusal(...loop)).toContain('node "while" (StatelessWhile): its condition is computed from the image');
    expect(profiled(...loop, { allowUnknown: true }).totals.multAdds).toBe(END);
  });

  it.each<readonly [string, Body, readonly Body[], string]>([
    ['without an end', goesOn(numbers('less', 1)), [], 'the inner graphs of the file run more than 50000 ops'],
    ['with an op that is not known', goesOn(node('less', 'Oracle', ['i'])), [], 'does not know Oracle (1x'],
    ['inside itself', { ...UNTIL_TEN, nodes: [node('less', 'While', ['i'], itself())] }, [], 'inside each other'],
  ])('%s is refused', (_, condition, more, message) => {
    expect(refusal(...looped(condition, ...more))).toContain(message);
  });

  function itself(): NonNullable<Parameters<typeof node>[3]> {
    return { cond: functionNamed('goes on'), body: functionNamed('goes on') };
  }

  it('whose function is not in the file is refused', () => {
    const [nodes] = looped(UNTIL_TEN);
    expect(refusal(nodes)).toContain('node "while" runs the function "goes on", which is not in the file');
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

describe('a list of tensors', () => {
  const shape = numbers('shape', 8, 8, 3);

  it('is divided, set, read and stacked, as loops of recurrent layers do', () => {
    const nodes = [
      placeholder('x', [5, 8, 8, 3]),
      ...[shape, numbers('five', 5), numbers('zero', 0), numbers('two', 2), weight('same', 3, 3, 3, 3)],
      node('parts', 'TensorListFromTensor', ['x', 'shape']),
      node('made', 'TensorListReserve', ['shape', 'five']),
      ...[0, 1, 2, 3, 4].flatMap((i) => [
        numbers(`at${i}`, i),
        node(`part${i}`, 'TensorListGetItem', ['parts', `at${i}`, 'shape']),
        node(`wide${i}`, 'ExpandDims', [`part${i}`, 'zero']),
        conv(`conv${i}`, `wide${i}`, 'same'),
        node(`row${i}`, 'Squeeze', [`conv${i}`], { squeeze_dims: integers(0) }),
        node(`set${i}`, 'TensorListSetItem', [i === 0 ? 'made' : `set${i - 1}`, `at${i}`, `row${i}`]),
      ]),
      node('stack', 'TensorListStack', ['set4', 'shape']),
      conv('after', 'stack', 'last'),
      weight('last', 1, 1, 3, 4),
    ];
    const { totals, layers } = profiled(nodes);
    expect(totals.multAdds).toBe(5 * 64 * 81 + 5 * 64 * 12);
    expect(layers.at(-1)!.outShape).toEqual([5, 4, 8, 8]);
  });

  it('that is empty has no tensor to take', () => {
    const nodes = [
      ...[IMAGE, shape, numbers('none', 0), numbers('three', 3)],
      node('list', 'EmptyTensorList', ['shape', 'none']),
      node('item', 'TensorListGetItem', ['list', 'three', 'shape']),
      node('sum', 'AddV2', ['x', 'item']),
    ];
    expect(refusal(nodes)).toContain('node "item" (TensorListGetItem): there is no place 3 in a list of 0');
  });
});
