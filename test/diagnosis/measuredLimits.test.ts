// Is a limit said only where the time of a layer can be relied on and its work explains it?

import { describe, expect, it } from 'vitest';
import { Builder } from '../../src/builder.js';
import { diagnose, diagnosed, type Diagnosis } from '../../src/diagnosis/diagnose.js';
import type { Run, Warning } from '../../src/measure/run.js';
import { profile } from '../../src/profile.js';
import { partSheets } from '../../reports/sheets/diagnosisSheets.js';
import { answerOf, concentration } from '../../reports/report/answer.js';
import { markdown } from '../../reports/text/markdown.js';
import { syntheticRun } from '../reports/synthetic.js';

/** Three convolutions that are alike, and a layer that does nearly nothing. */
function network() {
  const net = Builder.start();
  let x = net.input([1, 128, 56, 56]);
  for (const name of ['a', 'b', 'c']) x = net.apply('conv', name, x, { channels: 128, kernel: 3, padding: 1 });
  x = net.apply('globalAvgPool', 'pool', x);
  return net.finish('network', x);
}
const graph = network();
const counted = profile(graph);
/** 462 M multiply-adds take 0.23 ms at 4 TFLOP/s. */
const WORK = 0.23;

function runWith(times: Readonly<Record<string, number>>, warnings: readonly Warning[] = []): Run {
  const run = syntheticRun(counted);
  return {
    ...run,
    warnings,
    layers: run.layers!.map((layer) => ({ ...layer, milliseconds: times[layer.name] ?? layer.milliseconds })),
  };
}

const found = (run: Run): Diagnosis => diagnose(graph, { run });
const limits = (run: Run): Readonly<Record<string, unknown>> =>
  Object.fromEntries(diagnosed(graph, { run }).everyLayer.map(({ name, limit }) => [name, limit]));
const warning = (kind: Warning['kind'], flag: string | null = null): Warning => ({ kind, message: kind, flag });

it('is compute or memory where the roofs explain the time, and launches where there is hardly any work', () => {
  const slow = { a: 2 * WORK, b: 2 * WORK, c: 2 * WORK, pool: 0.09 };
  expect(limits(runWith(slow))).toEqual({ a: 'compute', b: 'compute', c: 'compute', pool: 'launches' });
});

it('is not known of a layer with work that takes far longer than its work', () => {
  const slow = { a: 10 * WORK, b: 10 * WORK, c: 10 * WORK };
  expect(limits(runWith(slow))).toMatchObject({ a: null, b: null, c: null });
});

describe('layers that are alike', () => {
  const run = runWith({ a: 9, b: 0.66, c: 0.7 });
  const result = found(run);

  it('and took times that differ more than threefold have no limit, and say why', () => {
    const alike = diagnosed(graph, { run }).everyLayer.filter(({ op }) => op === 'conv');
    expect(alike.map(({ limit, varies }) => [limit, varies])).toEqual(alike.map(() => [null, [0.66, 9]]));
    expect(alike).toHaveLength(3);
    const [, layers] = partSheets(result);
    expect(layers!.notes).toHaveLength(1);
    expect(markdown(layers!)).toMatch(/varies: 0\.66\d* to 9\.0\d* ms for the same layer .* not known: a/);
  });

  it('are counted by no sentence as waiting for their launch', () => {
    expect(concentration(answerOf(diagnosed(graph, { run })))).not.toContain('launch');
  });

  it('are told apart by their parameters', () => {
    const wide = Builder.start();
    let x = wide.input([1, 64, 28, 28]);
    x = wide.apply('conv', 'a', x, { channels: 64, kernel: 3, padding: 1 });
    const other = wide.finish('other', wide.apply('conv', 'b', x, { channels: 64, kernel: 3, padding: 1, groups: 64 }));
    const base = syntheticRun(profile(other));
    const layers = base.layers!.map((one) => ({ ...one, milliseconds: one.name === 'a' ? 5 : 0.5 }));
    for (const one of diagnose(other, { run: { ...base, layers } }).layers) expect(one).not.toHaveProperty('varies');
  });
});

describe('a run that warns', () => {
  const slow = { a: 2 * WORK, b: 2 * WORK, c: 2 * WORK, pool: 0.09 };

  it.each(['noisy', 'drifting', 'too-short'] as const)(
    '%s: launches are not known, roofs that are filled are',
    (kind) => {
      const run = runWith(slow, [warning(kind, '--sessions 6')]);
      expect(limits(run)).toEqual({ a: 'compute', b: 'compute', c: 'compute', pool: null });
      expect(found(run).basis.how).toMatch(/not steady: measure again with --sessions 6$/);
    },
  );

  it('layers-differ: no limit is known', () => {
    const run = runWith(slow, [warning('noisy', '--sessions 6'), warning('layers-differ', '--windows 15')]);
    expect(Object.values(limits(run)).every((limit) => limit === null)).toBe(true);
    expect(found(run).basis.how).toMatch(/not known.*--windows 15$/);
    const [stages] = partSheets(found(run));
    expect(markdown(stages!)).toContain('not known');
  });

  it('has each warning once', () => {
    const twice = runWith(slow, [warning('noisy'), warning('noisy'), warning('other')]);
    expect(found(twice).warnings).toEqual(['noisy', 'other']);
  });
});
