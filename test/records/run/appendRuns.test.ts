import { describe, expect, it } from 'vitest';
import type { Run } from '../../../src/measure/run.js';
import { appendRuns } from '../../../src/records/run/appendRuns.js';
import { readRuns } from '../../../src/records/run/readRun.js';
import { inferenceRatio } from '../../../src/measure/sessionTimes.js';
import { profileOf, syntheticRun } from '../../reports/synthetic.js';

const run = syntheticRun(profileOf('resnet20'));
const renamed = (one: Run, name: string): Run => ({
  ...one,
  sessions: one.sessions.map((session) => ({ ...session, id: `${name} ${session.id}` })),
});
/** What is written can be read. */
const kept = (runs: readonly Run[]): readonly Run[] =>
  readRuns(JSON.stringify({ schema: 'flopscope.runs/1', runs }), 'runs.json');

describe('appendRuns', () => {
  it('adds the sessions of a second run to the first, and all figures follow', () => {
    const [one, ...others] = kept(appendRuns([run], [renamed(run, 'later')]));
    expect(others).toEqual([]);
    expect(one!.sessions).toHaveLength(10);
    expect(one!.times.windows).toEqual([...run.times.windows, ...run.times.windows]);
    expect(one!.times.median).toBeCloseTo(run.times.median, 9);
    expect(inferenceRatio(one!, run).verdict).toBe('no difference');
  });
  it('reads on where a record knows no sessions: what it has is one', () => {
    const [one] = kept(appendRuns([{ ...run, sessions: [] }], [run]));
    expect(one!.sessions).toHaveLength(6);
    expect(one!.sessions[0]).toMatchObject({ windows: 5, measuredAt: run.measuredAt });
  });
  it('whatever the order of keys: engines and the reader have their own', () => {
    const { vendor, name, kind, software, driver } = run.device;
    const device = { driver, software, kind, name, vendor };
    const input = { w: run.input.w, h: run.input.h, c: run.input.c, n: run.input.n };
    expect(appendRuns([run], [{ ...renamed(run, 'later'), device, input }])).toHaveLength(1);
  });
  it.each<[string, Partial<Run>]>([
    ['another batch', { input: { ...run.input, n: 2 } }],
    ['another device', { device: { ...run.device, name: 'other' } }],
    ['another seed', { protocol: { ...run.protocol, seed: 2 } }],
    ['other threads', { protocol: { ...run.protocol, settings: { threads: 2 } } }],
    ['another version', { versions: { node: '24.0.0' } }],
    ['other counts', { totals: { ...run.totals, params: 1 } }],
  ])('of %s is another run', (_, changes) => {
    expect(appendRuns([run], [{ ...run, ...changes }])).toHaveLength(2);
  });
  it('keeps the higher ceilings, and utilisation of them', () => {
    const higher = {
      flopsPerSecond: 8e12,
      bytesPerSecond: 1e11,
      how: 'other',
      noise: null,
      raised: null,
      sampled: null,
    };
    const faster = { ...renamed(run, 'later'), ceilings: higher };
    const [one] = kept(appendRuns([run], [faster]));
    expect(one!.ceilings).toEqual({
      ...{ ...higher, bytesPerSecond: 3e11 },
      sampled: { flopsPerSecond: 8e12, bytesPerSecond: 3e11, raised: null },
    });
    expect(one!.utilisation!.compute).toBeCloseTo(one!.flopsPerSecond / 8e12, 12);
  });
  it('says of the joined ceilings alone what raised them, once', () => {
    const raisedBy = (name: string, flopsPerSecond: number, id: string): Run => {
      const raised = `FLOP/s raised to what ${name} reached`;
      const message = `a ceiling was passed (${raised}): why`;
      return {
        ...renamed(run, id),
        ceilings: { flopsPerSecond, bytesPerSecond: 1e11, how: name, noise: 0.1, raised, sampled: null },
        warnings: [{ kind: 'other', message, flag: null }],
      };
    };
    const [one] = kept(appendRuns([raisedBy('slow', 7e12, 'a')], [raisedBy('fast', 8e12, 'b')]));
    expect(one!.ceilings).toMatchObject({ how: 'fast', raised: 'FLOP/s raised to what fast reached' });
    expect(one!.warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^a ceiling was passed \(FLOP\/s raised to what fast reached\): /),
    ]);
  });
});
