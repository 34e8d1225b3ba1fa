// The answer for one network: where its cost or time sits, what limits it, and what to change.

import { implementationOf } from '../counters/implementation.js';
import type { Graph, Omission } from '../graph.js';
import type { Device } from '../devices/device.js';
import type { Prediction } from '../devices/predict.js';
import { InputError } from '../inputError.js';
import type { Run } from '../measure/run.js';
import { graphOf, type Model } from '../model.js';
import { profile, type Profile, type ProfileOptions, type Totals } from '../profile.js';
import { AUDITS, findingsOf } from './audits.js';
import type { Finding, Subject } from './finding.js';
import { foldedTotals, forInference, type FoldedTotals } from './folding.js';
import { BELOW_BALANCE, everyLayer, layersOf, stagesOf, type Gathered, type NetworkPart } from './parts.js';
import { predictorOf } from './predictor.js';
import { timingOf, type Timing } from './timing.js';
import type { Trained } from './trained.js';
import { segmentsOf } from '../training/checkpoint.js';
import { tapeFrom, trainingUnder, type Training, type TrainingOptions } from '../training/training.js';

/** The times that the limits and shares of a diagnosis are based on. */
export interface Basis {
  readonly kind: Timing['kind'] | 'counts';
  /** Device, engine and mode; null where only counts are known. */
  readonly where: string | null;
  /** Of one inference; null where only counts are known. */
  readonly milliseconds: number | null;
  /** Only of a prediction: milliseconds between which 90 % of unseen networks lay. */
  readonly interval?: readonly [number, number];
  /** How limits are determined, in one sentence. */
  readonly how: string;
}

export interface Diagnosis {
  readonly schema: 'flopscope.diagnosis/2';
  readonly model: string;
  readonly source: Profile['source'];
  readonly input: Profile['input'];
  readonly bytesPerElement: number;
  readonly totals: Totals;
  readonly basis: Basis;
  /** The largest share first, until they make up most of the whole. */
  readonly stages: readonly NetworkPart[];
  /** What `stages` are: resolutions, or blocks, where one stage has nearly all of the cost. */
  readonly stagesBy: Gathered;
  readonly layers: readonly NetworkPart[];
  /** How many stages and layers have any cost, or time. */
  readonly partsInAll: { readonly stages: number; readonly layers: number };
  /** By descending effect. */
  readonly findings: readonly Finding[];
  /** Only where findings see batch norms as folded, as runtimes run them. */
  readonly folded?: FoldedTotals;
  /** Of a run: what it warns of. Of a prediction: why its interval may not hold. */
  readonly warnings?: readonly string[];
  /** Only where the graph leaves something out: then every count is a lower bound. */
  readonly lowerBound?: Omission;
  /** Its training step, where asked for. `training()` has the layers. */
  readonly training?: Omit<Training, 'layers'>;
}

export interface DiagnosisOptions extends ProfileOptions {
  /** Only for a model: images per inference, and [C, H, W]. */
  readonly batch?: number;
  readonly input?: Model['input'];
  /** A run of this very network, with its layers timed. */
  readonly run?: Run;
  /** A record to predict the times of its layers with. Not with `run`. */
  readonly device?: Device;
  /** What `device` predicts, where it is known already. */
  readonly prediction?: Prediction;
  /** Only for a model: how it is trained, for its training step and what audits find in that. */
  readonly training?: TrainingOptions | TrainedStep;
}

/** A training step with chosen checkpoints that was counted before. */
export interface TrainedStep {
  readonly training: Training;
  readonly trained: Trained;
}

/**
 * Pure, and without Node. Counts are exact.
 * @throws InputError where sizes are not numbers, a count passes 2^53, or the run has no layers, or
 * other ones
 */
export const diagnose = (network: Graph | Model, options: DiagnosisOptions = {}): Diagnosis =>
  diagnosed(network, options).diagnosis;

/** A diagnosis, and every layer in order of execution with its share and its limit. */
export interface Diagnosed {
  readonly diagnosis: Diagnosis;
  readonly everyLayer: readonly NetworkPart[];
}

export function diagnosed(network: Graph | Model, options: DiagnosisOptions = {}): Diagnosed {
  const isModel = 'build' in network;
  const graph = isModel ? graphOf(network, options.batch, options.input) : network;
  const bytes = options.bytesPerElement ?? (isModel ? network.bytesPerElement : undefined);
  const source = options.source ?? (isModel ? network.source : undefined);
  const counted = profile(graph, {
    ...(source === undefined ? {} : { source }),
    ...(bytes === undefined ? {} : { bytesPerElement: bytes }),
  });
  const predictor = options.device && predictorOf(graph, counted, options.device, options.prediction);
  const timing = options.run ? timingOfRun(options.run, counted) : predictor?.timing;
  const { model, input, bytesPerElement, totals, lowerBound } = counted;
  const step = options.training && stepOf(network, graph, options.training);
  const [stages, layers] = [stagesOf(counted, timing), layersOf(counted, timing)];
  const warnings = options.run ? warningsOf(options.run) : predictor?.prediction.warnings;
  const subject: Subject = {
    ...{ graph, profile: counted },
    ...(timing ? { timing } : {}),
    ...(predictor && !options.run ? { savedTime: predictor.savedTime, layerTimes: predictor.layerTimes } : {}),
    ...(step ? { training: step.trained } : {}),
  };
  const seen = forInference(subject);
  const folded = foldedTotals(subject, seen);
  const diagnosis: Diagnosis = {
    schema: 'flopscope.diagnosis/2',
    ...{ model, source: counted.source, input, bytesPerElement, totals },
    basis: basisOf(timing),
    ...{ stages: stages.parts, stagesBy: stages.by },
    layers: layers.parts,
    partsInAll: { stages: stages.inAll, layers: layers.inAll },
    findings: findingsOf(subject, AUDITS, seen),
    ...(folded ? { folded } : {}),
    ...(warnings ? { warnings } : {}),
    ...(lowerBound ? { lowerBound } : {}),
    ...(step ? { training: withoutLayers(step.training) } : {}),
  };
  return { diagnosis, everyLayer: everyLayer(counted, timing) };
}

/** Each once. */
const warningsOf = ({ warnings }: Run): readonly string[] => [...new Set(warnings.map(({ message }) => message))];

function stepOf(network: Graph | Model, graph: Graph, given: TrainingOptions | TrainedStep): TrainedStep {
  if ('trained' in given) return given;
  if (!('build' in network))
    throw new InputError('how a network runs follows from its model: give the model, not its graph, with training');
  const implementation = implementationOf(network);
  const tape = tapeFrom(graph, implementation, given);
  const segments = segmentsOf(tape, given.checkpoint ?? []);
  return {
    training: trainingUnder(network, tape, segments, given),
    trained: { tape, segments, implementation, options: given },
  };
}

const withoutLayers = ({ layers: _, ...more }: Training): Omit<Training, 'layers'> => more;

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
    ? {
        ...{ kind: timing.kind, where: timing.where, milliseconds: timing.milliseconds, how: timing.how },
        ...(timing.interval ? { interval: timing.interval } : {}),
      }
    : {
        ...{ kind: 'counts', where: null, milliseconds: null },
        how: BELOW_BALANCE,
      };
