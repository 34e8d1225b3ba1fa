// Do the charts show the numbers of their networks? The data of each builder, not its pixels.

import { describe, expect, it } from 'vitest';
import { logTicks, tick } from '../../../reports/charts/axis.js';
import { isMissing, type Picture } from '../../../reports/charts/chart.js';
import { sceneOf, type Scene } from '../../../reports/charts/scene.js';
import { CHARTS } from '../../../reports/charts/table.js';
import { DARK, LIGHT } from '../../../reports/charts/theme.js';
import { reportData } from '../../../reports/report/reportData.js';
import { leastMilliseconds, timedLayers } from '../../../reports/report/timedLayers.js';
import { bytes } from '../../../reports/text/number.js';
import type { Run } from '../../../src/measure/run.js';
import { profileOf, syntheticRun, trainingsOf } from '../synthetic.js';

const profiles = ['resnet50', 'densenet121', 'vovnet39'].map((name) => profileOf(name));
const trainings = trainingsOf(profiles);
const sceneWith = (runs: readonly Run[], given: object = {}): Scene =>
  sceneOf(reportData({ madeAt: '2001-01-01', version: '0', profiles, runs, ...given }), 0);
const [counted, timed] = [
  sceneWith([]),
  sceneWith(
    profiles.map((profile) => syntheticRun(profile)),
    { trainings },
  ),
] as const;

function pictureOf(id: string, scene: Scene): Picture {
  const picture = CHARTS.find((chart) => chart.id === id)!.picture(scene);
  if (isMissing(picture)) throw new Error(picture.missing);
  return picture;
}

const dataOf = (id: string, scene: Scene): readonly (readonly unknown[])[] =>
  pictureOf(id, scene)
    .config(LIGHT, 900)
    .data.datasets.map(({ data }) => data as readonly unknown[]);

describe('without measured data', () => {
  it('only counted charts are drawn', () => {
    const drawn = CHARTS.filter((chart) => !isMissing(chart.picture(counted))).map(({ id }) => id);
    expect(drawn).toEqual(['relative-cost', 'stages', 'balance']);
  });

  it('no chart speaks of a measured time', () => {
    for (const id of ['relative-cost', 'stages'])
      expect(JSON.stringify(pictureOf(id, counted).table)).not.toContain(' ms');
  });
});

describe('what is kept by stage', () => {
  it('has the bytes of each stage, which add up to what the network keeps', () => {
    const { table, lead } = pictureOf('kept-by-stage', timed);
    expect(table.rows.map(([network, stage]) => `${network} ${stage}`)).toContain('densenet121 denseblock1');
    const lengths = dataOf('kept-by-stage', timed) as { x: number }[][];
    for (const [i, profile] of profiles.entries()) {
      const { keptBytes } = trainings.get(profile)!.training.totals;
      expect(2 ** 20 * lengths.reduce((sum, stage) => sum + stage[i]!.x, 0)).toBeCloseTo(keptBytes, 3);
    }
    const { keptBytes, peak } = trainings.get(profiles[0]!)!.training.totals;
    expect(lead).toContain(`resnet50 keeps ${bytes(keptBytes)} (peak ${bytes(peak.bytes)})`);
  });
});

describe('relative cost', () => {
  it('draws from 1x to the ratio, whichever is larger second', () => {
    const [densenet] = dataOf('relative-cost', timed) as (readonly [number, number])[][];
    const [multAdds, , , access] = densenet!;
    expect(multAdds![0]).toBeCloseTo(profiles[1]!.totals.multAdds / profiles[0]!.totals.multAdds, 12);
    expect(multAdds![1]).toBe(1);
    expect(access![0]).toBe(1);
    expect(access![1]).toBeCloseTo(
      profiles[1]!.totals.memoryAccess.unfused / profiles[0]!.totals.memoryAccess.unfused,
      12,
    );
  });

  it('leaves a missing time out instead of drawing a zero', () => {
    const scene = sceneWith([syntheticRun(profiles[0]!), syntheticRun(profiles[1]!)]);
    const { table } = pictureOf('relative-cost', scene);
    const column = table.head.indexOf('Time, measured');
    expect(table.rows.map((row) => row[column])).toContain('not measured');
    expect(dataOf('relative-cost', scene)[1]).toContain(null);
  });
});

