// What does a diff say? Laws for any two networks, and known answers for what people do to a network.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Builder } from '../../src/builder.js';
import { COSTS, diff, type DiffRow } from '../../src/diff/diff.js';
import { atCount, countOf, flatKey } from '../../src/metrics/countNames.js';
import { movedBy } from '../../src/diff/groups.js';
import { profile, type Profile } from '../../src/profile.js';
import { profileOf } from '../reports/synthetic.js';

/** One layer of a chain: its channels, its name, its stage. */
interface Link {
  readonly kind: 'conv' | 'relu' | 'sigmoid' | 'batchNorm' | 'concat';
  readonly channels: number;
  readonly name?: string;
  readonly stage?: string;
}

function chain(links: readonly Link[], name = 'net'): Profile {
  const net = Builder.start();
  let value = net.input([1, 3, 8, 8]);
  for (const [i, { kind, channels, name, stage = 's' }] of links.entries()) {
    const place = net.at('', { stage, block: stage });
    const full = name ?? `${kind}${i}`;
    if (kind === 'conv') value = place.apply('conv', full, value, { channels, kernel: 3, padding: 1 });
    else if (kind === 'concat') value = place.apply('concat', full, [value, value]);
    else value = place.apply(kind, full, value);
  }
  return profile(net.finish(name, value));
}

const link: fc.Arbitrary<Link> = fc.record({
  kind: fc.constantFrom('conv', 'conv', 'relu', 'batchNorm', 'concat'),
  channels: fc.integer({ min: 1, max: 4 }),
  stage: fc.constantFrom('a', 'b', 'c'),
});
const links = fc
  .array(link, { minLength: 1, maxLength: 14 })
  // Doubling at each concat, channels would pass every bound.
  .filter((all) => all.filter(({ kind }) => kind === 'concat').length < 5);
/** Networks whose layers are called by their number, by something of their own, or by names that others have too. */
const network = fc
  .tuple(links, fc.constantFrom('numbered', 'own', 'mixed'))
  .map(([all, naming]) =>
    chain(
      all.map((one, i) =>
        naming === 'numbered' ? one : { ...one, name: naming === 'own' ? `x${i * 7}` : `conv${all.length - i}` },
      ),
    ),
  );
/** A network and what someone made of it. */
const versions = fc.oneof(
  fc.tuple(network, network),
  fc
    .tuple(links, fc.nat(), fc.array(link, { maxLength: 3 }), fc.nat(3))
    .filter(([all, , more]) => [...all, ...more].filter(({ kind }) => kind === 'concat').length < 6)
    .map(
      ([all, at, more, removed]) =>
        [chain(all), chain(all.toSpliced(at % all.length, Math.min(removed, all.length - 1), ...more, link0))] as const,
    ),
);
const link0: Link = { kind: 'relu', channels: 1 };

const key = ({ change, before, after, moved }: DiffRow): string => JSON.stringify([change, before, after, moved]);
const MIRRORED = {
  added: 'removed',
  removed: 'added',
  changed: 'changed',
  renamed: 'renamed',
  unchanged: 'unchanged',
} as const;
const mirrored = ({ change, before, after, moved }: DiffRow): DiffRow => ({
  change: MIRRORED[change],
  before: after,
  after: before,
  moved: Object.fromEntries(Object.entries(moved).map(([cost, value]) => [cost, 0 - value])) as DiffRow['moved'],
});
const RUNS = { seed: 5, numRuns: 400 };

describe('of any two networks', () => {
  it('the rows add up to the difference of the totals, and so do the groups, exactly', () => {
    fc.assert(
      fc.property(versions, ([a, b]) => {
        const { diff: result, rows } = diff(a, b);
        const { moved } = result.totals;
        const [before, after] = [a.totals, b.totals];
        expect(moved).toMatchObject({
          params: after.params - before.params,
          multAdds: after.multAdds - before.multAdds,
          memoryAccessUnfused: after.memoryAccess.unfused - before.memoryAccess.unfused,
          memoryAccessFused: after.memoryAccess.fused - before.memoryAccess.fused,
        });
        for (const name of COSTS) {
          const cost = flatKey(name);
          expect(moved[cost]).toBe(atCount(after, name) - atCount(before, name));
          // The peak of a network is no sum over its layers.
          if (countOf(name).combine === 'max') continue;
          expect(result.layers.reduce((sum, row) => sum + row.moved[cost], 0)).toBe(moved[cost]);
          for (const by of ['stage', 'block', 'op'] as const)
            expect(movedBy(rows, by).reduce((sum, group) => sum + group.moved[cost], 0)).toBe(moved[cost]);
        }
      }),
      RUNS,
    );
  });

  it('every layer of both is in exactly one row', () => {
    fc.assert(
      fc.property(versions, ([a, b]) => {
        const { rows, diff: result } = diff(a, b);
        const names = (side: 'before' | 'after'): readonly string[] =>
          rows.flatMap((row) => row[side]?.name ?? []).sort();
        expect(names('before')).toEqual(a.layers.map(({ name }) => name).sort());
        expect(names('after')).toEqual(b.layers.map(({ name }) => name).sort());
        expect(Object.values(result.counts).reduce((sum, n) => sum + n, 0)).toBe(rows.length);
        expect(result.layers.length).toBe(rows.length - result.counts.unchanged);
      }),
      RUNS,
    );
  });

  it('the diff of the second to the first is the mirror image', () => {
    fc.assert(
      fc.property(versions, ([a, b]) => {
        const [there, back] = [diff(a, b), diff(b, a)];
        expect(back.rows.map(mirrored).map(key).sort()).toEqual(there.rows.map(key).sort());
        for (const by of ['stage', 'block', 'op'] as const) {
          const names = movedBy(there.rows, by).map(({ name: { before, after } }) => `${before} ${after}`);
          expect(
            movedBy(back.rows, by)
              .map(({ name: { before, after } }) => `${after} ${before}`)
              .sort(),
          ).toEqual(names.sort());
        }
      }),
      RUNS,
    );
  });

  it('a network differs from itself in nothing, and from itself renamed in names alone', () => {
    fc.assert(
      fc.property(network, (a) => {
        expect(diff(a, a).diff.layers).toEqual([]);
        const other = { ...a, layers: a.layers.map((layer, i) => ({ ...layer, name: `other${i}`, stage: 'z' })) };
        const { counts, totals } = diff(a, other).diff;
        expect(counts).toEqual({ unchanged: 0, renamed: a.layers.length, changed: 0, added: 0, removed: 0 });
        expect(Object.values(totals.moved).every((moved) => moved === 0)).toBe(true);
      }),
      RUNS,
    );
  });
});

