// Tests of the search for checkpoints: against all sets of small networks, and in large ones.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { builtIn } from '../../src/builtIn.js';
import type { Builder } from '../../src/builder.js';
import type { Value } from '../../src/graph.js';
import { sameShape } from '../../src/shape.js';
import { candidatesOf } from '../../src/training/candidates.js';
import { segmentsOf, type Segment } from '../../src/training/checkpoint.js';
import { countsOfSteps, sumOf } from '../../src/training/counts.js';
import { decisionsOf } from '../../src/training/decisions.js';
import { cheapestOf, frontOf, leastPeak, leastWork } from '../../src/training/front.js';
import { peakOf } from '../../src/training/peak.js';
import { bestWithin } from '../../src/training/search.js';
import { spanKey, type Span } from '../../src/training/segment.js';
import type { Tape } from '../../src/training/tape.js';
import { training } from '../../src/training/training.js';
import { trainingWithin } from '../../src/training/within.js';
import { builtInTape, conv, tapeOn } from './chain.js';

const workOf = (tape: Tape, spans: readonly Span[]): number => {
  const segments = spans.map((span): Segment => ({ name: '', ...span }));
  return Number(sumOf(countsOfSteps(tape, segments, 'sgd')).recomputedMultAdds);
};

/** Every set of spans of which no two overlap. */
function allSets(spans: readonly Span[]): readonly (readonly Span[])[] {
  let sets: (readonly Span[])[] = [[]];
  for (const span of spans)
    sets = sets.flatMap((set) => (set.every(({ last }) => last < span.first) ? [set, [...set, span]] : [set]));
  return sets;
}

/** What no set beats in its peak and in multiply-adds paid again, by ascending peaks. */
function frontByHand(tape: Tape, spans: readonly Span[]): readonly (readonly [peak: number, work: number])[] {
  const points = allSets(spans)
    .map((set): [number, number] => [peakOf(tape, set).bytes, workOf(tape, set)])
    .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const front: [number, number][] = [];
  for (const point of points) if (front.length === 0 || point[1] < front.at(-1)![1]) front.push(point);
  return front;
}

/** A network of some units, each in a stage and perhaps a block, that reads earlier values. */
function networkOf(units: readonly Unit[]): Tape {
  return tapeOn(
    (net, x) => {
      const values: Value[] = [conv(net, 'first', x, 4)];
      for (const [i, unit] of units.entries()) values.push(unitOf(net, unit, i, values));
      return conv(net, 'head', values.at(-1)!, 2);
    },
    {},
    { inPlace: ['relu'] },
  );
}

interface Unit {
  readonly kind: 'residual' | 'dense' | 'plain' | 'pool';
  readonly channels: number;
  readonly back: number;
  readonly stage: number;
  readonly inBlock: boolean;
}

function unitOf(net: Builder, { kind, channels, back, stage, inBlock }: Unit, i: number, values: Value[]): Value {
  const within = net.at(`stage${stage}`, { stage: `stage${stage}` });
  const inside = within.at(`unit${i}`, inBlock ? { block: `unit${i}` } : {});
  const x = values.at(-1)!;
  const other = values[Math.max(0, values.length - 1 - back)]!;
  if (kind === 'pool') return inside.apply('sigmoid', 'sigmoid', x);
  if (kind === 'dense' && other !== x) {
    const joined = inside.apply('concat', 'concat', [x, other], { axis: 1 });
    const norm = inside.apply('batchNorm', 'norm', joined);
    return conv(inside, 'conv', inside.apply('relu', 'relu', norm), channels);
  }
  const norm = inside.apply('batchNorm', 'norm', conv(inside, 'conv', x, channels, 3));
  const y = inside.apply('relu', 'relu', norm);
  const same = sameShape(y.shape, other.shape);
  return kind === 'residual' && same ? inside.apply('add', 'add', [y, other]) : conv(inside, 'last', y, channels);
}

const unit: fc.Arbitrary<Unit> = fc.record({
  kind: fc.constantFrom('residual', 'dense', 'plain', 'pool'),
  channels: fc.constantFrom(3, 4, 8),
  back: fc.nat(3),
  stage: fc.nat(1),
  inBlock: fc.boolean(),
});

