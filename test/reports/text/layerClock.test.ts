// Do the words on the times of layers follow how they were timed?

import { describe, expect, it } from 'vitest';
import { isMissing } from '../../../reports/charts/chart.js';
import { sceneOf } from '../../../reports/charts/scene.js';
import { CHARTS } from '../../../reports/charts/table.js';
import { costsOf } from '../../../reports/report/costParts.js';
import { reportOf } from '../../../reports/report/reportOf.js';
import { howTimed, layerClockNote } from '../../../reports/text/layerClock.js';
import { builtIn } from '../../../src/builtIn.js';
import type { Run, RunAsRun } from '../../../src/measure/run.js';
import { profileOf, syntheticRun } from '../synthetic.js';

const asRun: RunAsRun = {
  ...{ kernels: 178, providers: { CPUExecutionProvider: 178 }, fused: [], memoryAccess: 1, whole: 156.4 },
  others: [{ name: 'a', op: 'Reorder', elements: 1, milliseconds: 0.5 }],
};
const run = (changes: Partial<Run>): Run => syntheticRun(profileOf('resnet18'), changes);
const times = { ...run({}).times, median: 135.1 };

describe('the note under the times of layers', () => {
  it('of kernels that a runtime profiled says so, and what an inference takes there', () => {
    expect(layerClockNote(run({ asRun, times, layerClock: 'host' }))).toBe(
      'The runtime profiled 178 kernels in a session of its own: an inference takes 156 ms there, and 135 ms without profiling. Kernels that stand for no layer take another 0.5 ms.',
    );
  });

  it("names the GPU's clock, and no other kernels where there are none", () => {
    expect(layerClockNote(run({ asRun: { ...asRun, whole: null, others: [] }, times, layerClock: 'gpu' }))).toBe(
      "The runtime profiled 178 kernels by the GPU's clock in a session of its own; without profiling an inference takes 135 ms.",
    );
  });

  it('speaks of a wait only where the host timed each layer', () => {
    expect(layerClockNote(run({ layerClock: 'host' }))).toContain('a wait for the device');
    expect(layerClockNote(run({ layerClock: 'gpu' }))).toBeNull();
  });
});

it('runs of one report may differ', () => {
  expect(howTimed([{ asRun: null }])).toBe('each timed alone');
  expect(howTimed([{ asRun }])).toBe('as the runtime profiled them');
  expect(howTimed([{ asRun }, { asRun: null }])).toBe('each timed alone or as the runtime profiled them');
});

it.each([
  [null, 'each timed alone', 'as the runtime profiled them'],
  [asRun, 'as the runtime profiled them', 'each timed alone'],
])('the charts and the parts of a page say it', (ran, said, unsaid) => {
  const { data } = reportOf([builtIn('resnet18')], { runs: [run({ asRun: ran })] });
  const [view] = data.views;
  const texts = CHARTS.filter(({ id }) => ['stages', 'layer-time'].includes(id)).map(({ picture }) => {
    const drawn = picture(sceneOf(data, 0));
    return isMissing(drawn) ? drawn.missing : drawn.lead;
  });
  expect(texts).toHaveLength(2);
  for (const text of [...texts, costsOf(view!.answer!)[0]!.sum]) {
    expect(text).toContain(said);
    expect(text).not.toContain(unsaid);
  }
});
