// Does a graph survive its journey as JSON? Every graph comes back equal, symbols and all; every lie in it is found.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtIn, builtInNames } from '../../../src/builtIn.js';
import { Builder } from '../../../src/builder.js';
import { mul, symbol } from '../../../src/dim/dim.js';
import { promise } from '../../../src/dim/promise.js';
import { rational } from '../../../src/dim/rational.js';
import { readConfig } from '../../../src/importers/config/readConfig.js';
import { graphToJson } from '../../../src/exporters/json/graphJson.js';
import { graphFromJson } from '../../../src/importers/graphJson/readGraph.js';
import type { Graph } from '../../../src/graph.js';
import { InputError } from '../../../src/inputError.js';
import { graphOf } from '../../../src/model.js';
import { profile } from '../../../src/profile.js';

const travelled = (graph: Graph): Graph => graphFromJson(JSON.parse(JSON.stringify(graphToJson(graph))));

describe('graphFromJson(graphToJson(graph))', () => {
  it.each(builtInNames())('is %s again', (name) => {
    const graph = graphOf(builtIn(name));
    expect(travelled(graph)).toEqual(graph);
  });

  it('is the graph again with symbols for its sizes', () => {
    const side = (name: string) => symbol(name, 32);
    for (const name of ['densenet121', 'resnet50', 'mobilenet_v2', 'vgg11']) {
      const { build, config } = builtIn(name);
      const input = [symbol('n'), 3, name === 'vgg11' ? 224 : side('h'), name === 'vgg11' ? 224 : side('w')];
      const symbolic = name === 'densenet121' ? { ...config, growth: symbol('g', 2) } : config;
      const graph = build(input, symbolic);
      expect(travelled(graph)).toEqual(graph);
    }
  });

  it('is the graph again with all that its symbols promise: fractions, a least and a greatest value', () => {
    const width = symbol('a', promise(rational(1n, 24n), undefined, rational(2n)));
    const net = Builder.start();
    const x = net.input([1, mul(24, width), symbol('h', promise(rational(2n), rational(10n))), 64]);
    const graph = net.finish('promising', net.apply('conv', 'conv', x, { channels: mul(48, width), kernel: 7 }));
    expect(travelled(graph)).toEqual(graph);
    expect(graphToJson(graph)).toMatchObject({
      symbols: { a: { multipleOf: '1/24', most: 2 }, h: { multipleOf: 2, least: 10 } },
    });
  });

  it.each([[[]], [[5]]])('is the graph again with a product of a stored matrix and the offset %j', (bias) => {
    const net = Builder.start();
    const x = net.input([1, 3, 4]);
    const given = { equation: 'btc,cd->btd', weight: [4, 5], bias };
    const graph = net.finish('product', net.apply('einsumDense', 'product', x, given));
    expect(travelled(graph)).toEqual(graph);
    expect(profile(travelled(graph)).totals.params).toBe(20 + (bias[0] ?? 0));
  });

  it('is the graph again with parameters that nodes share', () => {
    const net = Builder.start();
    const x = net.input([1, 4, 8, 8]);
    const first = net.apply('conv', 'first', x, { channels: 4, kernel: 3 });
    const graph = net.finish('shared', net.apply('conv', 'second', first, { channels: 4, kernel: 3 }, first));
    expect(travelled(graph)).toEqual(graph);
    expect(profile(travelled(graph)).totals.params).toBe(144);
    const older = JSON.stringify(graphToJson(graph))
      .replace('flopscope.graph/2', 'flopscope.graph/1')
      .replace(/"tensors":{[^}]*}\]}/, '"sharesParams":"first"');
    expect(graphFromJson(JSON.parse(older))).toEqual(graph);
    const lost: unknown = JSON.parse(older.replace('"sharesParams":"first"', '"sharesParams":"frist"'));
    expect(() => graphFromJson(lost)).toThrow(
      'node "second" shares the parameters of the unknown node "frist"; the nearest is first',
    );
  });

  it('is the graph again with what is left out of it, and with parameters that nothing feeds', () => {
    const net = Builder.start();
    const x = net.input([1, 4, 8, 8], 'image');
    const first = net.apply('conv', 'first', x, { channels: 4, kernel: 3, padding: 1 });
    const given = net.input([1, 4, 8, 8], 'fancy', { inputs: ['first'], after: 'first' });
    const token = net.apply('parameter', 'token', [], { shape: [1, 4, 8, 8] });
    const sum = net.apply('add', 'sum', [net.apply('add', 'both', [first, given]), token]);
    const omitted = { ops: [{ op: 'Fancy', nodes: 1, first: 'fancy', why: 'it is new' }], behind: 2 };
    const graph: Graph = { ...net.finish('partial', sum, omitted), unread: 12 };
    expect(travelled(graph)).toEqual(graph);
    expect(profile(travelled(graph))).toEqual(profile(graph));
    const lost = JSON.stringify(graphToJson(graph)).replace('"after":"first"', '"after":"frist"');
    expect(() => graphFromJson(JSON.parse(lost))).toThrow(
      'stands behind the unknown node "frist"; the nearest is first',
    );
  });

  it('is any graph again', () => {
    const size = fc.oneof(
      fc.integer({ min: 1, max: 512 }),
      fc.constantFrom('a', 'b_2', 'Channels').chain((name) => fc.constant(symbol(name, 6))),
    );
    const step = fc.record({
      op: fc.constantFrom('conv', 'relu', 'batchNorm', 'concat', 'pad', 'upsample', 'reshape' as const),
      channels: size,
      kernel: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
      bias: fc.boolean(),
      from: fc.nat(),
      stage: fc.string(),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), size, (steps, inChannels) => {
        const net = Builder.start();
        const images = [net.input([symbol('n'), inChannels, symbol('h', 4), 40])];
        for (const [i, { op, channels, kernel, bias, from, stage }] of steps.entries()) {
          const at = net.at(`node${i}`, { stage, block: `${stage}.${i}` });
          const x = images[from % images.length]!;
          if (op === 'conv') {
            const padding = [0, 1, kernel[0] - 1, kernel[1]] as const;
            images.push(at.apply(op, op, x, { channels, kernel, padding, bias }));
          } else if (op === 'pad') images.push(at.apply(op, op, x, { channels: [channels, 3] }));
          else if (op === 'upsample') images.push(at.apply(op, op, x, { scale: 2, mode: 'bilinear' }));
          else if (op === 'reshape') at.apply(op, op, x, { shape: [-1] });
          else images.push(at.apply(op, op, x, {}));
        }
        const graph = net.finish('any', images.slice(-2));
        expect(travelled(graph)).toEqual(graph);
      }),
      { seed: 20, numRuns: 300 },
    );
  });
});

