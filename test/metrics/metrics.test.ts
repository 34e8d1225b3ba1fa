// Is one table enough for every metric? Known answers, laws of peak memory, and a whole row for each.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFINITIONS } from '../../reports/report/definitions.js';
import { Builder } from '../../src/builder.js';
import { builtIn } from '../../src/builtIn.js';
import { compare } from '../../src/compare.js';
import type { Dim } from '../../src/dim/dim.js';
import { formula } from '../../src/formula/formula.js';
import type { Graph } from '../../src/graph.js';
import { COUNT_NAMES, flatKey } from '../../src/metrics/countNames.js';
import { allowedEnd, METRIC_NAMES, METRICS, metricOf } from '../../src/metrics/table.js';
import { graphOf } from '../../src/model.js';
import { opOf, type OpName } from '../../src/ops/table.js';
import { groupBy, profile, totalsOf, type RecordedTotals, type Totals } from '../../src/profile.js';

const totals = (graph: Graph): Totals => profile(graph).totals;
const peaks = (graph: Graph): readonly [number, number] => {
  const { peakActivations, peakActivationsOutOfPlace } = totals(graph);
  return [peakActivations, peakActivationsOutOfPlace];
};

describe('known answers', () => {
  it.each([
    ['resnet50', 21_776_384],
    ['mobilenet_v2', 13_444_032],
  ])("HarDNet's CIO of %s is %d", (name, cio) => {
    expect(totals(graphOf(builtIn(name))).cio).toBe(cio);
  });

  it('ResNet-50 peaks beside its first downsampling convolution', () => {
    const { layers, totals } = profile(graphOf(builtIn('resnet50')));
    expect(totals.peakActivations).toBe(64 * 56 * 56 + 2 * 256 * 56 * 56);
    expect(layers.find(({ aliveElements }) => aliveElements === totals.peakActivations)?.name).toBe(
      'layer1.0.downsample.0',
    );
    // With nothing in place the residual sum of a block allocates beside both of its operands.
    expect(totals.peakActivationsOutOfPlace).toBe(3 * 256 * 56 * 56);
  });

  it('the closed form of CIO is worth what is counted', () => {
    const { at, cio } = formula(builtIn('resnet50'), {}, { n: 2, h: 224, w: 224 });
    expect(cio).toContain('h');
    expect(at!.cio).toBe(2 * 21_776_384);
  });
});

/** A tensor of 100 elements is read by `build`. */
const small = (build: (net: Builder, x: ReturnType<Builder['input']>) => ReturnType<Builder['input']>): Graph => {
  const net = Builder.start();
  return net.finish('small', build(net, net.input([1, 4, 5, 5])));
};

describe('the rule', () => {
  it('a graph input is never overwritten', () => {
    expect(peaks(small((net, x) => net.apply('relu', 'act', x)))).toEqual([200, 200]);
  });

  it('an elementwise op writes in place where nothing reads its operand later', () => {
    const chain = (net: Builder, x: ReturnType<Builder['input']>) => {
      const conv = net.apply('conv', 'conv', x, { channels: 8, kernel: 1 });
      return net.apply('relu', 'act', conv);
    };
    // The convolution has 100 + 200 alive; out of place the ReLU has 200 + 200.
    expect(peaks(small(chain))).toEqual([300, 400]);
  });

  it('an operand that is read later is kept', () => {
    const kept = (net: Builder, x: ReturnType<Builder['input']>) => {
      const conv = net.apply('conv', 'conv', x, { channels: 8, kernel: 1 });
      return net.apply('add', 'sum', [net.apply('relu', 'act', conv), conv]);
    };
    expect(peaks(small(kept))).toEqual([400, 600]);
  });

  it('a view takes nothing, and keeps what it looks at', () => {
    const viewed = (net: Builder, x: ReturnType<Builder['input']>) => {
      const flat = net.apply('flatten', 'flat', x);
      return net.apply('linear', 'fc', flat, { features: 7 });
    };
    expect(peaks(small(viewed))).toEqual([107, 107]);
    const late = (net: Builder, x: ReturnType<Builder['input']>) => {
      const conv = net.apply('conv', 'conv', x, { channels: 8, kernel: 1 });
      const flat = net.apply('flatten', 'flat', conv);
      const act = net.apply('relu', 'act', conv);
      return net.apply('add', 'sum', [net.apply('flatten', 'other', act), flat]);
    };
    // The ReLU may not overwrite what the view still shows.
    expect(peaks(small(late))[0]).toBe(400);
  });

  it('a learnt tensor is a weight, and takes nothing', () => {
    const token = (net: Builder, x: ReturnType<Builder['input']>) =>
      net.apply('add', 'sum', [x, net.apply('parameter', 'token', [], { shape: [1, 4, 5, 5] })]);
    expect(peaks(small(token))).toEqual([200, 200]);
  });

  it('a concat allocates its output while its inputs are alive', () => {
    const dense = (net: Builder, x: ReturnType<Builder['input']>) =>
      net.apply('concat', 'cat', [x, net.apply('conv', 'conv', x, { channels: 2, kernel: 1 })]);
    expect(peaks(small(dense))[0]).toBe(100 + 50 + 150);
  });
});

interface Step {
  readonly kind: 'conv' | 'act' | 'norm' | 'add' | 'concat' | 'gate' | 'pool';
  readonly channels: number;
}
const steps = fc.array(
  fc.record<Step>({
    kind: fc.constantFrom('conv', 'act', 'norm', 'add', 'concat', 'gate', 'pool'),
    channels: fc.integer({ min: 1, max: 9 }),
  }),
  { minLength: 1, maxLength: 10 },
);

