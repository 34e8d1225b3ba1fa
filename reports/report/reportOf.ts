// The data of a report of models and runs: counts, diagnoses, predictions and times in one call.

import type { Device } from '../../src/devices/device.js';
import type { ImageSize } from '../../src/families/family.js';
import type { Run } from '../../src/measure/run.js';
import type { Model } from '../../src/model.js';
import type { Profile } from '../../src/profile.js';
import { VERSION } from '../../src/version.js';
import { profilesFor } from './counted.js';
import { diagnosesOf } from './diagnosed.js';
import type { Trainings } from './networks.js';
import { reportData, type ReportData } from './reportData.js';

export interface ReportSettings {
  /** Runs of these models, or of built-in ones; one that holds its network needs no model. */
  readonly runs?: readonly Run[];
  /** The names or paths of the models; those of one name are told apart by them. */
  readonly paths?: readonly string[];
  /** Images per inference where nothing was measured. */
  readonly batch?: number | undefined;
  /** [C, H, W]; by default, each model's own. */
  readonly input?: ImageSize | undefined;
  /** Times are predicted on these. */
  readonly devices?: readonly Device[];
  readonly title?: string;
  /** The label of the network that others are compared to; by default, the first. */
  readonly baseline?: string | undefined;
  /** The date on the page. */
  readonly madeAt?: Date;
  /** Costs of training the networks, where they are asked for. */
  trainings?(models: readonly Model[], profiles: readonly Profile[]): Trainings;
}

export interface Report {
  readonly data: ReportData;
  /** The profiles of the named models. */
  readonly profiles: readonly Profile[];
}

/** @throws InputError for a size that a model does not take, and a baseline that is no network */
export function reportOf(models: readonly Model[], settings: ReportSettings = {}): Report {
  const { runs: found = [], devices = [], madeAt = new Date(), title, baseline } = settings;
  const paths = settings.paths ?? models.map(({ name }) => name);
  const networks = profilesFor({ models, paths }, found, { batch: [settings.batch], input: settings.input });
  const { profiles, counted, runs, notes } = networks;
  const trainings = settings.trainings?.(models, [...profiles, ...counted]);
  const data = reportData({
    ...(title === undefined ? {} : { title }),
    ...{ baseline, madeAt: madeAt.toISOString(), version: VERSION, profiles, counted, runs, notes },
    ...diagnosesOf(networks.models, networks.graphs, devices),
    ...(trainings ? { trainings } : {}),
  });
  return { data, profiles };
}
