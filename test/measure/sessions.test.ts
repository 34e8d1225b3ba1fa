import { describe, expect, it } from 'vitest';
import type { Run } from '../../src/measure/run.js';
import type { Job, MeasureSettings } from '../../src/measure/session.js';
import { measureInSessions, type SessionPlan, type SecondsSpent, type StopReason } from '../../src/measure/sessions.js';
import { builtIn } from '../../src/builtIn.js';
import { jobOf } from '../../src/measure/job.js';
import { readRuns } from '../../src/records/run/readRun.js';
import { sessionTimes } from '../../src/measure/sessionTimes.js';
import { turnsOf } from '../../src/measure/turns.js';

const SETTINGS: MeasureSettings = {
  engine: 'wasm',
  protocol: { warmups: 1, windows: 3, minWindowSeconds: 0.01 },
  seed: 1,
  eager: false,
  layers: true,
  ceilings: false,
};
const jobs = ['resnet20', 'resnet56'].map((name) => jobOf(builtIn(name)));

const measured = (plan: SessionPlan, listener: Parameters<typeof measureInSessions<Job>>[4] = {}) =>
  measureInSessions(SETTINGS, '0.0.0', jobs, plan, listener);

describe('measureInSessions', () => {
  it('gives every run the windows of all its sessions, which networks share', async () => {
    const told: (readonly [string, number])[] = [];
    const runs = await measured(
      { sessions: 2 },
      { finished: ({ model, sessions }) => void told.push([model, sessions.length]) },
    );
    expect(told).toEqual([
      ['resnet20', 1],
      ['resnet56', 1],
      ['resnet20', 2],
      ['resnet56', 2],
    ]);
    const [a, b] = runs as [Run, Run];
    for (const { times, sessions, protocol } of runs) {
      expect(times.windows).toHaveLength(6);
      expect(sessions.map(({ windows, turn, ownProcess }) => [windows, turn, ownProcess])).toEqual([
        [3, 0, false],
        [3, 0, false],
      ]);
      expect(protocol.windows).toBe(3);
    }
    expect(a.sessions.map(({ id }) => id)).toEqual(b.sessions.map(({ id }) => id));
    expect(new Set(a.sessions.map(({ id }) => id)).size).toBe(2);
    expect(
      sessionTimes(a)
        .map(({ windows }) => windows)
        .flat(),
    ).toEqual(a.times.windows);
    expect(a.layers).not.toBeNull();
    // Each network's memory is its own, though both were loaded.
    const [alone] = await measureInSessions({ ...SETTINGS, layers: false }, '0.0.0', [jobs[0]!], { sessions: 1 });
    expect(a.memory.peakTensorBytes).toBe(alone!.memory.peakTensorBytes);
  });

  it('gives all networks the same ceilings, sampled before, between and after them in every session', async () => {
    const settings = { ...SETTINGS, layers: false, ceilings: true };
    const [a, b] = (await measureInSessions(settings, '0.0.0', jobs, { sessions: 2 })) as [Run, Run];
    expect(a.ceilings).toEqual(b.ceilings);
    // A look and 5 windows; then 2 windows between and after, and before, between and after.
    expect(a.ceilings!.how).toMatch(/, the best of 16 windows$/);
    for (const { utilisation } of [a, b]) expect(utilisation!.compute).toBeLessThanOrEqual(1);
  });

  it.each<[SessionPlan, StopReason, number]>([
    [{ sessions: 9, precision: 1e6 }, 'precision', 3],
    [{ sessions: 9, budgetSeconds: 1e-3 }, 'time', 1],
    [{ sessions: 1 }, 'sessions', 1],
  ])('with %j ends for %s after %d sessions', async (plan, why, sessions) => {
    const told: unknown[] = [];
    await measured(plan, { stopped: (...args) => void told.push(args) });
    const number = expect.any(Number) as number;
    expect(told).toEqual([[why, sessions, { all: number, beforeWindows: number }]]);
  });
});

it('has one window of each network in a session for which there is no time, and every record of it is read', async () => {
  const settings = { ...SETTINGS, layers: false, protocol: { ...SETTINGS.protocol, windows: 5 } };
  const spent: SecondsSpent[] = [];
  const stopped = (...[, , given]: readonly [StopReason, number, SecondsSpent]) => void spent.push(given);
  const runs = await measureInSessions(settings, '0.0.0', jobs, { sessions: 9, budgetSeconds: 1e-3 }, { stopped });
  for (const run of runs) {
    expect(run.times.windows).toHaveLength(1);
    expect(run.sessions.map(({ windows }) => windows)).toEqual([1]);
    expect(run.warnings.map(({ kind }) => kind)).toContain('too-short');
    expect(readRuns(JSON.stringify(run), 'run.json')).toHaveLength(1);
  }
  expect(spent[0]!.beforeWindows).toBeGreaterThan(0);
  expect(spent[0]!.all).toBeGreaterThan(spent[0]!.beforeWindows);
});

describe('turnsOf', () => {
  const counted = (params: number) => ({ ...jobs[0]!.counted, totals: { ...jobs[0]!.counted.totals, params } });
  const turns = (params: readonly number[], bytes: number | null) => turnsOf(params, counted, bytes);
  it('keeps together what fits together', () => {
    expect(turns([1e6, 1e6, 1e6], 16e9)).toEqual([[1e6, 1e6, 1e6]]);
  });
  it('parts what does not, in order, and gives the largest a turn of its own', () => {
    expect(turns([1e8, 1e8, 9e8, 1e8], 8e9)).toEqual([[1e8, 1e8], [9e8], [1e8]]);
  });
  it('takes 2 GiB for a device that does not tell', () => {
    expect(turns([4e7, 4e7], null)).toEqual([[4e7], [4e7]]);
  });
});
