// Does the builder report every mistake where it is made, and is what it builds frozen plain data?

import { describe, expect, test } from 'vitest';
import { Builder } from '../src/builder.js';
import { mul, symbol } from '../src/dim/dim.js';
import { InputError } from '../src/inputError.js';
import type { Value } from '../src/graph.js';

const start = (): [Builder, Value] => {
  const net = Builder.start();
  return [net, net.input([1, 3, 5, 7])];
};

function expectFrozen(value: unknown, path = 'graph'): void {
  if (typeof value !== 'object' || value === null) return;
  expect(Object.isFrozen(value), path).toBe(true);
  for (const [key, inner] of Object.entries(value)) expectFrozen(inner, `${path}.${key}`);
}

describe('what is built', () => {
  test('nodes come in call order, with their defaults filled in and short forms written out', () => {
    const [net, x] = start();
    const a = net.apply('conv', 'a', x, { channels: 4, kernel: 3, padding: [1, 2] });
    const b = net.apply('relu', 'b', a);
    const graph = net.finish('two', b);
    expect(graph).toEqual({
      name: 'two',
      inputs: [{ name: 'input', shape: [1, 3, 5, 7] }],
      nodes: [
        {
          name: 'a',
          op: 'conv',
          attributes: {
            channels: 4,
            kernel: [3, 3],
            stride: [1, 1],
            padding: [1, 2, 1, 2],
            dilation: [1, 1],
            groups: 1,
            bias: false,
          },
          inputs: ['input'],
          shape: [1, 4, 5, 9],
          stage: '',
          block: '',
        },
        { name: 'b', op: 'relu', attributes: {}, inputs: ['a'], shape: [1, 4, 5, 9], stage: '', block: '' },
      ],
      outputs: ['b'],
    });
  });

  test('at() puts its path before names, and keeps stage and block until another place names its own', () => {
    const [net, x] = start();
    const stage = net.at('layer1', { stage: 'stage1' });
    const block = stage.at('0', { block: 'block0' });
    block.apply('relu', 'act', x);
    block.at('branch').at('').apply('relu', 'act', x);
    stage.at('1', { block: 'block1' }).apply('relu', 'act', x);
    net.at('', { stage: 'head' }).apply('relu', 'act', x);
    const y = net.apply('relu', 'last', x);
    expect(net.finish('places', y).nodes.map(({ name, stage, block }) => [name, stage, block])).toEqual([
      ['layer1.0.act', 'stage1', 'block0'],
      ['layer1.0.branch.act', 'stage1', 'block0'],
      ['layer1.1.act', 'stage1', 'block1'],
      ['act', 'head', ''],
      ['last', '', ''],
    ]);
  });

  test('a graph may have several inputs and outputs', () => {
    const [net, x] = start();
    const y = net.input([1, 3, 5, 7], 'other');
    const graph = net.finish('many', [net.apply('add', 'sum', [x, y]), x]);
    expect(graph.inputs.map(({ name }) => name)).toEqual(['input', 'other']);
    expect(graph.outputs).toEqual(['sum', 'input']);
  });

  test('the graph is frozen to its last attribute', () => {
    const [net, x] = start();
    const parts = net.apply('split', 'split', net.apply('conv', 'a', x, { channels: 4, kernel: 3, padding: [1, 2] }), {
      sizes: [1, 3],
      part: 1,
    });
    expectFrozen(net.finish('frozen', net.apply('pad', 'pad', parts, { padding: [1, 0, 2, 0] })));
  });

  test('so are its polynomials, to the last coefficient', () => {
    const net = Builder.start();
    const [n, h] = [symbol('n'), symbol('h', 4)];
    const x = net.input([n, 3, h, h]);
    const y = net.apply('conv', 'a', x, { channels: mul(n, 2), kernel: 2, stride: 2 });
    expectFrozen(net.finish('open', net.apply('split', 'b', y, { sizes: [n, n], part: 0 })));
  });

  test('the graph shares nothing with what was passed in', () => {
    const net = Builder.start();
    const [shape, padding, sizes] = [[1, 3, 5, 7], [1, 1, 1, 1] as [number, number, number, number], [1, 2]];
    const x = net.apply('pad', 'pad', net.input(shape), { padding });
    const graph = net.finish('own', net.apply('split', 'split', x, { sizes, part: 0 }));
    const before = JSON.stringify(graph);
    for (const mine of [shape, padding, sizes])
      try {
        mine[1] = 99;
      } catch {
        // Frozen: the caller cannot change it either.
      }
    expect(JSON.stringify(graph)).toBe(before);
  });

  test('a finished graph does not grow with its builder', () => {
    const [net, x] = start();
    const graph = net.finish('one', net.apply('relu', 'a', x));
    net.apply('relu', 'b', x);
    expect(graph.nodes).toHaveLength(1);
  });
});