describe('with many networks', () => {
  const names = ['vgg16', 'resnet50', 'densenet121', 'vovnet39', 'mobilenet_v2', 'squeezenet1_1', 'resnet18', 'vgg11'];
  const counts = names.map((name) => profileOf(name));
  const scene = sceneOf(
    reportData({
      ...{ madeAt: '2001-01-01', version: '0', profiles: counts },
      runs: counts.slice(0, 7).map((profile) => syntheticRun(profile)),
    }),
    0,
  );
  const rows = dataOf('relative-cost', scene) as { x: number; y: number }[][];

  it('relative cost has a row each, from the fewest multiply-adds to the most, over those of the baseline', () => {
    const ordered = counts.map(({ totals }) => totals.multAdds).sort((a, b) => a - b);
    expect(rows[0]).toEqual(ordered.map((multAdds, y) => ({ x: multAdds / counts[0]!.totals.multAdds, y })));
  });

  it('a network without a time has no mark of time in its row', () => {
    expect(rows.map(({ length }) => length)).toEqual([8, 8, 7]);
  });

  it('FLOP/s and utilisation have a row each, the largest first', () => {
    for (const id of ['achieved-flops', 'utilisation']) {
      const xs = (dataOf(id, scene) as { x: number }[][])[0]!.map(({ x }) => x);
      expect(xs).toHaveLength(7);
      expect(xs).toEqual([...xs].sort((a, b) => b - a));
    }
  });

  it('no chart of thirty is longer than a screen', () => {
    const thirty = Array.from({ length: 30 }, (_, i) => ({ ...profiles[0]!, model: `network_${i}` }));
    const large = sceneOf(
      reportData({
        ...{ madeAt: '2001-01-01', version: '0', profiles: thirty },
        runs: thirty.map((profile) => syntheticRun(profile)),
        trainings: new Map(thirty.map((profile) => [profile, trainings.get(profiles[0]!)!])),
      }),
      0,
    );
    for (const { id } of CHARTS) expect(pictureOf(id, large).height(1080), id).toBeLessThan(800);
  });
});

it('a rank correlation is printed, with a word of caution where it may be chance', () => {
  expect(pictureOf('mult-adds-against-time', timed).lead).toMatch(
    /^Rank correlation \(Spearman\) -?[\d.]+ over 3 networks: too few to tell from chance\./,
  );
});

it('a rank correlation of ten networks and more is printed with its interval', () => {
  const ten = Array.from({ length: 10 }, (_, i) => ({
    ...profiles[0]!,
    model: `network_${i}`,
    totals: { ...profiles[0]!.totals, multAdds: 1e9 * (i + 1) },
  }));
  const runs = ten.map((profile, i) => {
    const run = syntheticRun(profile);
    return { ...run, times: { ...run.times, median: i === 0 ? 1.5 : i } };
  });
  const scene = sceneOf(reportData({ madeAt: '2001-01-01', version: '0', profiles: ten, runs }), 0);
  expect(pictureOf('mult-adds-against-time', scene).lead).toMatch(
    /^Rank correlation \(Spearman\) 0\.99 over 10 networks, 95 % interval 0\.\d\d to 1\.00\./,
  );
});

it('scatters put a count against the median time', () => {
  const [[resnet]] = dataOf('mult-adds-against-time', timed) as [[unknown]];
  expect(resnet).toEqual({ x: profiles[0]!.totals.multAdds, y: timed.subjects[0]!.run!.times.median });
});

it('bars of FLOP/s and utilisation are the values of the run', () => {
  expect(dataOf('achieved-flops', timed)[0]).toEqual(timed.subjects.map(({ run }) => run!.flopsPerSecond));
  expect(dataOf('utilisation', timed)).toEqual([
    timed.subjects.map(({ run }) => run!.utilisation!.compute),
    timed.subjects.map(({ run }) => run!.utilisation!.memory),
  ]);
});

it('every bar of stages adds up to 100 %', () => {
  const stacks = dataOf('stages', timed) as { x: number; y: number }[][];
  const sums = stacks[0]!.map((_, i) => stacks.reduce((sum, one) => sum + one[i]!.x, 0));
  expect(sums).toHaveLength(9);
  for (const sum of sums) expect(sum).toBeCloseTo(100, 9);
});

