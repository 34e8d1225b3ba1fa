// How is a baseline kept? The same text for the same figures, one line per layer, and back again without loss.

import { describe, expect, it } from 'vitest';
import { baselineOf, keyOf } from '../../../src/budgets/baseline.js';
import { baselineJson, readBaseline } from '../../../src/records/budgets/baselineJson.js';
import { profileOf, syntheticRun } from '../../reports/synthetic.js';

const profiles = ['vovnet39', 'resnet18'].map((name) => profileOf(name));
const baseline = new Map(
  profiles.map((profile) => [keyOf(profile.model, profile.input), baselineOf({ profile, run: syntheticRun(profile) })]),
);

describe('baselineJson', () => {
  it('survives being written and read', () => {
    expect(new Map([...readBaseline(baselineJson(baseline), 'b.json')].sort())).toEqual(new Map([...baseline].sort()));
  });

  it('is the same text in whatever order the networks were counted', () => {
    expect(baselineJson(new Map([...baseline].reverse()))).toBe(baselineJson(baseline));
  });

  it('gives every layer a line of its own, so that one changed layer is one changed line', () => {
    const [profile] = profiles;
    const changed = {
      ...profile!,
      layers: profile!.layers.map((layer, i) => (i === 3 ? { ...layer, params: layer.params + 1 } : layer)),
    };
    const [before, after] = [profile!, changed].map((one) =>
      baselineJson(new Map([['a', baselineOf({ profile: one, run: null })]])).split('\n'),
    );
    expect(after!.filter((line, i) => line !== before![i]).length).toBe(1);
    expect(after!.length).toBe(before!.length);
  });

  it('keeps the names of any layer', () => {
    const odd = { ...profiles[0]!, layers: profiles[0]!.layers.map((l, i) => ({ ...l, name: `__proto__"\n${i}` })) };
    const kept = new Map([['__proto__', baselineOf({ profile: odd, run: null })]]);
    expect(readBaseline(baselineJson(kept), 'b.json')).toEqual(kept);
  });

  it('is read in its first version, which called the unfused memory access of layers memoryAccess', () => {
    const first = baselineJson(baseline)
      .replace('baseline/2', 'baseline/1')
      .replaceAll('memoryAccessUnfused', 'memoryAccess');
    expect(first).not.toContain('Unfused');
    expect(readBaseline(first, 'b.json')).toEqual(readBaseline(baselineJson(baseline), 'b.json'));
  });

  it.each([
    ['', 'is not JSON'],
    ['{}', 'its schema is nothing'],
    ['null', 'its schema is nothing'],
    ['{"schema": "flopscope.run/1"}', 'nothing is read from it or written over it'],
    ['{\n<<<<<<< HEAD\n', 'b.json:2:1: a merge left its conflict here'],
    ['{"schema": "flopscope.baseline/1"}', 'networks is wrong'],
    ['{"schema": "flopscope.baseline/1", "networks": [{"layers": [null, 3]}]}', 'networks.0.network is wrong'],
    [baselineJson(baseline).replace(/"params": \d+/, '"params": 1.5'), 'networks.0.metrics.params is wrong'],
    [baselineJson(baseline).replace(/"params":\d+/, '"params":-1'), 'networks.0.layers.0.params is wrong'],
  ])('refuses %j', (text, expected) => {
    expect(() => readBaseline(text, 'b.json')).toThrow(expected);
  });
});
