// Predicts the time of a network on a device, with its interval, its parts, and what is outside.

import type { Graph, Omission } from '../graph.js';
import type { Profile } from '../profile.js';
import { ratesOf, type Device } from './device.js';
import { MODES } from './modes.js';
import { outsideOf } from './outside.js';
import { breakdown, totalOf, type Breakdown } from './rates.js';
import type { KnownTime } from './knownTime.js';
import { layerWorks, totalWork, type LayerWork } from './work.js';

/** Milliseconds between which 90 % of unseen networks lay. */
export type Interval = readonly [number, number];

export interface PredictedLayer extends Pick<LayerWork, 'name' | 'stage' | 'block' | 'op'> {
  readonly milliseconds: number;
  readonly parts: Breakdown;
}

export interface PredictedStage {
  readonly stage: string;
  readonly layers: number;
  readonly milliseconds: number;
  readonly parts: Breakdown;
}

export interface Prediction {
  readonly model: string;
  readonly input: Profile['input'];
  readonly device: string;
  readonly mode: Device['mode'];
  readonly precision: string;
  /** Predicted, of one inference of the whole batch. */
  readonly predictedMilliseconds: number;
  readonly interval: Interval;
  readonly predictedImagesPerSecond: number;
  readonly imagesPerSecondInterval: Interval;
  /** Milliseconds, which add up to the prediction. */
  readonly parts: Breakdown;
  readonly stages: readonly PredictedStage[];
  /** In order of execution; views are left out. */
  readonly layers: readonly PredictedLayer[];
  /** Its basis in words: the record alone, or a time of the same network on another device. */
  readonly basis: string;
  /** What its counts leave out. The time is then a lower bound, and the network has no rank. */
  readonly lowerBound?: Omission;
  /** Reasons why the record does not cover such a network and the interval may not hold. */
  readonly warnings: readonly string[];
}

/**
 * The interval in which 90 % of unseen networks lay: |predicted / measured - 1| is at most the
 * error. The upper end is infinite where the error is 1 or more.
 */
export const intervalOf = (milliseconds: number, p90: number): Interval => [
  milliseconds / (1 + p90),
  p90 < 1 ? milliseconds / (1 - p90) : Infinity,
];

/**
 * @param graph with numbers for every size, at the batch that is asked for
 * @param counted the profile of the same graph
 * @param known a time of the same network on another device of the same mode
 */
export function predict(graph: Graph, counted: Profile, device: Device, known?: KnownTime): Prediction {
  const works = layerWorks(graph, MODES[device.mode].fusion);
  const rates = ratesOf(device);
  const modelled = breakdown(totalWork(works), rates);
  const factor = known?.factor ?? 1;
  const layers = works.map(({ name, stage, block, op, work }): PredictedLayer => {
    const parts = scaled(breakdown(work, rates), factor);
    return { name, stage, block, op, milliseconds: totalOf(parts), parts };
  });
  const parts = scaled(modelled, factor);
  const milliseconds = totalOf(parts);
  const interval = intervalOf(milliseconds, known?.p90 ?? device.error.p90);
  const { n } = counted.input;
  const perSecond = (time: number): number => (1e3 * n) / time;
  return {
    model: counted.model,
    input: counted.input,
    device: device.name,
    mode: device.mode,
    precision: device.precision,
    predictedMilliseconds: milliseconds,
    interval,
    predictedImagesPerSecond: perSecond(milliseconds),
    imagesPerSecondInterval: [perSecond(interval[1]), perSecond(interval[0])],
    parts,
    stages: stagesOf(layers),
    layers,
    basis: known?.words ?? `the record of ${device.name}`,
    ...(counted.lowerBound ? { lowerBound: counted.lowerBound } : {}),
    warnings: outsideOf(device, { graph, counted, launchShare: parts.launches / milliseconds }),
  };
}

const scaled = ({ compute, traffic, launches }: Breakdown, factor: number): Breakdown => ({
  compute: compute * factor,
  traffic: traffic * factor,
  launches: launches * factor,
});

function stagesOf(layers: readonly PredictedLayer[]): readonly PredictedStage[] {
  const stages = new Map<string, PredictedStage>();
  for (const { stage, milliseconds, parts } of layers) {
    const so = stages.get(stage) ?? { stage, layers: 0, milliseconds: 0, parts: NOTHING };
    stages.set(stage, {
      stage,
      layers: so.layers + 1,
      milliseconds: so.milliseconds + milliseconds,
      parts: added(so.parts, parts),
    });
  }
  return [...stages.values()];
}

const NOTHING: Breakdown = { compute: 0, traffic: 0, launches: 0 };
const added = (a: Breakdown, b: Breakdown): Breakdown => ({
  compute: a.compute + b.compute,
  traffic: a.traffic + b.traffic,
  launches: a.launches + b.launches,
});
