// Progress never runs backwards, its time left does not jump, and without a terminal it is plain lines.

import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Shown } from '../../../cli/output/bar.js';
import { columnsOf } from '../../../cli/screen.js';
import { widthOf } from '../../../reports/text/cellLines.js';
import { advancing, progressBar } from '../../../cli/output/progressBar.js';
import { barLine } from '../../../cli/output/barLine.js';
import { inWords, TimeLeft } from '../../../cli/output/timeLeft.js';

function recorded(parts: number, seconds?: number, clock?: () => number) {
  const shown: Shown[] = [];
  const drawing = {
    begin: (state: Shown) => void shown.push(state),
    show: (state: Shown) => void shown.push(state),
    say: () => undefined,
    stop: () => undefined,
  };
  const bar = advancing(parts, drawing, seconds, clock);
  return { bar, shown };
}

describe('the part that is done', () => {
  it('never falls, whatever phases report, and ends at 1', () => {
    const step = fc.record({
      next: fc.boolean(),
      phase: fc.constantFrom('load', 'warm-up', 'window', 'layers', 'ceilings', 'something else'),
      done: fc.nat(5),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 30 }), (parts, steps) => {
        const { bar, shown } = recorded(parts);
        let part = bar.part('first');
        for (const { next, phase, done } of steps) {
          if (next) part = bar.part('next');
          part(phase, done, 5);
        }
        const all = shown.map(({ done }) => done);
        expect(all.every((done, i) => done >= (all[i - 1] ?? 0) && done <= 1)).toBe(true);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('stays where it was while windows are timed anew', () => {
    const { bar, shown } = recorded(1);
    const part = bar.part('resnet50');
    part('window', 4, 5);
    part('window', 0, 5);
    expect(shown.at(-1)!.done).toBe(shown.at(-2)!.done);
  });
});

describe('a part', () => {
  it('is as much of the work as its expected length', () => {
    const { bar, shown } = recorded(2);
    const phases = { ceilings: [0, 20], window: [20, 30] } as const;
    const first = bar.part('session 1', { whole: 30, after: 10, phases });
    first('ceilings', 1, 1);
    first('window', 1, 2);
    bar.part('session 2', { whole: 10, after: 0, phases: { window: [0, 10] } })('window', 1, 1);
    expect(shown.map(({ done }) => done)).toEqual([0, 0.5, 0.625, 0.75, 1]);
  });

  it('counts less where more parts become known, and names the network', () => {
    const { bar, shown } = recorded(1);
    bar.parts(4);
    bar.part('session 1')('load', 0, 2, 'resnet50');
    bar.part('session 1')('ceilings again', 1, 1);
    expect(shown.map(({ done }) => done)).toEqual([0, 0.0375, 0.25, 0.5]);
    expect(shown[1]).toMatchObject({ phase: 'load', network: 'resnet50' });
  });
});

describe('of work to which a time was given', () => {
  it('follows the clock, whatever number of parts there are, and ends just below 1', () => {
    let now = 100;
    const { bar, shown } = recorded(20, 60, () => now);
    const part = bar.part('session 1');
    now += 30;
    part('window', 1, 5);
    bar.part('session 2');
    now += 60;
    part('window', 5, 5);
    expect(shown.map(({ done }) => done)).toEqual([0, 0.5, 0.5, 0.99]);
  });
});

describe('the time left', () => {
  it('is not told before there is a rate', () => {
    const left = new TimeLeft(() => 0);
    expect(left.at(0.5)).toBeUndefined();
    expect(inWords(undefined, 0.5)).toBe('time left unknown');
  });

  it('counts down, and follows a jump of what is done by less than a tenth a second', () => {
    let now = 0;
    const timer = new TimeLeft(() => now);
    let before: number | undefined;
    for (now = 1; now <= 120; now++) {
      const done = now < 60 ? now / 240 : 0.5 + (now - 60) / 240;
      const left = timer.at(done);
      if (left !== undefined && before !== undefined) expect(Math.abs(left - before)).toBeLessThan(1 + 0.1 * before);
      before = left;
    }
    expect(before!).toBeGreaterThan(20);
    expect(before!).toBeLessThan(60);
  });

  it('of short work is what was expected of the rest, whatever ceilings took', () => {
    let now = 0;
    const timer = new TimeLeft(() => now);
    // 10 s were expected of ceilings and 6 s of the rest; they took 4 s.
    expect(timer.at(0, { done: 0, left: 16 })).toBe(16);
    for (now = 1; now < 4; now++) timer.at(0.1, { done: 2 * now, left: 16 - 2 * now });
    for (; now < 10; now++) {
      const left = timer.at(0.7, { done: now + 6, left: 10 - now })!;
      expect(Math.abs(left - (10 - now))).toBeLessThan(6);
    }
    expect(timer.at(1, { done: 16, left: 0 })).toBeLessThan(3);
  });

  it('falls within a second by less than 1 s and two fifths of itself, however short the work is', () => {
    let now = 0;
    const timer = new TimeLeft(() => now);
    let before = timer.at(0, { done: 0, left: 40 })!;
    for (now = 1; now < 30; now++) {
      const left = timer.at(0.5, { done: now < 3 ? now : 30, left: now < 3 ? 40 - now : Math.max(0, 10 - now) })!;
      expect(before - left).toBeLessThan(1 + 0.4 * before);
      before = left;
    }
  });

  it('is said in words', () => {
    expect(inWords(0, 0.99)).toBe('longer than expected');
    expect(inWords(0, 1)).toBe('almost done');
    expect(inWords(0.2, 0.5)).toBe('about 1 s left');
    expect(inWords(145, 0.5)).toBe('about 2 min 20 s left');
    expect(inWords(3000, 0.5)).toBe('about 50 min left');
  });
});

describe('the line of a bar', () => {
  const shown: Shown = { done: 0.34, name: 'session 1 of 5', phase: 'window', network: 'densenet121' };
  it.each<[number | undefined, string]>([
    [120, '=============--------------------------- 34 %  session 1 of 5: window of densenet121  about 20 s left'],
    [80, '======------------ 34 %  session 1 of 5: window of densenet121  about 20 s left'],
    [60, '===------- 34 %  session 1 o...densenet121  about 20 s left'],
    [40, '=====------------ 34 %  about 20 s left'],
    [20, '====---------- 34 %'],
    [10, '34 %'],
    [undefined, '======------------ 34 %  session 1 of 5: window of densenet121  about 20 s left'],
  ])('of %s columns', (columns, line) => {
    expect(barLine(shown, 20, columns)).toBe(line);
  });

  it('never reaches the last column, whatever it says', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.string({ unit: 'grapheme' }),
        fc.nat(9999),
        (columns, done, name, seconds) => {
          const line = barLine({ done, name, phase: '' }, seconds, columns);
          expect(widthOf(line)).toBeLessThan(Math.max(2, columns));
          if (columns > 6) expect(line).toContain(`${Math.floor(100 * done)} %`);
        },
      ),
      { seed: 1, numRuns: 300 },
    );
  });
});