function network(given: readonly Step[], n: Dim = 1): Graph {
  const net = Builder.start();
  let x = net.input([n, 3, 8, 8]);
  for (const [i, { kind, channels }] of given.entries()) {
    const at = net.at(`step${i}`, { stage: `stage${i % 3}`, block: '' });
    const same = () => at.apply('conv', 'same', x, { channels: x.shape[1]!, kernel: 1 });
    if (kind === 'conv') x = at.apply('conv', 'conv', x, { channels, kernel: 3, padding: 1 });
    if (kind === 'act') x = at.apply('relu', 'act', x);
    if (kind === 'norm') x = at.apply('batchNorm', 'norm', x);
    if (kind === 'add') x = at.apply('add', 'add', [same(), x]);
    if (kind === 'concat') x = at.apply('concat', 'cat', [x, same()]);
    if (kind === 'gate') x = at.apply('multiply', 'gate', [x, at.apply('globalAvgPool', 'pool', x)]);
    if (kind === 'pool') x = at.apply('maxPool', 'pool', x, { kernel: 3, stride: 1, padding: 1 });
  }
  return net.finish('random', x);
}

const law = (title: string, holds: (given: readonly Step[]) => void): void => {
  it(title, () => {
    fc.assert(fc.property(steps, holds), { seed: 11, numRuns: 150 });
  });
};

const size = (shape: readonly number[]): number => shape.reduce((all, side) => all * side, 1);

describe('laws over random networks', () => {
  law('a layer that is not in place has at least its inputs and its output alive', (given) => {
    for (const layer of profile(network(given)).layers) {
      const inputs = (layer.inShapes ?? [layer.inShape]).reduce((all, shape) => all + size(shape), 0);
      const least = inputs + size(layer.outShape);
      expect(layer.aliveElementsOutOfPlace).toBeGreaterThanOrEqual(least);
      const { traffic } = opOf(layer.op as OpName);
      expect(layer.aliveElements).toBeGreaterThanOrEqual(traffic === 'elementwise' ? inputs : least);
    }
  });

  law('in place is at most out of place, in every layer', (given) => {
    for (const layer of profile(network(given)).layers)
      expect(layer.aliveElements).toBeLessThanOrEqual(layer.aliveElementsOutOfPlace);
  });

  law('the batch scales both peaks and CIO', (given) => {
    const [one, three] = [totals(network(given)), totals(network(given, 3))];
    expect(three.peakActivations).toBe(3 * one.peakActivations);
    expect(three.peakActivationsOutOfPlace).toBe(3 * one.peakActivationsOutOfPlace);
    expect(three.cio).toBe(3 * one.cio);
  });

  law('a peak is the greatest of its groups, and CIO their sum', (given) => {
    const { layers, totals } = profile(network(given));
    const groups = groupBy(layers, 'stage');
    expect(Math.max(...groups.map(({ peakActivations }) => peakActivations))).toBe(totals.peakActivations);
    expect(groups.reduce((sum, { cio }) => sum + cio, 0)).toBe(totals.cio);
  });
});

describe('the table', () => {
  it.each(METRIC_NAMES)('%s has names, a unit and a definition', (name) => {
    const { title, short, words, unit, better, about } = metricOf(name);
    for (const text of [title, short, words, unit]) expect(text).not.toBe('');
    expect(about).toMatch(/^[A-Z].*\.$/);
    expect(allowedEnd(metricOf(name))).toBe(better === 'less' ? 'most' : 'least');
  });

  it.each(METRIC_NAMES)('%s is explained in the glossary', (name) => {
    const { word, meaning } = DEFINITIONS[flatKey(name)]!;
    expect([word, meaning].every((text) => text !== '')).toBe(true);
    const { about, source } = metricOf(name);
    // The glossary speaks of the balance of any layer or group, the table of the worst one.
    if (name !== 'balance') expect(meaning).toContain(about.slice(0, -1));
    if (source !== null) expect(meaning).toContain(source);
  });

  it('names each metric once', () => {
    for (const key of ['title', 'short', 'words'] as const)
      expect(new Set(METRIC_NAMES.map((name) => metricOf(name)[key])).size).toBe(METRIC_NAMES.length);
    expect(new Set(METRIC_NAMES.map(flatKey)).size).toBe(METRIC_NAMES.length);
  });

  it('reads each count at its path in the totals', () => {
    const counted = profile(graphOf(builtIn('resnet18')));
    for (const name of COUNT_NAMES) {
      const value = name
        .split('.')
        .reduce<unknown>((all, key) => (all as Record<string, unknown>)[key], counted.totals);
      expect(METRICS[name].read(counted), name).toBe(value);
    }
    expect(totalsOf(counted.layers)).toEqual(counted.totals);
  });

  it('a record of an earlier version has no ratio of what it did not count', () => {
    const counted = profile(graphOf(builtIn('resnet18')));
    const lately = new Set(['cio', 'peakActivations', 'peakActivationsOutOfPlace']);
    const earlier = Object.fromEntries(
      Object.entries(counted.totals).filter(([key]) => !lately.has(key)),
    ) as unknown as RecordedTotals;
    const { ratios, models } = compare([counted, { ...counted, totals: earlier }]);
    expect([ratios[1]!.cio, ratios[1]!.peakActivations, ratios[1]!.params]).toEqual([null, null, 1]);
    expect('cio' in models[1]!).toBe(false);
    expect([ratios[0]!.cio, ratios[0]!.peakActivations]).toEqual([1, 1]);
  });
});
