// Does a report keep apart what must not be mixed? Networks by name, input and counts; runs by device, engine and batch.

import { describe, expect, it } from 'vitest';
import { layerOf } from '../../../reports/report/layerRow.js';
import { factsOf, othersOf } from '../../../reports/report/facts.js';
import { reportData } from '../../../reports/report/reportData.js';
import { timedLayers } from '../../../reports/report/timedLayers.js';
import { warningsOf } from '../../../reports/report/warnings.js';
import type { Run } from '../../../src/measure/run.js';
import type { Profile } from '../../../src/profile.js';
import { profileOf, syntheticRun } from '../synthetic.js';

const [resnet, vovnet] = [profileOf('resnet18'), profileOf('vovnet27_slim')] as const;
/** Of the same name, and another network. */
const edited = { ...resnet, totals: { ...resnet.totals, multAdds: resnet.totals.multAdds + 1 } };
const make = (profiles: readonly Profile[], runs: readonly Run[] = [], more = {}) =>
  reportData({ madeAt: '2001-01-01', version: '0', profiles, runs, ...more });
const device = (name: string): Partial<Run> => ({ device: { ...syntheticRun(resnet).device, name } });

describe('networks', () => {
  it('keep every layer with every count', () => {
    const [network] = make([resnet]).networks;
    const layers = network!.layers!.map(layerOf);
    expect(layers).toHaveLength(resnet.layers.length);
    expect(layers.reduce((sum, { memoryAccessUnfused }) => sum + memoryAccessUnfused, 0)).toBe(
      resnet.totals.memoryAccess.unfused,
    );
    expect(layers[0]).toMatchObject({ name: resnet.layers[0]!.name, input: '1x3x224x224', kind: 'conv 7x7 /2' });
  });

  it('survive as JSON', () => {
    const data = make([resnet, vovnet], [syntheticRun(resnet)]);
    expect(JSON.parse(JSON.stringify(data))).toEqual(data);
  });

  it('of one name are told apart by their input, then by a number', () => {
    const other = profileOf('resnet18', 1, [3, 160, 160]);
    const changed = { ...resnet, totals: { ...resnet.totals, params: 1 } };
    expect(make([resnet, other, changed]).networks.map(({ label }) => label)).toEqual([
      'resnet18',
      'resnet18 (3x160x160)',
      'resnet18 (3x224x224)',
    ]);
  });

  it('of one name of which one was measured elsewhere: that one is called after its run file', () => {
    const data = make([resnet], [syntheticRun(edited)]);
    expect(data.networks.map(({ label }) => label)).toEqual(['resnet18', 'resnet18 (run file)']);
    expect(data.notes).toEqual([
      'The measured resnet18 is not the built-in resnet18: it has 1,814,073,345 multiply-adds and 11,689,512 parameters, not 1,814,073,344 and 11,689,512 (an edited config, or another version of flopscope). It is shown with the totals of its run, as resnet18 (run file); its layers are not known.',
    ]);
  });

  it('keep the bytes of their elements, and the facts name each where they differ', () => {
    const half = { ...vovnet, bytesPerElement: 2 };
    const conventions = (...profiles: readonly Profile[]): string => {
      const data = make(profiles);
      return factsOf(data, data.views[0]!).find(({ term }) => term === 'Conventions')!.text;
    };
    expect(make([resnet, half]).networks.map(({ bytesPerElement }) => bytesPerElement)).toEqual([undefined, 2]);
    expect(conventions(resnet, half)).toContain('in elements (4 bytes in resnet18, 2 bytes in vovnet27_slim)');
    expect(conventions(half)).toContain('in elements (2 bytes each)');
  });

  it('named twice stand once', () => {
    expect(make([resnet, resnet]).networks).toHaveLength(1);
  });
});

