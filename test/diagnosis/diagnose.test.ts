// Does a diagnosis say where the cost sits and what limits it, from counts and from a run?

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Builder } from '../../src/builder.js';
import { builtIn } from '../../src/builtIn.js';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import { timingOf } from '../../src/diagnosis/timing.js';
import { graphOf } from '../../src/model.js';
import { groupBy, profile } from '../../src/profile.js';
import { readRuns } from '../../src/records/run/readRun.js';

const PATH = 'fixtures/runs/amd-epyc-tensorflow.json';
const run = readRuns(readFileSync(PATH, 'utf8'), PATH).find(({ model, layers }) => model === 'resnet50' && layers)!;

describe('from counts', () => {
  const result = diagnose(builtIn('densenet121'));

  it('has the shares of the stages of a profile, the largest first', () => {
    const { layers, totals } = profile(graphOf(builtIn('densenet121')));
    const stages = new Map(groupBy(layers, 'stage').map((group) => [group.name, group]));
    expect(result.stages[0]!.name).toBe('denseblock1');
    expect(result.stagesBy).toBe('stage');
    // Views move nothing and are no layers here.
    expect(result.stages.reduce((sum, one) => sum + one.layers, 0)).toBeLessThanOrEqual(totals.ops);
    expect(result.partsInAll.layers).toBe(totals.ops);
    for (const { name, multAdds, memoryAccessUnfused, memoryAccessUnfusedShare, milliseconds } of result.stages) {
      expect(multAdds).toBe(stages.get(name)!.multAdds);
      expect(memoryAccessUnfused).toBe(stages.get(name)!.memoryAccess.unfused);
      expect(memoryAccessUnfusedShare).toBe(memoryAccessUnfused / totals.memoryAccess.unfused);
      expect(milliseconds).toBeNull();
    }
  });

  it('says so, and sorts findings by their share', () => {
    expect(result.basis).toMatchObject({ kind: 'counts', where: null, milliseconds: null });
    expect(result.findings.map(({ audit }) => audit)).toEqual(['dense-aggregation', 'costly-bottlenecks']);
  });

  it('knows no limit, and says FLOPs per byte of unfused memory access instead', () => {
    const net = Builder.start();
    const convolved = net.apply('conv', 'conv', net.input([1, 64, 32, 32]), { channels: 64, kernel: 3, padding: 1 });
    const { layers, basis } = diagnose(net.finish('network', net.apply('relu', 'relu', convolved)));
    const [conv, relu] = ['conv', 'relu'].map((wanted) => layers.find(({ name }) => name === wanted)!);
    const map = 64 * 32 * 32;
    expect(conv!.flopsPerByte).toBe((2 * map * 64 * 9) / (4 * (2 * map + 64 * 64 * 9)));
    expect(relu!.flopsPerByte).toBe(map / (4 * 2 * map));
    expect(layers.map(({ limit }) => limit)).toEqual([null, null]);
    expect(basis.how).toMatch(/waits for memory rather than arithmetic where its FLOPs\/byte are below/);
  });

  it('names the blocks of a network of tokens, which have no resolution', () => {
    const net = Builder.start();
    let x = net.input([1, 16, 64]);
    for (const block of ['blocks.0', 'blocks.1', 'blocks.2'])
      x = net.at('', { stage: 'blocks', block }).apply('linear', `${block}/fc`, x, { features: 64 });
    const { stages, stagesBy } = diagnose(net.finish('network', x));
    expect(stages.map(({ name }) => name)).toEqual(['blocks.0', 'blocks.1', 'blocks.2']);
    expect(stagesBy).toBe('block');
  });

  it('takes a graph as well as a model', () => {
    expect(diagnose(graphOf(builtIn('densenet121'))).findings).toEqual(result.findings);
  });

  it('finds nothing in a network that has nothing of it', () => {
    expect(diagnose(builtIn('resnet50')).findings).toEqual([]);
  });
});

describe('from a run', () => {
  it('has the times of its layers, and a limit for each', () => {
    const model = builtIn('resnet50');
    const { n, c, h, w } = run.input;
    const result = diagnose(model, { batch: n, input: [c, h, w], run: { ...run, warnings: [] } });
    const all = run.layers!.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    const [slowest] = [...run.layers!].sort((a, b) => b.milliseconds - a.milliseconds);
    expect(result.basis).toMatchObject({ kind: 'measured', milliseconds: run.times.median });
    expect(result.layers[0]).toMatchObject({ name: slowest!.name, milliseconds: slowest!.milliseconds });
    expect(result.layers[0]!.timeShare).toBeCloseTo(slowest!.milliseconds / all, 12);
    expect(result.layers.every(({ limit }) => limit !== null)).toBe(true);
  });

  it('refuses the run of another network', () => {
    expect(timingOf(run, profile(graphOf(builtIn('vgg16'))))).toBeUndefined();
    expect(() => diagnose(builtIn('vgg16'), { run })).toThrow(/times layers that vgg16 does not have/);
  });

  it('refuses a run without layers', () => {
    expect(() => diagnose(builtIn('resnet50'), { run: { ...run, layers: null, noLayers: null } })).toThrow(
      /no times of layers: measure it with --layers/,
    );
  });
});
