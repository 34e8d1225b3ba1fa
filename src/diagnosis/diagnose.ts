// The answer for one network: where its cost or time sits, what limits it, and what to change.

import type { Graph, Omission } from '../graph.js';
import { InputError } from '../inputError.js';
import type { Run } from '../measure/run.js';
import { graphOf, type Model } from '../model.js';
import { profile, type Profile, type ProfileOptions, type Totals } from '../profile.js';
import { findingsOf } from './audits.js';
import type { Finding } from './finding.js';
import { layersOf, stagesOf, type Part } from './parts.js';
import { timingOf, type Timing } from './timing.js';

/** What the limits and shares of a diagnosis follow from. */
export interface Basis {
  readonly kind: Timing['kind'] | 'counts';
  /** Device, engine and mode; null where only counts are known. */
  readonly where: string | null;
  /** Of one inference; null where only counts are known. */
  readonly milliseconds: number | null;
  /** One sentence: how limits are told. */
  readonly how: string;
}

export interface Diagnosis {
  readonly schema: 'flopscope.diagnosis/1';
  readonly model: string;
  readonly source: Profile['source'];
  readonly input: Profile['input'];
  readonly bytesPerElement: number;
  readonly totals: Totals;
  readonly basis: Basis;
  /** The largest share first, as many as make up most of it. */
  readonly stages: readonly Part[];
  readonly layers: readonly Part[];
  /** The one that concerns most of the network first. */
  readonly findings: readonly Finding[];
  /** Only where the graph leaves something out: then every count is a lower bound. */
  readonly lowerBound?: Omission;
}

export interface DiagnosisOptions extends ProfileOptions {
  /** Only for a model: images per inference, and [C, H, W]. */
  readonly batch?: number;
  readonly input?: Model['input'];
  /** A run of this very network, with its layers timed. */
  readonly run?: Run;
  /** Times of its layers from elsewhere, such as a prediction. Not with `run`. */
  readonly timing?: Timing;
}

/**
 * Pure, and without Node. Counts are exact.
 * @throws InputError where sizes are no numbers, a count passes 2^53, or the run has no layers, or
 * other ones
 */
export function diagnose(network: Graph | Model, options: DiagnosisOptions = {}): Diagnosis {
  const isModel = 'build' in network;
  const graph = isModel ? graphOf(network, options.batch, options.input) : network;
  const bytes = options.bytesPerElement ?? (isModel ? network.bytesPerElement : undefined);
  const source = options.source ?? (isModel ? network.source : undefined);
  const counted = profile(graph, {
    ...(source === undefined ? {} : { source }),
    ...(bytes === undefined ? {} : { bytesPerElement: bytes }),
  });
  const timing = options.run ? timingOfRun(options.run, counted) : options.timing;
  const { model, input, bytesPerElement, totals, lowerBound } = counted;
  return {
    schema: 'flopscope.diagnosis/1',
    ...{ model, source: counted.source, input, bytesPerElement, totals },
    basis: basisOf(timing),
    stages: stagesOf(counted, timing),
    layers: layersOf(counted, timing),
    findings: findingsOf({ graph, profile: counted, ...(timing ? { timing } : {}) }),
    ...(lowerBound ? { lowerBound } : {}),
  };
}

function timingOfRun(run: Run, counted: Profile): Timing {
  const timing = timingOf(run, counted);
  if (timing) return timing;
  throw new InputError(
    run.layers === null
      ? `the run of ${run.model} has no times of layers${run.noLayers === null ? '' : ` (${run.noLayers})`}: measure it with --layers`
      : `the run of ${run.model} times layers that ${counted.model} does not have: measure this network with --layers`,
  );
}

const basisOf = (timing: Timing | undefined): Basis =>
  timing
    ? { kind: timing.kind, where: timing.where, milliseconds: timing.milliseconds, how: timing.how }
    : {
        ...{ kind: 'counts', where: null, milliseconds: null },
        how: 'memory limits below 10 FLOPs per byte even where all is fused, compute above 100 even where nothing is; between them it depends on the device',
      };