describe('views', () => {
  it('of two devices are two, the one with more networks first, and mix nothing', () => {
    const runs = [
      syntheticRun(resnet, device('one')),
      syntheticRun(resnet, device('other')),
      syntheticRun(vovnet, device('other')),
    ];
    const { views } = make([resnet, vovnet], runs);
    expect(views.map(({ label }) => label)).toEqual(['other (synthetic), batch 1', 'one (synthetic), batch 1']);
    expect(views.map(({ entries }) => entries.map(({ run }) => run))).toEqual([
      [1, 2],
      [0, null],
    ]);
  });

  it('of two batches compare networks at that batch', () => {
    const eight = profileOf('resnet18', 8);
    const { views, networks } = make([resnet, eight], [syntheticRun(resnet), syntheticRun(eight)]);
    expect(views.map(({ batch }) => batch)).toEqual([1, 8]);
    expect(views.map(({ entries }) => networks[entries[0]!.network]!.input.n)).toEqual([1, 8]);
  });

  it('of counts at two batches are two', () => {
    const { views } = make([resnet, profileOf('vovnet27_slim', 8)]);
    expect(views.map(({ label, entries }) => [label, entries.length])).toEqual([
      ['batch 1, counted', 1],
      ['batch 8, counted', 1],
    ]);
  });

  it('of the same device in two machines are labelled apart', () => {
    const elsewhere = { ...syntheticRun(resnet).environment, cpu: 'another' };
    const { views } = make([resnet], [syntheticRun(resnet), syntheticRun(resnet, { environment: elsewhere })]);
    expect(views.map(({ label }) => label)).toEqual([
      'synthetic (synthetic), batch 1, on test',
      'synthetic (synthetic), batch 1, on another',
    ]);
  });

  it('say where ratios of times come from, if they need not be the quotients of the times', () => {
    const ratios = (runs: readonly Run[]): string | undefined => {
      const data = make([resnet, vovnet], runs);
      return factsOf(data, data.views[0]!).find(({ term }) => term === 'Ratios')?.text;
    };
    const [one, other] = [syntheticRun(resnet), syntheticRun(vovnet)];
    expect(ratios([one, other])).toContain('windows that were measured side by side');
    const apart = other.sessions.map((session) => ({ ...session, id: `other ${session.id}` }));
    expect(ratios([one, { ...other, sessions: apart }])).toContain(
      'those of times come from sessions, each by its median',
    );
    expect(ratios([one, { ...other, sessions: apart.slice(0, 1) }])).toBeUndefined();
    expect(ratios([one])).toBeUndefined();
    expect(ratios([])).toBeUndefined();
  });

  it('show the latest of repeated runs and say so', () => {
    const later = syntheticRun(resnet, { measuredAt: '2001-02-01T00:00:00.000Z' });
    const data = make([resnet], [later, syntheticRun(resnet)]);
    expect(data.views[0]!.entries[0]!.run).toBe(0);
    expect(data.notes[0]).toContain('1 earlier run of the same networks on synthetic (synthetic)');
  });

  it('take a network that only a run file knows, without layers, and say why', () => {
    const data = make([resnet], [syntheticRun(resnet), syntheticRun(vovnet, { source: 'onnx' })]);
    expect(data.networks[1]).toMatchObject({ label: 'vovnet27_slim', layers: null, stages: null });
    expect(data.notes).toEqual([
      'vovnet27_slim was measured from an ONNX file and stands in a run file only: its totals are known, its layers are not. Name its file as a MODEL to count them.',
    ]);
  });

  it('do not ask to name a model that this version does not have', () => {
    expect(make([], [syntheticRun({ ...vovnet, model: 'gone' })]).notes).toEqual([
      'gone was built into flopscope 0.0.0, which measured it, and is not into this one: its totals are known, its layers are not.',
    ]);
  });

  it('keep the first run as their baseline, whether its network is the built-in one of that name or not', () => {
    const runs = [syntheticRun(edited), syntheticRun(vovnet)];
    const { networks, views, notes } = make([], runs, { counted: [resnet, vovnet] });
    expect(networks.map(({ label, layers }) => [label, layers !== null])).toEqual([
      ['resnet18 (run file)', false],
      ['vovnet27_slim', true],
    ]);
    expect(views[0]).toMatchObject({ baseline: 0, entries: [{ network: 0 }, { network: 1 }] });
    expect(notes).toEqual([expect.stringMatching(/^The measured resnet18 is not the built-in resnet18: it has /)]);
  });

  it('without the baseline at their batch say what takes its place', () => {
    const eight = profileOf('vovnet27_slim', 8);
    const { views, notes } = make([resnet, vovnet, eight], [], { baseline: 'resnet18' });
    expect(views.map(({ baseline }) => baseline)).toEqual([0, 0]);
    expect(notes).toEqual([
      'batch 8, counted: resnet18 is not there at this batch, so vovnet27_slim is what others are compared to.',
    ]);
  });
});

describe('timed layers', () => {
  const run = syntheticRun(resnet);

  it('join the counted ones by name', () => {
    expect(timedLayers({ network: make([resnet]).networks[0]!, run })).toHaveLength(run.layers!.length);
  });

  it('of other names are joined to none, and a sentence says which and why', () => {
    const renamed = { ...run, layers: run.layers!.map((layer, i) => (i === 3 ? { ...layer, name: 'odd' } : layer)) };
    const data = make([resnet], [renamed]);
    expect(timedLayers({ network: data.networks[0]!, run: renamed })).toEqual([]);
    expect(data.notes).toEqual([
      'The layers that were timed in resnet18 on synthetic (synthetic) are not those that are counted here (the first is odd), so no chart shows their times: measure again.',
    ]);
  });
});

