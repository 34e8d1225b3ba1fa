// A training step as audits look at it: its cost, with checkpoints that are named or searched.

import type { ImageSize } from '../families/family.js';
import { modelOfProfile } from '../builtIn.js';
import type { Model } from '../model.js';
import type { Profile } from '../profile.js';
import { segmentsOf, type Segment } from '../training/checkpoint.js';
import { NoSetFits } from '../training/search.js';
import { trainingTape, trainingUnder, type Training, type TrainingOptions } from '../training/training.js';
import { searchedStep, type TrainingFront } from '../training/within.js';
import { findingsOf, TRAINING_AUDITS } from './audits.js';
import type { Finding, Subject } from './finding.js';
import { trainedSubject } from './trainedSubject.js';

export interface TrainingResult {
  readonly training: Training;
  /**
   * Only with a budget: sets of checkpoints that no other beats in both bytes kept and recomputed
   * multiply-adds.
   */
  readonly front?: TrainingFront;
}

export interface TrainingStep {
  readonly result: TrainingResult;
  /** The subject of the audits, made when it is first used. */
  subject(): Subject;
}

export interface TrainingSetup {
  /** Images in a batch; by default the model's own, or 1. */
  readonly batch?: number | undefined;
  /** [C, H, W]; by default the model's own. */
  readonly input?: ImageSize | undefined;
  /** Bytes of activations and their gradients. The cheapest checkpoints that fit are searched. */
  readonly memoryBudget?: number | undefined;
}

/** @throws InputError where a name of the options means no layer, or no set of checkpoints fits */
export function trainingStep(model: Model, options: TrainingOptions, setup: TrainingSetup = {}): TrainingStep {
  const { batch = model.batch ?? 1, input = model.input, memoryBudget } = setup;
  const tape = trainingTape(model, options, batch, input);
  const step = (result: TrainingResult, segments: readonly Segment[]): TrainingStep => ({
    result,
    subject: () => trainedSubject(model, tape, segments, options),
  });
  if (memoryBudget !== undefined) {
    const { segments, ...result } = searchedStep(model, tape, memoryBudget, options);
    return step(result, segments);
  }
  const segments = segmentsOf(tape, options.checkpoint ?? []);
  return step({ training: trainingUnder(model, tape, segments, options) }, segments);
}

/** The training step of a profile, with what audits find in it. */
export interface ProfileTraining {
  readonly training: Training;
  readonly findings: readonly Finding[];
}

/** A profile whose training step fits into no memory budget. */
export interface MissedTraining {
  readonly missed: NoSetFits;
}

/**
 * The training step of each profile whose model is known, at the profile's own batch and input; of
 * one that misses the memory budget, by how much.
 * @param models of the profiles; built-in ones are known by their names
 * @throws InputError where a name of the options means no layer of one of them
 */
export function trainingsOf(
  models: readonly Model[],
  profiles: readonly Profile[],
  options: TrainingOptions,
  memoryBudget?: number,
): ReadonlyMap<Profile, ProfileTraining | MissedTraining> {
  const found = new Map<Profile, ProfileTraining | MissedTraining>();
  for (const profile of profiles) {
    const { input } = profile;
    const model = modelOfProfile(profile, models);
    if (!model) continue;
    const setup = { batch: input.n, input: [input.c, input.h, input.w] as const, memoryBudget };
    found.set(profile, stepOrMiss(model, options, setup));
  }
  return found;
}

function stepOrMiss(model: Model, options: TrainingOptions, setup: TrainingSetup): ProfileTraining | MissedTraining {
  try {
    const { result, subject } = trainingStep(model, options, setup);
    return { training: result.training, findings: findingsOf(subject(), TRAINING_AUDITS) };
  } catch (error) {
    if (error instanceof NoSetFits) return { missed: error };
    throw error;
  }
}