const conv = (channels: number, name?: string, stage?: string): Link => ({
  kind: 'conv',
  channels,
  ...(name === undefined ? {} : { name }),
  ...(stage === undefined ? {} : { stage }),
});
const changes = (a: readonly Link[], b: readonly Link[]): readonly string[] =>
  diff(chain(a), chain(b)).rows.map(
    ({ change, before, after }) => `${change} ${before?.name ?? '-'} ${after?.name ?? '-'}`,
  );

describe('what people do to a network', () => {
  it('a layer put in front shifts numbered names, and still only one layer is added', () => {
    expect(
      changes(
        [conv(4, 'c1'), conv(5, 'c2'), conv(6, 'c3')],
        [conv(3, 'c1'), conv(4, 'c2'), conv(5, 'c3'), conv(6, 'c4')],
      ),
    ).toEqual(['added - c1', 'renamed c1 c2', 'renamed c2 c3', 'renamed c3 c4']);
  });

  it('widened layers keep their names, even where one comes to look like its neighbour', () => {
    // c2 was 4 -> 8 channels; now c1 would be 3 -> 8 and c2 8 -> 8.
    expect(
      changes([conv(3, 'c1'), conv(8, 'c2'), conv(9, 'c3')], [conv(8, 'c1'), conv(8, 'c2'), conv(9, 'c3')]),
    ).toEqual(['changed c1 c1', 'changed c2 c2', 'unchanged c3 c3']);
  });

  it('widened and renamed layers are matched by kernel and resolution', () => {
    expect(changes([conv(4, 'a1'), conv(4, 'a2')], [conv(8, 'b1'), conv(8, 'b2')])).toEqual([
      'changed a1 b1',
      'changed a2 b2',
    ]);
  });

  it('a layer that is exchanged for another of its kind keeps its place', () => {
    expect(
      changes(
        [conv(4, 'c'), { kind: 'relu', channels: 0, name: 'act' }],
        [conv(4, 'c'), { kind: 'sigmoid', channels: 0, name: 'act' }],
      ),
    ).toEqual(['unchanged c c', 'changed act act']);
  });

  it('a removed layer stands where it was', () => {
    expect(changes([conv(4, 'a'), conv(4, 'b'), conv(5, 'c')], [conv(4, 'a'), conv(5, 'c')])).toEqual([
      'unchanged a a',
      'removed b -',
      'unchanged c c',
    ]);
  });

  it('more blocks of the same kind are added, and nothing else changes', () => {
    const { counts, totals } = diff(profileOf('resnet50'), profileOf('resnet101')).diff;
    expect(counts).toEqual({ unchanged: 175, renamed: 0, changed: 0, added: 170, removed: 0 });
    expect(totals.moved.params).toBe(44_549_160 - 25_557_032);
    expect(totals.ratio.multAdds).toBe(7_801_405_440 / 4_089_184_256);
  });

  it('a renamed stage is one stage', () => {
    const stages = (one: string): readonly Link[] => [conv(4, 'x', 'stem'), conv(5, 'y', one), conv(6, 'z', one)];
    const { rows } = diff(chain(stages('layer1')), chain([...stages('stage1'), conv(7, 'w', 'head')]));
    expect(movedBy(rows, 'stage').map(({ name }) => name)).toEqual([
      { before: 'stem', after: 'stem' },
      { before: 'layer1', after: 'stage1' },
      { before: null, after: 'head' },
    ]);
  });
});

describe('large networks', () => {
  const long = (n: number, name: string, channels: (i: number) => number): Profile =>
    chain(Array.from({ length: n }, (_, i) => conv(channels(i), `${name}${i}`)));

  it('of 2,000 layers, none of which agrees with its name, are aligned', () => {
    const width = (i: number): number => 1 + ((i * 7919) % 97);
    const a = long(2000, 'a', width);
    const b = long(2001, 'b', (i) => (i === 1000 ? 98 : width(i < 1000 ? i : i - 1)));
    const { counts } = diff(a, b).diff;
    // The new layer, and the one after it, which reads other channels now.
    expect(counts).toEqual({ unchanged: 0, renamed: 1999, changed: 1, added: 1, removed: 0 });
  });

  it('of 10,000 layers, past what is aligned, are matched by name and by what they are', () => {
    const layers = long(10_000, 'a', () => 2).layers;
    const a: Profile = { ...profileOf('resnet18'), layers };
    const b: Profile = {
      ...a,
      layers: layers.map((layer, i) => ({ ...layer, name: i % 2 === 0 ? layer.name : `b${i}` })).reverse(),
    };
    const { counts } = diff(a, b).diff;
    expect(counts).toEqual({ unchanged: 5000, renamed: 5000, changed: 0, added: 0, removed: 0 });
  });
});
