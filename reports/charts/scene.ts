// What does a chart see? The networks of one view with their runs, the baseline, and the few that are looked at closely.

import type { LayerTime, Run } from '../../src/measure/run.js';
import { layerOf, type ReportLayer } from '../report/layerRow.js';
import type { Network } from '../report/network.js';
import type { ReportData } from '../report/reportData.js';
import type { Setting } from '../report/settings.js';

export interface Subject {
  /** Place in the view: what its colour and point shape follow. */
  readonly place: number;
  readonly label: string;
  readonly network: Network;
  readonly run: Run | null;
}

export interface Scene {
  readonly subjects: readonly Subject[];
  readonly baseline: Subject;
  /** Those whose stages and layers are drawn. */
  readonly focus: readonly Subject[];
  readonly setting: Setting | null;
  readonly batch: number;
  readonly bytesPerElement: number;
}

/** More than this in one chart of layers is a thicket. */
export const MOST_IN_FOCUS = 4;

/** @param focus places in the view; the baseline and the first few others where absent */
export function sceneOf(data: ReportData, view: number, focus?: readonly number[]): Scene {
  const { entries, baseline, setting, batch } = data.views[view]!;
  const subjects = entries.map(({ network, run }, place): Subject => {
    const counted = data.networks[network]!;
    return { place, label: counted.label, network: counted, run: run === null ? null : data.runs[run]! };
  });
  const places = focus ?? focusOf(subjects, baseline);
  return {
    subjects,
    baseline: subjects[baseline]!,
    focus: subjects.filter(({ place }) => places.includes(place)),
    setting,
    batch,
    bytesPerElement: data.bytesPerElement,
  };
}

/** The places that are looked at closely unless the reader chooses others. */
export const focusOf = (subjects: readonly Subject[], baseline: number): readonly number[] =>
  [...new Set([baseline, ...subjects.map(({ place }) => place)])].slice(0, MOST_IN_FOCUS);

/** A timed layer with all that ran inside it. */
export interface TimedLayer {
  readonly time: LayerTime;
  readonly layers: readonly ReportLayer[];
  readonly stage: string;
  /** 2 per multiply-add. */
  readonly flops: number;
  /** Fused reading. */
  readonly bytes: number;
}

export const measured = ({ subjects }: Scene): readonly (Subject & { readonly run: Run })[] =>
  subjects.flatMap((subject) => (subject.run ? [{ ...subject, run: subject.run }] : []));

/** The layers of a network in order; none where only a run file tells of it. */
export const layersOf = ({ network }: Pick<Subject, 'network'>): readonly ReportLayer[] =>
  network.layers?.map(layerOf) ?? [];

/** The timed layers of a run joined to the counted ones by name; none where either is missing. */
export function timedLayers(subject: Subject, bytesPerElement: number): readonly TimedLayer[] {
  if (!subject.run?.layers) return [];
  const known = new Map(layersOf(subject).map((layer) => [layer.name, layer]));
  if (known.size === 0) return [];
  return subject.run.layers.map((time) => {
    const layers = [time.name, ...time.absorbed].flatMap((name) => known.get(name) ?? []);
    const sum = (pick: (layer: ReportLayer) => number): number => layers.reduce((all, layer) => all + pick(layer), 0);
    return {
      time,
      layers,
      stage: layers[0]?.stage ?? '',
      flops: 2 * sum((layer) => layer.multAdds),
      bytes: bytesPerElement * sum((layer) => layer.memoryAccessFused),
    };
  });
}

/**
 * The least time in ms that work can take under measured ceilings: whichever of arithmetic and memory takes longer.
 * (Roofline, Williams et al., CACM 2009.) A calculation; never a measurement.
 */
export const leastMilliseconds = (
  { flops, bytes }: Pick<TimedLayer, 'flops' | 'bytes'>,
  ceilings: { readonly flopsPerSecond: number; readonly bytesPerSecond: number },
): number => 1000 * Math.max(flops / ceilings.flopsPerSecond, bytes / ceilings.bytesPerSecond);
