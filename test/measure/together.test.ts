import { expect, it } from 'vitest';
import { timeTogether } from '../../src/measure/windows.js';

/** A clock that runs as fast as the work says; each workload notes its own runs. */
function machine(slowness: (at: number) => number) {
  let clock = 0;
  const runs: string[] = [];
  const workload = (name: string, ms: number) => ({
    run: () => {
      runs.push(name);
      clock += ms * slowness(clock);
    },
    dispose: () => undefined,
  });
  return { workload, runs, now: () => clock, engine: { done: () => Promise.resolve() } };
}
const PROTOCOL = { warmups: 1, windows: 4, minWindowSeconds: 0.1 };

it('has one window of each in every round, so that a slow stretch of time hits both', async () => {
  // From 0.6 s on everything takes three times as long.
  const { workload, engine, now } = machine((at) => (at > 600 ? 3 : 1));
  const [a, b] = await timeTogether(engine, [workload('a', 10), workload('b', 20)], PROTOCOL, { now });
  expect(a!.windows.at(-1)).toBeCloseTo(30, 6);
  const ratios = b!.windows.map((ms, i) => ms / a!.windows[i]!);
  expect(ratios.filter((ratio) => Math.abs(ratio - 2) < 1e-9).length).toBeGreaterThanOrEqual(3);
});

it('runs a round in the order that it is told', async () => {
  const { workload, engine, now, runs } = machine(() => 1);
  const order = (places: readonly number[]) => [...places].reverse();
  await timeTogether(engine, [workload('a', 200), workload('b', 200)], PROTOCOL, { now, order });
  // A warm-up and a count of each, then four rounds.
  expect(runs.join('')).toBe('aabb' + 'ba'.repeat(4));
});

it('drops the windows of all where one ended too early, so that rounds stay rounds', async () => {
  // The counting of runs sees a machine that is twenty times slower.
  const { workload, engine, now } = machine((at) => (at < 500 ? 20 : 1));
  const timed = await timeTogether(engine, [workload('a', 5), workload('b', 5)], PROTOCOL, { now });
  for (const { windows, runsPerWindow, spans } of timed) {
    expect(windows).toHaveLength(4);
    for (const ms of windows) expect(ms).toBeCloseTo(5, 6);
    expect(runsPerWindow).toBeGreaterThanOrEqual(18);
    expect(spans).toHaveLength(4);
  }
});

it('begins no round after the time that it is given, and has one in any case', async () => {
  const rounds = async (until: number): Promise<readonly number[]> => {
    const { workload, engine, now } = machine(() => 1);
    const timed = await timeTogether(engine, [workload('a', 100), workload('b', 100)], PROTOCOL, { now, until });
    expect(now()).toBeLessThan(Math.max(until, 600) + 201);
    return timed.map(({ windows }) => windows.length);
  };
  // A warm-up and a count of each take 0.4 s, and a round 0.2 s.
  expect(await rounds(0)).toEqual([1, 1]);
  expect(await rounds(700)).toEqual([2, 2]);
  expect(await rounds(1e6)).toEqual([4, 4]);
});

it('names the workload that failed', async () => {
  const { workload, now } = machine(() => 1);
  let calls = 0;
  const engine = { done: () => (calls++ > 6 ? Promise.reject(new Error('lost')) : Promise.resolve()) };
  const failed = (place: number) => new Error(`place ${place}`);
  await expect(
    timeTogether(engine, [workload('a', 200), workload('b', 200)], PROTOCOL, { now, failed }),
  ).rejects.toThrow(/^place [01]$/);
});
