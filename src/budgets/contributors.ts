// Finds the layers behind a failed limit: those that grew most, or else the largest.

import type { Run } from '../measure/run.js';
import { layerKindOf } from '../cost.js';
import type { Layer, Profile } from '../profile.js';
import type { BaselineLayer, BaselineNetwork } from './baseline.js';
import type { TrainedFigures, TrainingMetric } from '../metrics/metric.js';
import type { GraphMetric, Metric } from '../metrics/table.js';
import type { Costs } from './costs.js';

export interface Contributor {
  /** A layer, or all layers of one op where each counts the same. */
  readonly name: string;
  readonly op: string;
  readonly value: number;
  /** 0 for a layer that is new; null where the baseline does not have this figure. */
  readonly baseline: number | null;
}

export interface Contributors {
  /** Whether they grew since the baseline or are the largest. */
  readonly why: 'grew' | 'largest';
  /** What `value` is: the metric itself, or the milliseconds of layers. */
  readonly unit: Metric['unit'];
  /** The largest change or value first. */
  readonly parts: readonly Contributor[];
}

const MOST = 5;

export function contributors(
  metric: Metric,
  { profile, training, run }: Costs,
  before: BaselineNetwork | undefined,
): Contributors {
  if (metric.from === 'run') return { why: 'largest', unit: 'ms', parts: slowest(run) };
  if (metric.from === 'training') {
    const known = before?.training;
    return compared(metric, trainedParts(metric, training?.layers ?? []), known && trainedParts(metric, known.layers));
  }
  if (metric.combine === 'max') return { why: 'largest', unit: metric.unit, parts: greatest(metric, profile) };
  return compared(metric, partsOf(metric, profile.layers), before && partsOf(metric, before.layers));
}

/** Parts of which some grew since the baseline, or else the largest. */
function compared({ unit }: Metric, parts: readonly Part[], before: readonly Part[] | undefined): Contributors {
  const known = before && new Map(before.map(({ name, value }) => [name, value]));
  const all = parts.map((part) => ({ ...part, baseline: known ? (known.get(part.name) ?? 0) : null }));
  const grown = known ? all.filter((part) => growth(part) > 0).sort((a, b) => growth(b) - growth(a)) : [];
  return grown.length > 0
    ? { why: 'grew', unit, parts: grown.slice(0, MOST) }
    : { why: 'largest', unit, parts: largest(all) };
}

export const growth = ({ value, baseline }: Contributor): number => value - (baseline ?? value);

type Part = Omit<Contributor, 'baseline'>;

function partsOf({ part, together }: GraphMetric, layers: readonly BaselineLayer[]): readonly Part[] {
  const parts = new Map<string, Part>();
  for (const layer of layers) {
    const name = together === undefined ? layer.name : layer[together];
    const value = (part(layer as Layer, layerKindOf(layer)) ?? 0) + (parts.get(name)?.value ?? 0);
    if (value > 0) parts.set(name, { name, op: layer.op, value });
  }
  return [...parts.values()];
}

const trainedParts = ({ part }: TrainingMetric, layers: readonly TrainedFigures[]): readonly Part[] =>
  layers.map((layer) => ({ name: layer.name, op: layer.op, value: part(layer) })).filter(({ value }) => value > 0);

const largest = (parts: readonly Contributor[]): readonly Contributor[] =>
  [...parts].sort((a, b) => b.value - a.value).slice(0, MOST);

const slowest = (run: Run | null): readonly Contributor[] =>
  largest((run?.layers ?? []).map(({ name, op, milliseconds }) => ({ name, op, value: milliseconds, baseline: null })));

const greatest = ({ part }: GraphMetric, { layers }: Profile): readonly Contributor[] =>
  largest(
    layers.flatMap((layer) => {
      const value = part(layer, layerKindOf(layer));
      return value === null ? [] : [{ name: layer.name, op: layer.op, value, baseline: null }];
    }),
  );
