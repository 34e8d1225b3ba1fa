// Tests of names: those of a set of segments give the very same set, for checkpoints and freezing.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { candidatesOf, namer } from '../../src/training/candidates.js';
import { segmentsOf, type Segment } from '../../src/training/checkpoint.js';
import { flagOf, namesOf } from '../../src/training/flagNames.js';
import { nodesNamed } from '../../src/training/part.js';
import type { Tape } from '../../src/training/tape.js';
import { builtInTape, conv, tapeOn } from './chain.js';

/** Three blocks named alike in two stages, with layers in front of, between and behind them. */
const alike = (): Tape =>
  tapeOn((net, x) => {
    let value = x;
    for (const stage of ['one', 'two']) {
      const within = net.at(stage, { stage });
      value = conv(within, 'before', value, 3);
      for (const block of ['blocks.0', 'blocks,1']) {
        const inside = within.at(block, { block });
        value = inside.apply('relu', 'relu', conv(inside, 'conv', value, 4));
        value = conv(within, `after ${block}`, value, 3);
      }
    }
    return value;
  });

const NETWORKS: readonly (readonly [string, () => Tape])[] = [
  ['alike', alike],
  ...['resnet50', 'densenet121', 'vovnet39', 'ese_vovnet39b', 'V-39-eSE', 'shufflenet_v2_x1_0', 'vgg11_bn'].map(
    (name) => [name, () => builtInTape(name)] as const,
  ),
];

/** Without those that begin before the end of another. */
const disjoint = (segments: readonly Segment[]): readonly Segment[] =>
  segments.reduce<readonly Segment[]>(
    (some, one) => ((some.at(-1)?.last ?? -1) < one.first ? [...some, one] : some),
    [],
  );

describe.each(NETWORKS)('%s', (_, make) => {
  const tape = make();
  const kinds: readonly (readonly Segment[])[] = [
    candidatesOf(tape).map(namer(tape)),
    ...['stage', 'block', 'concat'].map((kind) => segmentsOf(tape, [kind])),
  ].filter((segments) => segments.length > 0);

  test('the names of any set of segments, written on a command line, give the set again', () => {
    const sets = fc.constantFrom(...kinds).chain((segments) => fc.subarray([...segments]).map(disjoint));
    fc.assert(
      fc.property(sets, (segments) => {
        const line = segments.map(({ name }) => flagOf(name).replace(/^'(.*)'$/, '$1'));
        expect(segmentsOf(tape, namesOf(line))).toEqual(segments);
      }),
      { seed: 7, numRuns: 40 },
    );
  });

  test('each name means the layers of its segment, for freezing too', () => {
    for (const { name, first, last } of kinds.flat()) {
      const layers = tape.steps.slice(first, last + 1).map(({ node }) => node);
      expect([...nodesNamed(tape.graph, name)].sort()).toEqual([...new Set(layers)].sort());
    }
  });
});

test('blocks of one name stand behind their stage, what is beside them is the rest or a range', () => {
  const namesIn = (tape: Tape): readonly string[] => candidatesOf(tape).map((span) => namer(tape)(span).name);
  expect(namesIn(alike())).toEqual(
    expect.arrayContaining([
      'one.before..one.before',
      'one/blocks.0',
      'one.after blocks,1..one.after blocks,1',
      'one/blocks,1',
    ]),
  );
  expect(namesIn(builtInTape('shufflenet_v2_x1_0'))).toEqual(expect.arrayContaining(['stem', 'head']));
  expect(() => nodesNamed(alike().graph, 'blocks.0')).toThrow(
    '"blocks.0" is a block in several stages of chain: name its stage too, as in one/blocks.0',
  );
});

test('a range from a later layer to an earlier one is said to be the other way round', () => {
  expect(() => nodesNamed(builtInTape('resnet18').graph, 'layer2.0.conv1..layer1.0.conv1')).toThrow(
    'resnet18: "layer2.0.conv1..layer1.0.conv1" ends before it begins; write layer1.0.conv1..layer2.0.conv1',
  );
});

test('a name with a comma or a space is one argument', () => {
  expect(namesOf(['a,b', 'c'])).toEqual(['a', 'b', 'c']);
  expect([flagOf('layer1.0'), flagOf('a,b'), flagOf("it's")]).toEqual(['layer1.0', "'a\\,b'", "'it'\\''s'"]);
  expect(namesOf(['a\\,b'])).toEqual(['a,b']);
});