describe('against all sets of small networks', () => {
  test('the front, the least peak, and the cheapest set for a budget', () => {
    fc.assert(
      fc.property(fc.array(unit, { minLength: 1, maxLength: 4 }), fc.integer({ min: 0, max: 10 }), (units, share) => {
        const tape = networkOf(units);
        const spans = candidatesOf(tape);
        const decisions = decisionsOf(tape, spans);
        const { choices, exact } = frontOf(decisions);
        const byHand = frontByHand(tape, spans);
        expect(exact).toBe(true);
        expect(choices.map(({ peakBytes, recomputedMultAdds }) => [peakBytes, recomputedMultAdds])).toEqual(byHand);
        for (const { spans: chosen, peakBytes, recomputedMultAdds } of choices) {
          expect(peakOf(tape, chosen).bytes).toBe(peakBytes);
          expect(workOf(tape, chosen)).toBe(recomputedMultAdds);
        }
        expect(leastPeak(decisions).peakBytes).toBe(byHand[0]![0]);
        const most = peakOf(tape, []).bytes;
        const budget = Math.floor(byHand[0]![0] + (share / 10) * (most - byHand[0]![0]));
        const cheapest = byHand.filter(([peak]) => peak <= budget).at(-1)![1];
        const best = bestWithin(tape, undefined, budget);
        expect(best).toMatchObject({ recomputedMultAdds: cheapest, atLeast: cheapest, proved: true });
        expect(workOf(tape, best.segments)).toBe(cheapest);
        expect(best.peak.bytes).toBeLessThanOrEqual(budget);
        expect(segmentsOf(tape, best.names).map(spanKey)).toEqual(best.segments.map(spanKey));
      }),
      { seed: 15, numRuns: 60 },
    );
  });

  test('where too many partial sets are of use, the set fits and the bound holds', () => {
    fc.assert(
      fc.property(fc.array(unit, { minLength: 2, maxLength: 4 }), fc.integer({ min: 0, max: 10 }), (units, share) => {
        const tape = networkOf(units);
        const spans = candidatesOf(tape);
        const decisions = decisionsOf(tape, spans);
        const byHand = frontByHand(tape, spans);
        const [[least]] = byHand as [[number, number]];
        const budget = Math.floor(least + (share / 10) * (peakOf(tape, []).bytes - least));
        const optimum = byHand.filter(([peak]) => peak <= budget).at(-1)![1];
        // Two partial sets for each state.
        const found = cheapestOf(decisions, budget, 1)!.choice;
        expect(peakOf(tape, found.spans).bytes).toBe(found.peakBytes);
        expect(found.peakBytes).toBeLessThanOrEqual(budget);
        expect(found.recomputedMultAdds).toBeGreaterThanOrEqual(optimum);
        const bound = leastWork(decisions, { budget, below: found.recomputedMultAdds, most: 1 })!;
        expect(bound).toBeLessThanOrEqual(optimum);
        expect(found.recomputedMultAdds > optimum || bound <= found.recomputedMultAdds).toBe(true);
      }),
      { seed: 16, numRuns: 60 },
    );
  });
});

describe('built-in networks', () => {
  test.each([
    ['resnet20', 'block'],
    ['V-39-eSE', 'block'],
    ['vovnet39', 'stage'],
    ['shufflenet_v2_x0_5', 'stage'],
    ['squeezenet1_1', 'block'],
    ['osa_cifar_5x43', 'concat'],
  ])('%s by %s alone: its front is that of all sets', (name, kind) => {
    const tape = builtInTape(name);
    const spans = candidatesOf(tape, [kind]);
    const byHand = frontByHand(tape, spans);
    const { choices, exact } = frontOf(decisionsOf(tape, spans));
    expect(exact).toBe(true);
    expect(choices.map(({ peakBytes, recomputedMultAdds }) => [peakBytes, recomputedMultAdds])).toEqual(byHand);
    const least = byHand[0]![0];
    expect(() => bestWithin(tape, [kind], least - 1)).toThrow(
      `no set of checkpoints of ${kind} fits in ${least - 1} bytes: the least peak is ${least} bytes`,
    );
  });

  test('densenet121: sets mix stages, layers and concats, and reach below 18 MiB', () => {
    const tape = builtInTape('densenet121');
    const paid = (checkpoint: readonly string[]): number => workOf(tape, segmentsOf(tape, checkpoint));
    const [mixed, small] = [60_000_000, 18_500_000].map((budget) => bestWithin(tape, undefined, budget));
    expect(mixed!.proved).toBe(true);
    expect(mixed!.names).toEqual(['concat', 'features.denseblock1.denselayer1']);
    expect(peakOf(tape, segmentsOf(tape, mixed!.names)).bytes).toBeLessThanOrEqual(60_000_000);
    // A whole dense block, or the concats with the stem, pay more.
    expect(mixed!.recomputedMultAdds).toBe(paid(mixed!.names));
    expect(mixed!.recomputedMultAdds).toBeLessThan(paid(['concat', 'stem']));
    expect(small!.peak.bytes).toBeLessThanOrEqual(18_500_000);
    expect(small!.names).toEqual(expect.arrayContaining(['concat', 'stem']));
    expect(segmentsOf(tape, small!.names).map(spanKey)).toEqual(small!.segments.map(spanKey));
  });

  test('memory-efficient DenseNet pays nothing, and is one name; where all fits nothing runs again', () => {
    const tape = builtInTape('densenet121', {}, 2);
    expect(bestWithin(tape, undefined, 140_000_000)).toMatchObject({ recomputedMultAdds: 0, names: ['concat'] });
    expect(bestWithin(tape, ['block'], 140_000_000).recomputedMultAdds).toBeGreaterThan(0);
    expect(bestWithin(tape, undefined, 1e9)).toMatchObject({ segments: [], names: [], proved: true });
    expect(() => bestWithin(tape, undefined, 1000)).toThrow('fits in 1000 bytes: the least peak is');
  });

  test('what is named may overlap: the search takes one of them', () => {
    const tape = builtInTape('resnet50', {}, 2);
    const best = bestWithin(tape, ['stage', 'block'], 70_000_000);
    expect(best.proved).toBe(true);
    const alone = ['stage', 'block'].map((kind) => {
      try {
        return bestWithin(tape, [kind], 70_000_000).recomputedMultAdds;
      } catch {
        return Infinity;
      }
    });
    expect(best.recomputedMultAdds).toBeLessThanOrEqual(Math.min(...alone));
  });

  test('the sets of the front cost what they say', () => {
    const { front } = trainingWithin(builtIn('resnet20'), 3_000_000, { checkpoint: ['block'] });
    expect(front.choices.length).toBeGreaterThan(5);
    for (const { segments, keptBytes, peakBytes, recomputedMultAdds } of front.choices) {
      const { totals } = training(builtIn('resnet20'), { checkpoint: segments });
      expect(totals).toMatchObject({ keptBytes, recomputedMultAdds, peak: { bytes: peakBytes } });
    }
  });
});
