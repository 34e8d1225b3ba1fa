// The fused memory access of a network does not depend on how its concats are spelled.

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Builder } from '../src/builder.js';
import type { Graph, Value } from '../src/graph.js';
import { profile } from '../src/profile.js';

/** How all features so far are joined, each time that a layer reads them. */
type Spelling = (net: Builder, name: string, parts: readonly Value[], joined: Map<number, Value>) => Value;

/** One concat of everything that was made before. */
const wide: Spelling = (net, name, parts) => (parts.length === 1 ? parts[0]! : net.apply('concat', name, parts));

/** A concat of the last join and the newest part, which every later join reads again. */
const chain: Spelling = (net, name, parts, joined) => {
  const last = parts.length - 1;
  const known = joined.get(last);
  if (known) return known;
  const before = last === 0 ? parts[0]! : chain(net, `${name}.${last}`, parts.slice(0, last), joined);
  const made = last === 0 ? before : net.apply('concat', name, [before, parts[last]!]);
  joined.set(last, made);
  return made;
};

/** The same as `wide`, by way of views and of concats that have one part. */
const roundabout: Spelling = (net, name, parts) => {
  const each = parts.map((part, i) => net.apply('view', `${name}.view${i}`, part, { shape: part.shape }));
  return net.apply('concat', `${name}.again`, net.apply('concat', name, each));
};

interface Layer {
  readonly activated: boolean;
  readonly channels: number;
  readonly gated: boolean;
}

function dense(layers: readonly Layer[], spell: Spelling): Graph {
  const net = Builder.start();
  const image = net.input([1, 3, 16, 16]);
  const parts: Value[] = [net.apply('conv', 'stem', image, { channels: 8, kernel: 3, padding: 1 })];
  const joined = new Map<number, Value>();
  layers.forEach(({ activated, channels, gated }, i) => {
    let value = spell(net, `join${i}`, parts, joined);
    if (activated) value = net.apply('relu', `relu${i}`, net.apply('batchNorm', `norm${i}`, value));
    let made = net.apply('conv', `conv${i}`, value, { channels, kernel: 3, padding: 1 });
    if (gated) made = net.apply('multiply', `times${i}`, [made, net.apply('sigmoid', `gate${i}`, made)]);
    parts.push(made);
  });
  return net.finish(
    'dense',
    net.apply('conv', 'last', spell(net, 'joined', parts, joined), { channels: 4, kernel: 1 }),
  );
}

const layer = fc.record({
  activated: fc.boolean(),
  channels: fc.integer({ min: 1, max: 12 }),
  gated: fc.boolean(),
});

test('of random dense networks: one wide concat, a chain of concats, views and concats of one part', () => {
  fc.assert(
    fc.property(fc.array(layer, { minLength: 1, maxLength: 7 }), (layers) => {
      const fused = [wide, chain, roundabout].map((spell) => profile(dense(layers, spell)).totals.memoryAccess.fused);
      expect(new Set(fused).size).toBe(1);
    }),
    { seed: 12, numRuns: 200 },
  );
});

test('an elementwise op between a concat and a convolution is absorbed by its reader', () => {
  const once = dense([{ activated: true, channels: 4, gated: false }], wide);
  const plain = dense([{ activated: false, channels: 4, gated: false }], wide);
  expect(profile(once).totals.memoryAccess.fused).toBe(profile(plain).totals.memoryAccess.fused);
});

test('zeros around an image are absorbed by the convolution or pool that alone reads them', () => {
  const net = Builder.start();
  const padded = net.apply('pad', 'pad', net.input([1, 3, 8, 8]), { padding: 1 });
  const graph = net.finish('padded', net.apply('conv', 'conv', padded, { channels: 4, kernel: 3 }));
  const own = Builder.start();
  const inside = own.apply('conv', 'conv', own.input([1, 3, 8, 8]), { channels: 4, kernel: 3, padding: 1 });
  expect(profile(graph).totals.memoryAccess.fused).toBe(
    profile(own.finish('inside', inside)).totals.memoryAccess.fused,
  );
});

const fusedOf = (net: Builder, output: Value): number => profile(net.finish('net', output)).totals.memoryAccess.fused;
const TURNED = { order: [1, 0, 2] };

test('a recurrent layer reads and writes steps and images in either order: transpositions around it are absorbed', () => {
  const layer = { kind: 'lstm', hidden: 8 } as const;
  const own = Builder.start();
  const plain = own.apply('relu', 'relu', own.apply('rnn', 'rnn', own.input([2, 6, 16]), { ...layer, timeAxis: 1 }));
  const net = Builder.start();
  const steps = net.apply('transpose', 'steps', net.input([2, 6, 16]), TURNED);
  const made = net.apply('rnn', 'rnn', steps, { ...layer, timeAxis: 0 });
  // As ONNX has it, with a side for the directions in between.
  const wide = net.apply('view', 'wide', made, { shape: [6, 1, 2, 8] });
  const back = net.apply('transpose', 'back', net.apply('view', 'narrow', wide, { shape: [6, 2, 8] }), TURNED);
  expect(fusedOf(net, net.apply('relu', 'relu', back))).toBe(fusedOf(own, plain));
});

test('a transposition that others read, too, or in another order, is a copy', () => {
  const layer = { kind: 'gru', hidden: 8, timeAxis: 0 } as const;
  const one = Builder.start();
  const plain = one.apply('rnn', 'rnn', one.input([6, 2, 16]), layer);
  const base = fusedOf(one, plain);
  const twice = Builder.start();
  const steps = twice.apply('transpose', 'steps', twice.input([2, 6, 16]), TURNED);
  const sum = twice.apply('concat', 'both', [twice.apply('rnn', 'rnn', steps, layer), steps], { axis: 2 });
  expect(fusedOf(twice, sum)).toBeGreaterThanOrEqual(base + 2 * 192);
  const other = Builder.start();
  const odd = other.apply('transpose', 'odd', other.input([6, 16, 2]), { order: [0, 2, 1] });
  expect(fusedOf(other, other.apply('rnn', 'rnn', odd, layer))).toBe(base + 2 * 192);
});

test('a roll is a concat of two slices', () => {
  const conv = { channels: 4, kernel: 1 };
  const own = Builder.start();
  const rolled = own.apply('roll', 'roll', own.input([1, 3, 8, 8]), { axes: [2], shifts: [-2] });
  const net = Builder.start();
  const image = net.input([1, 3, 8, 8]);
  const part = (first: number, rows: number): Value =>
    net.apply('slice', `from${first}`, image, { begin: [0, 0, first, 0], size: [1, 3, rows, 8], step: [1, 1, 1, 1] });
  const joined = net.apply('concat', 'joined', [part(2, 6), part(0, 2)], { axis: 2 });
  expect(fusedOf(own, own.apply('conv', 'conv', rolled, conv))).toBe(
    fusedOf(net, net.apply('conv', 'conv', joined, conv)),
  );
});
