import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inverse, timeInterval, timeRatio, type SessionTimes } from '../../src/measure/significance.js';
import { ratioSentence } from '../../src/measure/ratioWords.js';

const session = (id: string | null, windows: readonly number[], turn = 0): SessionTimes => ({ id, turn, windows });
const sessions = (times: readonly number[]): readonly SessionTimes[] =>
  times.map((ms, i) => session(`s${i}`, [ms, ms, ms]));

/** Uniform numbers from a seed (mulberry32). */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Two networks measured in alternation on a busy machine: each session runs at a speed of its own,
 * each copy of a network lies in other memory, the machine drifts within a session, one window in
 * eight is hit by a neighbour.
 */
function simulated(seed: number, factor: number, count: number): readonly (readonly SessionTimes[])[] {
  const random = uniform(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const networks = [factor, 1].map(() => [] as SessionTimes[]);
  for (let i = 0; i < count; i++) {
    const [speed, slope] = [Math.exp(0.15 * normal()), 0.1 * normal()];
    const own = networks.map(() => 0.005 * normal());
    const windows = networks.map(() => [] as number[]);
    for (let round = 0; round < 5; round++)
      networks.forEach((_, k) => {
        const tail = random() < 1 / 8 ? 0.3 / (1 - random()) ** 0.5 : 0;
        const base = 10 * speed * (k === 0 ? factor : 1);
        windows[k]!.push(base * Math.exp(own[k]! + (slope * round) / 5 + 0.01 * normal() + tail));
      });
    networks.forEach((list, k) => list.push(session(`s${i}`, windows[k]!)));
  }
  return networks;
}

describe('identical networks on a noisy machine', () => {
  it.each([3, 5, 10])('with %d sessions are called different in at most 5 %% of 1,000 comparisons', (count) => {
    let different = 0;
    for (let seed = 1; seed <= 1000; seed++) {
      const [a, b] = simulated(seed, 1, count);
      if (/er$/.test(timeRatio(a!, b!).verdict)) different++;
    }
    expect(different).toBeLessThanOrEqual(50);
  });
  it('a true 1.3x is found by five sessions in at least 95 % of 200 comparisons, and never the wrong way', () => {
    let found = 0;
    for (let seed = 1; seed <= 200; seed++) {
      const [a, b] = simulated(seed, 1.3, 5);
      const { verdict } = timeRatio(a!, b!);
      expect(verdict).not.toBe('faster');
      if (verdict === 'slower') found++;
    }
    expect(found).toBeGreaterThanOrEqual(190);
  });
});

describe('timeRatio', () => {
  it('is the t interval of log ratios between sessions', () => {
    // Log ratios 0, ln 1.1 and ln 1.21: mean ln 1.1, deviation ln 1.1, t(2) = 4.3027.
    const a = [10, 11, 12.1].map((ms, i) => session(`s${i}`, [ms, ms, ms]));
    const ratio = timeRatio(a, sessions([10, 10, 10]));
    expect(ratio.value).toBeCloseTo(1.1, 12);
    expect(ratio.high).toBeCloseTo(1.1 ** (1 + 4.302653 / Math.sqrt(3)), 6);
    // The ends are a factor of 1.61 apart: a large difference may hide between them.
    expect(ratio).toMatchObject({ basis: 'sessions', sessions: 3, verdict: 'cannot tell' });
  });
  it('pairs windows by round: what hits both networks alike is no spread', () => {
    const rounds = [10, 30, 12, 90, 11];
    const a = [1, 2, 4].map((speed, i) =>
      session(
        `s${i}`,
        rounds.map((ms) => 1.2 * speed * ms),
      ),
    );
    const b = [1, 2, 4].map((speed, i) =>
      session(
        `s${i}`,
        rounds.map((ms) => speed * ms),
      ),
    );
    const { low, high, verdict } = timeRatio(a, b);
    expect([low, high]).toEqual([expect.closeTo(1.2, 9), expect.closeTo(1.2, 9)]);
    expect(verdict).toBe('slower');
  });
  it('takes the spread to be at least what the noise within sessions explains', () => {
    // Three sessions agree by chance on 1.2, though their rounds lie between 0.6 and 2.4.
    const a = [0, 1, 2].map((i) => session(`s${i}`, [6, 9, 12, 18, 24]));
    expect(
      timeRatio(
        a,
        [0, 1, 2].map((i) => session(`s${i}`, [10, 10, 10, 10, 10])),
      ),
    ).toMatchObject({
      verdict: 'cannot tell',
    });
  });
  it('of one session in common is of its windows alone, and says so', () => {
    const ratio = timeRatio([session('s', [13, 13.1, 12.9])], [session('s', [10, 10, 10])]);
    expect(ratio.basis).toBe('windows');
    expect(ratioSentence(ratio)).toMatch(/^1\.30x \(1\.2\d to 1\.3\d, within one session\) slower$/);
  });
  it('of two windows has no interval', () => {
    const ratio = timeRatio([session('s', [13, 13])], [session('s', [10, 10])]);
    expect(ratio).toMatchObject({ low: null, high: null, basis: 'none', verdict: 'cannot tell' });
    expect(ratioSentence(ratio)).toBe('1.30x: cannot tell, more windows are needed');
  });
  it.each([
    [1.4, 'cannot tell'],
    [1.6, 'slower'],
    [0.6, 'faster'],
  ])('single sessions of different times at %dx: %s', (factor, verdict) => {
    const [a, b] = [session(null, [10 * factor, 10 * factor, 10 * factor]), session(null, [10, 10, 10])];
    expect(timeRatio([a], [b])).toMatchObject({ basis: 'allowance', verdict });
    expect(timeRatio([{ ...a, id: 'mon' }], [{ ...b, id: 'tue' }])).toMatchObject({ basis: 'allowance', verdict });
  });
  it('networks that took turns in one session are like single sessions; over several, sessions are paired', () => {
    const [a, b] = [session('s', [13, 13, 13], 0), session('s', [10, 10, 10], 1)];
    expect(timeRatio([a], [b]).basis).toBe('allowance');
    const other = { ...a, id: 't' };
    expect(timeRatio([a, other], [b, { ...b, id: 't' }])).toMatchObject({ basis: 'sessions', verdict: 'slower' });
  });
  it('of records without a session in common is Welch and Satterthwaite', () => {
    const a = [1, 1.02, 0.98].map((ms, i) => session(`a${i}`, [ms, ms, ms]));
    const b = [1.01, 0.99, 1, 1.03].map((ms, i) => session(`b${i}`, [ms, ms, ms]));
    expect(timeRatio(a, b)).toMatchObject({ basis: 'sessions', sessions: 3, verdict: 'no difference' });
    expect(
      timeRatio(
        a,
        b.map(({ windows, ...rest }) => ({ ...rest, windows: windows.map((ms) => 2 * ms) })),
      ).verdict,
    ).toBe('faster');
  });
  it('less than half a per cent is no difference, however narrow the interval', () => {
    const ratio = timeRatio(sessions([10.03, 10.03, 10.03]), sessions([10, 10, 10]));
    expect(ratioSentence(ratio)).toBe('1.00x (1.00 to 1.00): no significant difference');
  });
  it('of a network over itself is 1, and from the other side the inverse', () => {
    const windows = fc.array(fc.double({ min: 1, max: 2, noNaN: true }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(fc.tuple(windows, windows), { minLength: 1, maxLength: 6 }), (drawn) => {
        const [a, b] = [0, 1].map((k) => drawn.map((pair, i) => session(`s${i}`, pair[k]!)));
        expect(timeRatio(a!, a!)).toMatchObject({ value: 1, verdict: 'no difference' });
        const [there, back] = [timeRatio(a!, b!), inverse(timeRatio(b!, a!))];
        expect(there.verdict).toBe(back.verdict);
        for (const key of ['value', 'low', 'high'] as const) expect(there[key]).toBeCloseTo(back[key]!, 9);
      }),
      { seed: 1, numRuns: 100 },
    );
  });
});

describe('timeInterval', () => {
  it('of several sessions is of their medians', () => {
    const { value, low, high, basis } = timeInterval(sessions([10, 10.1, 9.9]));
    expect([value, basis]).toEqual([expect.closeTo(10, 2), 'sessions']);
    expect(low).toBeGreaterThan(9.7);
    expect(high).toBeLessThan(10.3);
  });
  it('of one session allows for what sessions may differ by', () => {
    const { low, high, basis } = timeInterval(sessions([12]));
    expect(low).toBeCloseTo(8, 9);
    expect(high).toBeCloseTo(18, 9);
    expect(basis).toBe('allowance');
  });
});
