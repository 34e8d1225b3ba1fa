// Earlier runs of a network: each is shown as before beside the latest, with what changed.

import { describe, expect, it } from 'vitest';
import { reportData } from '../../../reports/report/reportData.js';
import { summary } from '../../../reports/report/summary.js';
import type { Run } from '../../../src/measure/run.js';
import type { Profile } from '../../../src/profile.js';
import { HOSTILE, hostileProfile } from '../hostile.js';
import { profileOf, syntheticRun } from '../synthetic.js';

const [resnet, vovnet] = [profileOf('resnet18'), profileOf('vovnet27_slim')] as const;
const make = (profiles: readonly Profile[], runs: readonly Run[]) =>
  reportData({ madeAt: '2001-01-01', version: '0', profiles, runs });
/** Other sessions than those of the other runs, in which everything took so many times as long. */
function at(day: string, factor = 1, changes: Partial<Run> = {}, profile = resnet): Run {
  const run = syntheticRun(profile, { measuredAt: `2001-${day}T09:05:00.000Z`, ...changes });
  const windows = run.times.windows.map((ms) => factor * ms);
  return {
    ...run,
    times: { ...run.times, windows, median: factor * run.times.median },
    sessions: run.sessions.map((session) => ({ ...session, id: `${day} ${session.id}` })),
  };
}

describe('earlier runs', () => {
  it('are each before the latest, the earliest first, whatever the order of the files', () => {
    const runs = [at('03-01', 1), at('01-01', 2), at('02-01', 1.5), at('02-05', 1, {}, vovnet)];
    const { views, notes } = make([resnet, vovnet], runs);
    expect(views[0]!.earlier!.rows.map(({ network, before, after }) => [network, before, after])).toEqual([
      [0, 1, 0],
      [0, 2, 0],
    ]);
    const { head, rows } = views[0]!.earlier!;
    expect(head).toEqual(['network', 'before', 'ms', 'after', 'ms', 'time after over before', 'what else changed']);
    expect(rows[0]!.cells.slice(0, 2)).toEqual(['resnet18', '2001-01-01 09:05']);
    expect(rows[0]!.cells[5]).toMatch(/^0\.50x \(0\.4\d to 0\.5\d\) faster$/);
    expect(rows[0]!.cells[6]).toBe('nothing that is recorded');
    expect(notes[0]).toMatch(/^2 earlier runs .+ stand under "Before and after" alone: elsewhere the latest counts/);
  });

  it('say that nothing changed where that is so, and which versions and settings did', () => {
    const { protocol, versions } = syntheticRun(resnet);
    const before = at('01-01', 1, { flopscope: '0.0.9', protocol: { ...protocol, settings: { threads: 1 } } });
    const after = at('02-01', 1, {
      ...{ protocol: { ...protocol, settings: { threads: 2 } }, versions: { ...versions, driver: '550' } },
    });
    const [row] = make([resnet], [before, after]).views[0]!.earlier!.rows;
    expect(row!.cells[5]).toMatch(/: no significant difference$/);
    expect(row!.cells[6]).toBe('flopscope 0.0.9 -> 0.0.0; threads 1 -> 2; driver unknown -> 550');
  });

  it('of one session each cannot be told apart', () => {
    const one = (day: string, factor: number): Run => {
      const run = at(day, factor);
      return { ...run, sessions: [{ ...run.sessions[0]!, windows: 5 }] };
    };
    const [row] = make([resnet], [one('01-01', 1), one('02-01', 1.2)]).views[0]!.earlier!.rows;
    expect(row!.cells[5]).toMatch(/allowing for one session of each\): cannot tell/);
  });

  it('of another device, batch or network are none', () => {
    const device = { ...syntheticRun(resnet).device, name: 'another' };
    const { views } = make(
      [resnet, profileOf('resnet18', 8)],
      [...[at('01-01'), at('02-01', 1, { device }), at('03-01', 1, {}, profileOf('resnet18', 8))]],
    );
    expect(views.map(({ earlier }) => earlier)).toEqual([undefined, undefined, undefined]);
  });

  it.each([HOSTILE[0], HOSTILE[4]!])('stand in the summary, and no name is markup there: %s', (name) => {
    const profile = hostileProfile(name);
    const text = summary(make([profile], [at('01-01', 2, {}, profile), at('02-01', 1, {}, profile)]), []);
    expect(text).toContain('**Before and after**');
    expect(text).toMatch(/\| network \| before \| ms \| after \| ms \| time after over before \| what else changed \|/);
    expect(text).not.toContain(name);
  });
});
