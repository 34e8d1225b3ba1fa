// What would a measured run look like? Made up from counts by a fixed rule, on a device named "synthetic"; for tests only.

import type { ProfileTraining } from '../../src/diagnosis/trainingStep.js';
import { builtIn } from '../../src/builtIn.js';
import type { ImageSize } from '../../src/families/family.js';
import type { LayerTime, Run } from '../../src/measure/run.js';
import { graphOf } from '../../src/model.js';
import { training } from '../../src/training/training.js';
import { profile, type Profile } from '../../src/profile.js';

export const profileOf = (name: string, n = 1, input?: ImageSize): Profile => {
  const model = builtIn(name);
  return profile(graphOf(model, n, input ?? model.input), { source: model.source });
};

const RATES = { flopsPerSecond: 4e12, bytesPerSecond: 3e11, raised: null };
const CEILINGS = { ...RATES, how: 'synthetic', noise: null, sampled: RATES };
const LAUNCH_MS = 0.004;

/** Times follow a rule: a launch per timed layer, and the slower of arithmetic and memory, each at half its ceiling. */
/** Training steps of built-in networks, for reports that show training. */
export const trainingsOf = (profiles: readonly Profile[]): ReadonlyMap<Profile, ProfileTraining> =>
  new Map(
    profiles.map((profile) => {
      const { n, c, h, w } = profile.input;
      return [profile, { training: training(builtIn(profile.model), {}, n, [c, h, w]), findings: [] }];
    }),
  );

export function syntheticRun(counted: Profile, changes: Partial<Run> = {}): Run {
  const layers = layerTimes(counted);
  const median = layers.reduce((sum, { milliseconds }) => sum + milliseconds, 0) * 0.92;
  const { n } = counted.input;
  const seconds = median / 1000;
  const flopsPerSecond = (2 * counted.totals.multAdds) / seconds;
  const bytesPerSecond = (4 * counted.totals.memoryAccess.fused) / seconds;
  return {
    schema: 'flopscope.run/1',
    measuredAt: '2001-01-01T12:00:00.000Z',
    flopscope: '0.0.0',
    model: counted.model,
    source: counted.source,
    input: counted.input,
    engine: 'synthetic',
    mode: 'fused',
    precision: 'float32',
    bytesPerElement: 4,
    device: { vendor: 'none', name: 'synthetic', kind: 'gpu', software: false, driver: null },
    versions: { node: '20.0.0' },
    environment: { platform: 'test', cpu: 'test', cores: 1, memoryBytes: 1 },
    protocol: { warmups: 3, windows: 5, minWindowSeconds: 1, inferencesPerWindow: 100, seed: 1, settings: {} },
    totals: counted.totals,
    times: {
      median,
      lowerQuartile: 0.99 * median,
      upperQuartile: 1.01 * median,
      least: 0.98 * median,
      most: 1.02 * median,
      spread: 0.02,
      windows: [0.98, 0.99, 1, 1.01, 1.02].map((factor) => factor * median),
      host: median / 3,
      first: 20 * median,
      kernels: null,
    },
    // Of one window each: networks differ in every session by the same ratio.
    sessions: [1, 2, 3, 4, 5].map((number) => ({
      ...{ id: `synthetic ${number}`, measuredAt: '2001-01-01T12:00:00.000Z', turn: 0, ownProcess: true },
      ...{ windows: 1, inferencesPerWindow: 100 },
    })),
    imagesPerSecond: n / seconds,
    flopsPerSecond,
    paperFlopsPerSecond: flopsPerSecond / 2,
    bytesPerSecond,
    hostBound: false,
    ceilings: CEILINGS,
    utilisation: {
      compute: flopsPerSecond / CEILINGS.flopsPerSecond,
      memory: bytesPerSecond / CEILINGS.bytesPerSecond,
    },
    memory: {
      peakTensorBytes: 5e8,
      peakDeviceBytes: 6e8,
      deviceBytes: 'synthetic buffers',
      weightBytes: 4 * counted.totals.params,
    },
    energy: {
      joulesPerImage: (0.2 * median) / n,
      meanWatts: 200,
      idleWatts: 40,
      idleHow: null,
      samples: 50,
      meter: 'synthetic',
    },
    noEnergy: null,
    layers,
    layerClock: changes.layers === null ? null : 'gpu',
    noLayers: null,
    asRun: null,
    weights: 'seeded',
    emulated: [],
    warnings: [],
    ...changes,
  };
}

/** Elementwise ops are absorbed by the layer before them, as in a fused run. */
function layerTimes({ layers }: Profile): readonly LayerTime[] {
  const times: { name: string; op: string; absorbed: string[]; milliseconds: number; emulation: null }[] = [];
  for (const [i, layer] of layers.entries()) {
    if (layer.memoryAccessUnfused === 0) continue;
    const before = times.at(-1);
    if (before && ['norm', 'activation'].includes(layer.op)) {
      before.absorbed.push(layer.name);
      continue;
    }
    const work = (2 * layer.multAdds) / CEILINGS.flopsPerSecond;
    const traffic = (4 * layer.memoryAccessUnfused) / CEILINGS.bytesPerSecond;
    const unevenness = 1 + 0.3 * Math.sin(i);
    times.push({
      name: layer.name,
      op: layer.op,
      absorbed: [],
      milliseconds: LAUNCH_MS + 2000 * Math.max(work, traffic) * unevenness,
      emulation: null,
    });
  }
  return times;
}