it('balance has one step per convolution, never below 1, and every panel its own axis', () => {
  const datasets = dataOf('balance', counted) as { y: number }[][];
  expect(datasets.map(({ length }) => length - 1)).toEqual(profiles.map(({ totals }) => totals.convLayers));
  for (const { y } of datasets.flat()) expect(y).toBeGreaterThanOrEqual(1);
});

it('roofline points lie at 2 multiply-adds per second of their layer', () => {
  const [roof, resnet] = dataOf('roofline', timed) as { x: number; y: number }[][];
  const [first] = timedLayers(timed.subjects[0]!).filter(({ flops }) => flops > 0);
  expect(resnet![0]).toEqual({
    x: first!.flops / first!.bytes,
    y: (1000 * first!.flops) / first!.time.milliseconds,
  });
  expect(roof!.at(-1)!.y).toBe(timed.setting!.ceilings!.flopsPerSecond);
});

it('a timed layer carries the bytes of all that was fused into it', () => {
  const layers = timedLayers(timed.subjects[0]!);
  const bytes = layers.reduce((sum, layer) => sum + layer.bytes, 0);
  expect(bytes).toBe(4 * profiles[0]!.totals.memoryAccess.fused);
});

it('the prediction is the slower of arithmetic and memory', () => {
  const ceilings = { flopsPerSecond: 1000, bytesPerSecond: 100 };
  expect(leastMilliseconds({ flops: 10, bytes: 1 }, ceilings)).toBeCloseTo(10, 12);
  expect(leastMilliseconds({ flops: 10, bytes: 5 }, ceilings)).toBeCloseTo(50, 12);
});

it('a run without layers leaves layer charts out with its reason, and draws whole networks under the roof', () => {
  const scene = sceneWith(
    profiles.map((profile) => syntheticRun(profile, { layers: null, noLayers: 'not asked for' })),
  );
  const missing = CHARTS.find(({ id }) => id === 'layer-time')!.picture(scene);
  expect(missing).toEqual({ missing: 'No layer was timed (not asked for).' });
  expect(dataOf('roofline', scene)).toHaveLength(1 + profiles.length);
});

describe('every chart', () => {
  const pictures = CHARTS.map((chart) => [chart.id, pictureOf(chart.id, timed)] as const);

  it.each(pictures)('%s has words and a table for those who do not see it', (_, { lead, summary, table }) => {
    expect(lead.length).toBeGreaterThan(40);
    expect(summary.length).toBeGreaterThan(20);
    expect(table.rows.length).toBeGreaterThan(0);
    for (const row of table.rows) expect(row).toHaveLength(table.head.length);
  });

  it.each(pictures)('%s is the same data in both themes and at every width', (id, picture) => {
    // Bars of stages stand where there is room for them: there it is their lengths that are the data.
    const shown = (one: unknown): unknown =>
      id === 'stages' || id === 'kept-by-stage' ? (one as { x: number }).x : one;
    const data = [
      [LIGHT, 340],
      [DARK, 1100],
    ].map(([theme, width]) =>
      picture.config(theme as typeof LIGHT, width as number).data.datasets.map((one) => one.data.map(shown)),
    );
    expect(data[0]).toEqual(data[1]);
  });
});

describe('axis marks', () => {
  it.each([
    [1, 1000, 600],
    [0.3, 4, 300],
    [7e7, 2e8, 400],
    [1e-6, 1e6, 200],
    [0.0005, 0.5, 250],
    [0.066, 4.2, 1000],
    [4, 8.5, 300],
    [4, 8.5, 60],
  ])('from %d to %d stay inside and apart on %d pixels', (from, to, pixels) => {
    const ticks = logTicks(from, to, pixels);
    expect(ticks.length).toBeGreaterThanOrEqual(1);
    for (const [i, value] of ticks.slice(1).entries())
      expect((pixels * Math.log(value / ticks[i]!)) / Math.log(to / from)).toBeGreaterThanOrEqual(64);
    for (const value of ticks) {
      expect(value).toBeGreaterThanOrEqual(from * 0.999);
      expect(value).toBeLessThanOrEqual(to * 1.001);
    }
  });

  it('are written without idle zeros', () => {
    expect([8e7, 1.5e12, 200, 0.05].map(tick)).toEqual(['80 M', '1.5 T', '200', '0.05']);
  });
});