describe('the columns of a terminal', () => {
  it.each<[object, string | undefined, number | undefined]>([
    [{ isTTY: true, columns: 132 }, undefined, 132],
    [{ isTTY: true, columns: 132 }, '90', 90],
    [{ isTTY: true, columns: 132 }, 'wide', 132],
    // A serial line says 0, and one of a few columns cannot show a table.
    [{ isTTY: true, columns: 0 }, undefined, 80],
    [{ isTTY: true }, undefined, 80],
    [{ isTTY: true, columns: 4 }, undefined, 20],
    [{ columns: 132 }, '90', undefined],
  ])('%j with COLUMNS %s', (stream, asked, columns) => {
    expect(columnsOf(stream, asked)).toBe(columns);
  });
});

describe('without a terminal', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('there is a line for each part and one every ten seconds', async () => {
    let text = '';
    const bar = await progressBar(2, { progress: 'lines', err: (line) => void (text += line) });
    bar.part('session 1 of 2')('ceilings', 1, 2);
    const part = bar.part('session 2 of 2');
    part('window', 1, 5);
    expect(text).toBe('0 % done, session 1 of 2\n50 % done, session 2 of 2\n');
    vi.advanceTimersByTime(30_000);
    expect(text.split('\n').slice(2)).toEqual([
      ...[1, 2, 3].map(() => expect.stringMatching(/^70 % done, session 2 of 2: window, about \d+ s left$/) as string),
      '',
    ]);
    bar.stop();
    vi.advanceTimersByTime(60_000);
    expect(text.split('\n')).toHaveLength(6);
  });

  it('there is a line when a network is first worked on', async () => {
    let text = '';
    const bar = await progressBar(1, { progress: 'lines', err: (line) => void (text += line) });
    const part = bar.part('session 1');
    for (const network of ['resnet50', 'vovnet39', 'resnet50']) part('load', 0, 1, network);
    bar.stop();
    expect(text.split('\n')).toEqual([
      '0 % done, session 1',
      ...['resnet50', 'vovnet39'].map((network) => `15 % done, session 1: load of ${network}, time left unknown`),
      '',
    ]);
  });

  it('with --quiet there is none', async () => {
    let text = '';
    const bar = await progressBar(1, { progress: 'none', err: (line) => void (text += line) });
    bar.part('resnet50')('window', 1, 5);
    vi.advanceTimersByTime(60_000);
    expect(text).toBe('');
  });
});
