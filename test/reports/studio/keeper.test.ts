// Is the last state kept, without an edit that waits for it?

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keeper, REST } from '../../../reports/studio/state/keeper.js';
import { EMPTY, opened, type State } from '../../../reports/studio/state/state.js';

const yaml = (text: string): State => opened(EMPTY, { kind: 'yaml', name: 'net.yaml', text });

describe('keeping the last state', () => {
  let kept: State[] = [];
  const keep = (state: State): void => {
    kept.push(state);
  };
  beforeEach(() => {
    vi.useFakeTimers();
    kept = [];
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('waits for the drawing of the numbers, and keeps the newest state once', () => {
    const session = keeper(EMPTY, keep);
    for (const text of ['a', 'ab', 'abc']) {
      session.drawn(yaml(text));
      vi.advanceTimersByTime(REST - 1);
    }
    const newest = yaml('abcd');
    session.drawn(newest);
    vi.advanceTimersByTime(REST - 1);
    // Its numbers are drawn late: the state still waits for them.
    session.drawn(newest);
    vi.advanceTimersByTime(REST - 1);
    expect(kept).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(kept).toEqual([newest]);
  });

  it('keeps what waits at once where the page goes away, and not twice', () => {
    const session = keeper(EMPTY, keep);
    session.drawn(yaml('late'));
    session.now();
    expect(kept).toEqual([yaml('late')]);
    vi.advanceTimersByTime(10 * REST);
    session.now();
    expect(kept.length).toBe(1);
  });

  it('keeps nothing where nothing changed, or where a change was undone', () => {
    const state = yaml('same');
    const session = keeper(state, keep);
    session.drawn(state);
    session.drawn(yaml('other'));
    session.drawn(state);
    vi.advanceTimersByTime(10 * REST);
    session.now();
    expect(kept).toEqual([]);
  });
});