describe('timed layers that are not all', () => {
  it('are joined to none either: what is left of a run is not the run', () => {
    const whole = syntheticRun(resnet);
    const part = { ...whole, layers: whole.layers!.slice(0, 5) };
    const data = make([resnet], [part]);
    expect(timedLayers({ network: data.networks[0]!, run: part })).toEqual([]);
    expect(data.notes[0]).toContain('are not those that are counted here');
  });
});

describe('ceilings', () => {
  it('are those of the runs that are shown, not of earlier ones of the same networks', () => {
    const ceilings = syntheticRun(resnet).ceilings!;
    const earlier = syntheticRun(resnet, {
      measuredAt: '2001-01-01T00:00:00.000Z',
      ceilings: { ...ceilings, flopsPerSecond: 2 * ceilings.flopsPerSecond },
    });
    const later = syntheticRun(resnet, { measuredAt: '2002-01-01T00:00:00.000Z' });
    const { setting } = make([resnet], [earlier, later]).views[0]!;
    expect(setting!.ceilings).toEqual(ceilings);
    expect(setting!.measured).toEqual([later.measuredAt, later.measuredAt]);
  });

  it('and times of layers go with an earlier run, which a sentence says', () => {
    const earlier = syntheticRun(resnet, { measuredAt: '2001-01-01T00:00:00.000Z' });
    const later = syntheticRun(resnet, {
      ...{ measuredAt: '2002-01-01T00:00:00.000Z', layers: null, noLayers: 'not asked for', layerClock: null },
    });
    expect(make([resnet], [earlier, later]).notes[0]).toContain('only an earlier one has times of layers');
    expect(make([resnet], [later, { ...earlier, measuredAt: '2003-01-01T00:00:00.000Z' }]).notes.join()).not.toContain(
      'only an earlier one',
    );
  });
});

describe('the headline of networks at different inputs', () => {
  it('says which they are, or speaks of two at one input', () => {
    const small = profileOf('densenet_bc100_k12', 1, [3, 32, 32]);
    const squeeze = profileOf('squeezenet1_1');
    expect(make([squeeze, small]).views[0]!.headline).toMatch(
      /^densenet_bc100_k12 does .* the multiply-adds of squeezenet1_1 .*, at 3x32x32 against 3x224x224\.$/,
    );
    expect(make([squeeze, small, resnet]).views[0]!.headline).not.toContain('against');
  });
});

describe('the head', () => {
  it('says that nothing was measured', () => {
    const data = make([resnet]);
    expect(factsOf(data, data.views[0]!).find(({ term }) => term === 'Measured')?.text).toContain('no time is shown');
  });

  it('gathers warnings with the networks that they concern', () => {
    const warnings = [{ kind: 'noisy', message: 'restless', flag: '--windows 15' }] as const;
    const data = make([resnet, vovnet], [syntheticRun(resnet, { warnings }), syntheticRun(vovnet, { warnings })]);
    expect(warningsOf(data, data.views[0]!)).toEqual(['resnet18, vovnet27_slim: restless (try --windows 15).']);
  });

  it('tells warnings that differ in their figures as one, with the range', () => {
    const warned = (profile: Profile, apart: string): Run =>
      syntheticRun(profile, { warnings: [{ kind: 'noisy', message: `windows lie ${apart} % apart`, flag: null }] });
    const profiles = ['resnet18', 'resnet34', 'resnet50', 'vgg11', 'vgg16'].map((name) => profileOf(name));
    const data = make(
      profiles,
      profiles.map((profile, i) => warned(profile, ['9.4', '11.5', '5.0', '6.1', '7'][i]!)),
    );
    expect(warningsOf(data, data.views[0]!)).toEqual([
      'resnet18, resnet34, resnet50 and 2 more: windows lie 5.0 to 11.5 % apart.',
    ]);
  });

  it('tells what else was measured, each within itself', () => {
    const data = make(
      [resnet, vovnet],
      [syntheticRun(resnet, device('one')), syntheticRun(vovnet, device('one')), syntheticRun(resnet, device('other'))],
    );
    expect(othersOf(data, data.views[0]!)).toEqual([expect.stringMatching(/^other \(synthetic\), batch 1: /)]);
    expect(othersOf(data, data.views[1]!)).toEqual([expect.stringMatching(/^one \(synthetic\), batch 1: /)]);
  });
});

it('refuses a baseline that is not there, and names those that are', () => {
  expect(() => make([resnet, vovnet], [], { baseline: 'vgg' })).toThrow(
    '--baseline vgg is not in the report; it can be one of resnet18, vovnet27_slim',
  );
});

it('refuses to report nothing', () => {
  expect(() => make([])).toThrow('there is nothing to report');
});
