// Is idle power that of a card with nothing to do? Time passes only where the test lets it.

import { expect, it } from 'vitest';
import { idlePower } from '../../src/measure/idle.js';

/** A card whose power after so many milliseconds is `watts`, and is told until then. */
async function idleOf(watts: (at: number) => number, until = Infinity) {
  let now = 0;
  const samples: { at: number; watts: number }[] = [];
  const meter = {
    name: 'fake',
    samples,
    doubt: () => null,
    reached: () => Promise.resolve(true),
    stop: () => undefined,
  };
  const wait = (ms: number): Promise<void> => {
    for (let i = 0; i < ms / 100; i++) {
      now += 100;
      if (now < until) samples.push({ at: now, watts: watts(now) });
    }
    return Promise.resolve();
  };
  return { ...(await idlePower(meter, wait, () => now)), waited: now };
}

it('is the mean of two seconds of a steady card', async () => {
  expect(await idleOf(() => 70)).toEqual({
    watts: 70,
    how: 'the last 2 s before anything ran in this session',
    waited: 2000,
  });
});

it('waits for a card that was busy a moment ago', async () => {
  const { watts, how, waited } = await idleOf((at) => (at < 4000 ? 300 - at / 20 : 70));
  expect(watts).toBe(70);
  expect(how).not.toContain('not settled');
  expect(waited).toBeGreaterThan(4000);
});

it('waits no longer than ten seconds, and says that it did not settle', async () => {
  const { how, waited } = await idleOf((at) => 300 - at / 50);
  expect(how).toBe('the last 2 s before anything ran in this session, not settled after 10 s');
  expect(waited).toBe(10_000);
});

it('is null at once where the meter has fallen silent', async () => {
  expect(await idleOf(() => 70, 0)).toEqual({
    watts: null,
    how: 'no sample in the last 2 s before anything ran in this session',
    waited: 2000,
  });
});

it('is null without a meter, and says why', async () => {
  expect(await idlePower({ reason: 'no meter here' })).toEqual({ watts: null, how: 'no meter here' });
});