const small = (): Record<string, never> & { nodes: Record<string, unknown>[]; inputs: Record<string, unknown>[] } => {
  const net = Builder.start();
  const x = net.input([1, 4, 8, 8]);
  const y = net.apply('relu', 'act', net.apply('conv', 'first', x, { channels: 6, kernel: 3 }));
  return JSON.parse(JSON.stringify(graphToJson(net.finish('small', y)))) as ReturnType<typeof small>;
};

describe('a graph that is wrong', () => {
  const first = (change: object) => ({ ...small(), nodes: [{ ...small().nodes[0], ...change }, small().nodes[1]] });
  const attribute = (change: object) =>
    first({ attributes: { ...(small().nodes[0]!['attributes'] as object), ...change } });
  it.each([
    ['no object', null, 'must be a mapping, not nothing'],
    [
      'another schema',
      { ...small(), schema: 'flopscope.graph/3' },
      'schema: Invalid option: expected one of "flopscope.graph/2"|"flopscope.graph/1"',
    ],
    ['no nodes', { ...small(), nodes: undefined }, 'nodes: must be a list, not nothing'],
    ['an unknown op', first({ op: 'cnv' }), 'node "first" has the unknown op "cnv"; the nearest is conv'],
    [
      'an unknown input',
      first({ inputs: ['inptu'] }),
      'node "first" takes its input from the unknown node "inptu"; the nearest is input',
    ],
    [
      'a later input',
      first({ inputs: ['act'] }),
      'node "first" takes its input from the unknown node "act"; the nearest is input',
    ],
    [
      'another shape',
      first({ shape: [1, 6, 6, 7] }),
      'node "first" states the shape [1, 6, 6, 7], but its op gives [1, 6, 6, 6]',
    ],
    [
      'a name taken',
      first({ name: 'input' }),
      'node "input" (conv): the name "input" is taken: give each node its own',
    ],
    [
      'an unknown attribute',
      attribute({ chanels: 3 }),
      'node "first" (conv) has no attribute "chanels"; the nearest is channels',
    ],
    [
      'a bad attribute',
      attribute({ kernel: [3, 0] }),
      'node "first" (conv): kernel must be a positive whole number or a list of two, [height, width], not [3,0]',
    ],
    [
      'a negative size',
      attribute({ channels: -6 }),
      'node "first" (conv): channels must be a positive whole number, not -6',
    ],
    [
      'an unknown symbol',
      attribute({ channels: '2 g' }),
      '"g" in the size "2 g" is neither a number nor a known symbol',
    ],
    ['a number as a text', attribute({ channels: '6' }), 'the size "6" has no symbols: write the number 6'],
    [
      'another spelling',
      { ...attribute({ channels: 'g + g' }), symbols: { g: { multipleOf: 1 } } },
      'the size "g + g" must be written "2 g"',
    ],
    [
      'a fraction',
      { ...attribute({ channels: '0.5 g' }), symbols: { g: { multipleOf: 1 } } },
      'the size "0.5 g" is not a whole number wherever its symbols keep their promises',
    ],
    [
      'a division by zero',
      { ...attribute({ channels: '1/0 g' }), symbols: { g: { multipleOf: 1 } } },
      '"1/0" in the size "1/0 g" is neither a number nor a known symbol',
    ],
    ['a promise of 0', { ...small(), symbols: { g: { multipleOf: '0/3' } } }, 'symbols.g.multipleOf'],
    [
      'an unknown output',
      { ...small(), outputs: ['a'] },
      'the output is no node "a"; the nearest are act, input, first',
    ],
    [
      'a side of 0',
      { ...small(), inputs: [{ name: 'input', shape: [1, 4, 0, 8] }] },
      'the shape [1, 4, 0, 8] has a side of 0: sides are positive integers',
    ],
  ])('%s', (_, json, message) => {
    const read = () => graphFromJson(JSON.parse(JSON.stringify(json)));
    expect(read).toThrow(InputError);
    expect(read).toThrow(message);
  });
});