describe('what is refused', () => {
  const refused = (title: string, says: string, build: (net: Builder, x: Value) => unknown): void => {
    test(title, () => {
      const [net, x] = start();
      const act = (): unknown => build(net, x);
      expect(act).toThrow(expect.objectContaining({ name: 'InputError', message: says }));
    });
  };

  refused('a name that is taken', 'node "a" (relu): the name "a" is taken: give each node its own', (net, x) =>
    net.apply('relu', 'a', net.apply('relu', 'a', x)),
  );
  refused(
    'a node with the name of an input',
    'node "input" (relu): the name "input" is taken: give each node its own',
    (net, x) => net.apply('relu', 'input', x),
  );
  refused('a second input of the same name', 'the name "input" is taken: give each node its own', (net) =>
    net.input([1, 1]),
  );
  refused(
    'a value of another graph',
    'node "b" (relu): takes its input from "elsewhere", which is neither an earlier node nor a graph input',
    (net) => net.apply('relu', 'b', Builder.start().input([1, 3, 5, 7], 'elsewhere')),
  );
  refused('too few inputs', 'node "b" (add): takes 2 inputs, got 1', (net, x) => net.apply('add', 'b', x));
  refused('too many inputs', 'node "b" (relu): takes 1 input, got 2', (net, x) => net.apply('relu', 'b', [x, x]));
  refused(
    'shapes that do not fit, naming the node and both shapes',
    'node "tail.sum" (add): the shapes [1, 3, 5, 7] and [1, 4, 5, 7] do not fit together',
    (net, x) => net.at('tail').apply('add', 'sum', [x, net.apply('conv', 'a', x, { channels: 4, kernel: 1 })]),
  );
  refused('an input side of 0', 'the shape [1, 0, 5] has a side of 0: sides are positive integers', (net) =>
    net.input([1, 0, 5], 'b'),
  );
  refused('a broken input side', 'the shape [1, 2.5] has a side of 2.5: sides are positive integers', (net) =>
    net.input([1, 2.5], 'b'),
  );
  refused('a negative size', 'node "a" (conv): channels holds -4: give whole numbers from 1 up', (net, x) =>
    net.apply('conv', 'a', x, { channels: -4, kernel: 1 }),
  );
  refused(
    'a reshape to a side of 0',
    'node "a" (reshape): [1, 3, 5, 7] does not have the elements of [1, 105, 0]',
    (net, x) => net.apply('reshape', 'a', x, { shape: [105, 0] }),
  );

  test('a value of the same name but of another graph', () => {
    const [net] = start();
    const other = Builder.start().input([1, 9, 2, 2]);
    expect(() => net.apply('relu', 'b', other)).toThrow(InputError);
  });

  test('a graph without end', () => {
    const [net, x] = start();
    const grow = (): void => {
      for (let i = 0; i <= 200_000; i++) net.apply('relu', `relu${i}`, x);
    };
    expect(grow).toThrow('node "relu200000" (relu): the graph passes 200000 nodes or 5000000 edges: lower a repeat');
  });

  refused('an op that is not in the table', 'node "a" (conv4d): there is no such op', (net, x) =>
    net.apply('conv4d' as 'relu', 'a', x),
  );
  refused('a graph without an output', 'the graph "none" has no output', (net) => net.finish('none', []));
  refused('a graph without an input', 'the graph "none" has no input', () => Builder.start().finish('none', []));

  test('an output that no node of the graph makes', () => {
    const [net, x] = start();
    net.apply('relu', 'a', x);
    expect(() => net.finish('lost', Builder.start().input([1, 3], 'elsewhere'))).toThrow(InputError);
  });
});

describe('parameters that two nodes share', () => {
  const two = (given: object) => (): Value => {
    const [net, x] = start();
    const owner = net.apply('conv', 'owner', x, { channels: 4, kernel: 3, bias: true });
    return net.apply('conv', 'user', x, { channels: 4, kernel: 3, bias: true, ...given }, owner);
  };

  test('are named after the node that counts them, also where it borrows them itself', () => {
    const [net, x] = start();
    const first = net.apply('conv', 'first', x, { channels: 3, kernel: 3 });
    const second = net.apply('conv', 'second', first, { channels: 3, kernel: 3, padding: 3 }, first);
    const third = net.apply('conv', 'third', second, { channels: 3, kernel: 3 }, second);
    const stored = [{ id: 'first/weight', elements: 81 }];
    expect(net.finish('shared', third).nodes.map(({ tensors }) => tensors?.['weight'])).toEqual([
      undefined,
      stored,
      stored,
    ]);
  });

  test('may run with another stride and padding', () => {
    expect(two({ stride: 2, padding: 1 })).not.toThrow();
  });

  test('are those of a node of the same op and the same shapes', () => {
    expect(two({ channels: 5 })).toThrow(
      'node "user" (conv): cannot share the parameters of "owner", which are weight [4, 3, 3, 3], bias [4]: it needs weight [5, 3, 3, 3], bias [5]',
    );
    expect(two({ bias: false })).toThrow(InputError);
    const [net, x] = start();
    expect(() => net.apply('batchNorm', 'norm', x, {}, x)).toThrow('"input", which is not an earlier batchNorm');
    const [other] = start();
    const stranger = other.apply('relu', 'a', other.input([1, 3, 5, 7], 'b'));
    expect(() => net.apply('relu', 'c', x, {}, stranger)).toThrow('"a", which is not an earlier relu');
  });
});
