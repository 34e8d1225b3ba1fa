// Does the studio's state survive a link, undo and a hostile text?

import { deflateSync, strToU8 } from 'fflate';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advanced, begun, redone, replaced, undone } from '../../../reports/studio/state/history.js';
import { linkOf, stateIn } from '../../../reports/studio/state/link.js';
import { readState } from '../../../reports/studio/state/readState.js';
import {
  changed,
  closed,
  EMPTY,
  MOST_TABS,
  opened,
  opponent,
  OWN,
  type State,
} from '../../../reports/studio/state/state.js';
import { changeBetween } from '../../../reports/studio/editor/changeBetween.js';

const yaml = (text: string): State => opened(EMPTY, { kind: 'yaml', name: 'net.yaml', text });
const link = (data: unknown): string =>
  `#s=${Buffer.from(deflateSync(strToU8(JSON.stringify(data)))).toString('base64url')}`;

describe('a link', () => {
  it('gives every state back', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 4 }), (texts) => {
        const state = texts.reduce((all, text) => opened(all, { kind: 'yaml', name: 'a.yaml', text }), EMPTY);
        expect(stateIn(linkOf(state))).toEqual(state);
      }),
      { seed: 16, numRuns: 60 },
    );
  });

  it('leaves files out: their bytes stay on the machine', () => {
    const state = opened(yaml('a: 1'), { kind: 'file', name: 'secret.onnx', key: 'k' });
    expect(stateIn(linkOf({ ...state, pinned: state.tabs[1]! }))).toEqual({ ...yaml('a: 1'), pinned: null });
  });

  it('of a config of a few lines is short enough for a chat', () => {
    expect(linkOf(yaml('family: vovnet\nmodules: [1, 1, 2, 2]\n')).length).toBeLessThan(400);
  });

  it.each([
    ['', undefined],
    ['#open=abc', undefined],
    ['#s=', null],
    ['#s=%%%', null],
    ['#s=AAAA', null],
    [link({}), null],
    [link({ ...EMPTY, tabs: [{ id: 1 }] }), null],
    [link({ ...EMPTY, metric: '__proto__' }), null],
    [link({ ...yaml('x'), chosen: 9 }), null],
    [link({ ...EMPTY, tabs: Array.from({ length: 99 }, () => yaml('x').tabs[0]) }), null],
    [link('x'.repeat(30_000_000)), null],
  ])('%.40s is no state', (hash, found) => {
    expect(stateIn(hash)).toBe(found);
  });

  it('of random letters never throws', () => {
    fc.assert(
      fc.property(fc.base64String(), (letters) => {
        stateIn(`#s=${letters}`);
      }),
      { seed: 16, numRuns: 200 },
    );
  });
});

describe('a state', () => {
  it('that is read has only what it knows', () => {
    const state = yaml('x');
    expect(readState({ ...state, more: 1, tabs: [{ ...state.tabs[0], more: 1 }] })).toEqual(state);
  });

  it('numbers tabs apart, also after one is closed', () => {
    let state = opened(opened(EMPTY, { kind: 'model', name: 'a' }), { kind: 'model', name: 'b' });
    state = closed(state, 1);
    expect(state.tabs.map(({ id }) => id)).toEqual([2]);
    expect(state.chosen).toBe(2);
    state = opened(state, { kind: 'model', name: 'c' });
    expect(state.tabs.map(({ id }) => id)).toEqual([2, 3]);
    expect(closed(closed(state, 3), 2)).toMatchObject({ tabs: [], chosen: null });
  });

  it('compares with the tab that was picked, or with the only other one', () => {
    const one = opened(EMPTY, { kind: 'model', name: 'a' });
    expect(opponent(one)).toBeUndefined();
    const two = opened(one, { kind: 'model', name: 'b' });
    expect(opponent(two)?.id).toBe(1);
    const three = opened(two, { kind: 'model', name: 'c' });
    expect(opponent(three)).toBeUndefined();
    expect(opponent({ ...three, against: 2 })?.id).toBe(2);
    expect(opponent({ ...three, against: 3 })).toBeUndefined();
  });

  it('keeps a bounded number of tabs', () => {
    let state = EMPTY;
    for (let i = 0; i < MOST_TABS + 3; i++) state = opened(state, { kind: 'model', name: `m${i}` });
    expect(state.tabs.length).toBe(MOST_TABS);
    expect(state.tabs.at(-1)!.source.name).toBe(`m${MOST_TABS + 2}`);
  });

  it('changes one tab and keeps the others as they are', () => {
    const state = opened(yaml('x'), { kind: 'model', name: 'b' });
    const next = changed(state, 2, { options: { ...OWN, batch: 8 } });
    expect(next.tabs[0]).toBe(state.tabs[0]);
    expect(next.tabs[1]!.options.batch).toBe(8);
  });
});

describe('history', () => {
  it('undoes and redoes steps; a new step ends what could be redone', () => {
    const three = advanced(advanced(begun(1), 2), 3);
    const two = undone(three)!;
    expect(two.present).toBe(2);
    expect(redone(two)!.present).toBe(3);
    expect(redone(advanced(two, 9))).toBeUndefined();
    expect(undone(begun(1))).toBeUndefined();
  });

  it('joins what belongs together, and steps over what is only looked at', () => {
    const joined = advanced(advanced(begun('a'), 'ab'), 'abc', true);
    expect(undone(joined)!.present).toBe('a');
    expect(undone(replaced(advanced(begun('a'), 'b'), 'c'))!.present).toBe('a');
  });
});

describe('the change between two texts', () => {
  it('makes the second of the first, and is no longer than it must be', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), fc.string(), (head, a, b, tail) => {
        const [old, text] = [head + a + tail, head + b + tail];
        const { from, to, insert } = changeBetween(old, text);
        expect(old.slice(0, from) + insert + old.slice(to)).toBe(text);
        expect(to - from).toBeLessThanOrEqual(a.length);
        expect(insert.length).toBeLessThanOrEqual(b.length);
      }),
      { seed: 16, numRuns: 300 },
    );
  });
});
