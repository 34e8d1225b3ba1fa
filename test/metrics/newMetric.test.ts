// A new metric is one row: a throw-away row in the table of counts shows up everywhere, with no other edit.

import { describe, expect, it, vi } from 'vitest';
import { MEASURES } from '../../reports/charts/measures.js';
import { sceneOf } from '../../reports/charts/scene.js';
import { layerColumns, layerEntries } from '../../reports/page/table/layerColumns.js';
import { networkColumns } from '../../reports/page/table/networkColumns.js';
import { DEFINITIONS } from '../../reports/report/definitions.js';
import { reportData } from '../../reports/report/reportData.js';
import { compareSheet } from '../../reports/sheets/compareSheet.js';
import { diffSheet } from '../../reports/sheets/diffSheet.js';
import { listSheet } from '../../reports/sheets/listSheet.js';
import { profileSheet } from '../../reports/sheets/profileSheet.js';
import { SORT_KEYS } from '../../reports/sheets/profileView.js';
import type { AnySheet } from '../../reports/sheets/sheet.js';
import { baselineOf } from '../../src/budgets/baseline.js';
import { compare } from '../../src/compare.js';
import { diff } from '../../src/diff/diff.js';
import { COSTS } from '../../src/explain/costs.js';
import { METRIC_NAMES, type MetricName } from '../../src/metrics/table.js';
import { groupBy } from '../../src/profile.js';
import { baselineJson, readBaseline } from '../../src/records/budgets/baselineJson.js';
import { readLimit } from '../../src/records/budgets/limitText.js';
import { readRuns } from '../../src/records/run/readRun.js';
import { ROW_FORMATS } from '../../src/records/sweep/rows.js';
import { rowOf } from '../../src/sweep/row.js';
import { profileOf, syntheticRun } from '../reports/synthetic.js';

vi.mock('../../src/metrics/counts.js', async (original) => {
  const { COUNTS } = await original<typeof import('../../src/metrics/counts.js')>();
  const doubled = {
    ...{ from: 'graph', unit: 'count', better: 'less', source: null, combine: 'sum', later: true },
    ...{ title: 'doubled parameters', short: 'doubled', words: 'the doubled parameters' },
    about: 'Two for each parameter.',
    part: ({ params }: { readonly params: number }) => 2 * params,
  };
  return { COUNTS: { ...COUNTS, doubled } };
});

const NAME = 'doubled' as MetricName;
const [first, second] = [profileOf('resnet18'), profileOf('resnet34')];
const amount = (totals: object): unknown => (totals as Record<string, unknown>)[NAME];
const own = 2 * first.totals.params;

const keysOf = ({ columns }: AnySheet): readonly string[] => columns.map(({ key }) => key);

describe('a new row in the table of counts', () => {
  it('is in totals, of the network and of every stage', () => {
    expect(amount(first.totals)).toBe(own);
    const stages = groupBy(first.layers, 'stage').map((stage) => amount(stage) as number);
    expect(stages.reduce((sum, value) => sum + value, 0)).toBe(own);
  });

  it('is in comparisons and differences', () => {
    const { models, ratios } = compare([first, second]);
    expect(amount(models[0]!)).toBe(own);
    expect(amount(ratios[1]!)).toBe(second.totals.params / first.totals.params);
    const moved = 2 * (second.totals.params - first.totals.params);
    expect(amount(diff(first, second).diff.totals.moved)).toBe(moved);
  });

  it('has budgets, and a place in the baseline, which is read back', () => {
    expect(METRIC_NAMES).toContain(NAME);
    expect(readLimit(NAME, '24M')).toMatchObject({ kind: 'absolute' });
    const baseline = new Map([['resnet18 1x3x224x224', baselineOf({ profile: first, run: null, training: null })]]);
    const [read] = readBaseline(baselineJson(baseline), 'baseline.json').values();
    expect(amount(read!.metrics)).toBe(own);
  });

  it('is a column of sweeps, in JSON Lines and CSV', () => {
    const row = rowOf('resnet18', { index: 0, values: {}, input: null, batch: 1 }, first);
    expect(amount(row)).toBe(own);
    for (const format of Object.values(ROW_FORMATS)) {
      const [back] = format.read(`${format.header([])}${format.line(row, [])}`, 'rows', []);
      expect(amount(back!)).toBe(own);
    }
  });

  it('is a cost that may explain times', () => {
    const cost = COSTS.find(({ key }) => key === NAME)!;
    expect(cost.of(first.totals)).toBe(own);
    expect(cost.words).toBe('the doubled parameters');
  });

  it('is in records of runs, and those without it are read', () => {
    const run = syntheticRun(first);
    expect(amount(readRuns(JSON.stringify(run), 'run.json')[0]!.totals)).toBe(own);
    const totals = Object.fromEntries(Object.entries(run.totals).filter(([name]) => name !== NAME));
    const [older] = readRuns(JSON.stringify({ ...run, totals }), 'run.json');
    expect(amount(older!.totals)).toBeUndefined();
  });

  it('is a column of every sheet of counts, and sorts them', () => {
    expect(SORT_KEYS).toContain(NAME);
    const view = { by: 'layer', sort: NAME as never, top: 1 } as const;
    const sheet = profileSheet(first, view);
    expect(keysOf(sheet)).toContain(NAME);
    const most = first.layers.reduce((a, b) => (b.params > a.params ? b : a));
    expect((sheet.rows[0] as { readonly name: string }).name).toBe(most.name);
    for (const other of [
      compareSheet(compare([first, second])),
      diffSheet(diff(first, second), { by: 'stage' }),
      diffSheet(diff(first, second), { by: 'layer' }),
      listSheet([{ family: 'resnet', profile: first }]),
    ])
      expect(keysOf(other)).toContain(NAME);
  });

  it('has a bar in charts, columns on the page, and its definition in the glossary', () => {
    const run = syntheticRun(first);
    const data = reportData({
      ...{ madeAt: new Date(0).toISOString(), version: 'test' },
      ...{ profiles: [first, second], runs: [run] },
    });
    const scene = sceneOf(data, 0);
    const [subject] = scene.subjects;
    expect(MEASURES.find(({ key }) => key === NAME)!.value(subject!)).toBe(own);
    expect(
      networkColumns(scene)
        .find(({ key }) => key === NAME)!
        .value(subject!),
    ).toBe(own);
    const entries = layerEntries(subject!, scene);
    const column = layerColumns(false, 4).find(({ key }) => key === NAME)!;
    expect(column.total!(entries)).toBe(own);
    expect(DEFINITIONS[NAME]).toEqual({ word: 'doubled parameters', meaning: 'Two for each parameter.' });
  });
});