describe('a graph with any of its values replaced', () => {
  const DEEP = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  const text = JSON.stringify(
    graphToJson(graphOf(readConfig('input: 4x9x9\nlayers: [{ shuffleUnit: { channels: 4 } }]', 'a'))),
  );
  const values = [...text.matchAll(/(?<=[:,[])(?:"[^"]*"|-?\d+|true|false|\[[^[\]]*\]|\{[^{}]*\})(?=[,\]}])/g)];
  const hostile = [
    '-1',
    '0',
    '1.5',
    '1e300',
    '9007199254740993',
    'null',
    'true',
    '"g"',
    '"g^999"',
    '"1/0"',
    '""',
    '[]',
    '{}',
    '[[1]]',
  ];

  it('is a graph, or is refused in one sentence', () => {
    expect(values.length).toBeGreaterThan(80);
    fc.assert(
      fc.property(
        fc.constantFrom(...values),
        fc.constantFrom(...hostile, '[1, 1, 1, 1]', '"input"', DEEP),
        (at, value) => {
          try {
            const model = readConfig(text.slice(0, at.index) + value + text.slice(at.index + at[0].length), 'a.json');
            expect(Number.isSafeInteger(profile(graphOf(model)).totals.multAdds)).toBe(true);
          } catch (error) {
            expect(error).toBeInstanceOf(InputError);
            expect((error as Error).message).toMatch(/^a\.json:\d+:\d+: \S.*$|passes 2\^53/);
          }
        },
      ),
      { seed: 21, numRuns: 600 },
    );
  });
});

describe('a graph as a config', () => {
  it('is a model that takes images of any size', () => {
    const text = JSON.stringify(graphToJson(graphOf(builtIn('resnet18'))), null, 2);
    const model = readConfig(text, 'resnet18.json');
    expect([model.name, model.input, model.source]).toEqual(['resnet18', [3, 224, 224], 'config']);
    for (const size of [
      [3, 224, 224],
      [3, 96, 160],
    ] as const)
      expect(profile(graphOf(model, 2, size)).layers).toEqual(profile(graphOf(builtIn('resnet18'), 2, size)).layers);
  });

  it('says where it is wrong, in its text', () => {
    const text = JSON.stringify({ ...small(), nodes: [{ ...small().nodes[0], op: 'cnv' }, small().nodes[1]] }, null, 2);
    const line = text.split('\n').findIndex((row) => row.includes('"nodes"')) + 2;
    expect(() => readConfig(text, 'a.json')).toThrow(
      `a.json:${line}:5: node "first" has the unknown op "cnv"; the nearest is conv`,
    );
    const model = readConfig(JSON.stringify(small()), 'a.json');
    expect(() => graphOf(model, 1, [4, 2, 8])).toThrow(/^a\.json:1:\d+: node "first" \(conv\): a window of kernel 3/);
  });

  it('is refused with symbols, or with another input than one image', () => {
    const { build } = builtIn('resnet18');
    const text = JSON.stringify(graphToJson(build([symbol('n'), 3, symbol('h', 32), 224])));
    expect(() => readConfig(text, 'a.json')).toThrow(
      /^a\.json:1:\d+: a model needs one input \[N, C, H, W\] of numbers, this graph has \[n, 3, h, 224\]$/,
    );
  });
});
