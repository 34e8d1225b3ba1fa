// flopscope profile: the cost of each layer of a model.

import { predictSheets } from '../../../reports/sheets/predictSheets.js';
import { profileJson } from '../../../reports/sheets/profileJson.js';
import { profileSheet } from '../../../reports/sheets/profileSheet.js';
import {
  SORT_KEYS,
  TRAINING_SORT_KEYS,
  type ProfileView,
  type SortKey,
  type TrainingSortKey,
} from '../../../reports/sheets/profileView.js';
import { trainingFrontSheet } from '../../../reports/sheets/trainingFrontSheet.js';
import { trainingSheet } from '../../../reports/sheets/trainingSheet.js';
import { findingsOf, TRAINING_AUDITS } from '../../../src/diagnosis/audits.js';
import { InputError } from '../../../src/inputError.js';
import { trainingOf, type TrainingFlags } from '../../flags/trainingOptions.js';
import { trainingAt } from '../../input/training.js';
import { print, printSheets, type Format } from '../../output/format.js';
import { modelNamed, profileAt } from '../../input/model.js';
import type { Screen } from '../../screen.js';

export interface ProfileOptions extends Omit<ProfileView, 'sort'>, TrainingFlags {
  readonly sort?: SortKey | TrainingSortKey;
  readonly allowUnknown: boolean;
  readonly input?: string;
  readonly batch?: number;
  /** Names of device records: the predicted time on each stands below the counts. */
  readonly device?: string;
  readonly bytesPerElement?: number;
  readonly format: Format;
}

export async function profileCommand(name: string, options: ProfileOptions, screen: Screen): Promise<void> {
  const trained = trainingOf(options);
  const model = await modelNamed(name, options);
  const result = profileAt(model, options.batch, options.input, options.bytesPerElement ?? model.bytesPerElement);
  const { by, top } = options;
  const sort = trained === undefined ? sortOf(options.sort) : undefined;
  const view = { by, top, sort };
  const json = profileJson(result, view);
  if (trained !== undefined && options.device !== undefined)
    throw new InputError('--device predicts inference: leave it out with --training');
  if (trained === undefined && options.device !== undefined) {
    const { predicted } = await import('../../input/predicted.js');
    const { predictions, devices } = await predicted([model], options.device, options);
    const sheets = [profileSheet(result, view), ...predictSheets(predictions, devices, 10)];
    return printSheets(options.format, { ...json, predictions, devices }, sheets, screen);
  }
  if (trained === undefined) return print(options.format, json, () => profileSheet(result, view), screen);
  if (options.bytesPerElement !== undefined)
    throw new InputError(
      '--training counts what eager PyTorch keeps, in its own types: use --amp in place of --bytes-per-element',
    );
  const { result: step, subject } = trainingAt(model, trained, options);
  const findings = findingsOf(subject(), TRAINING_AUDITS);
  const all = { ...json, ...step, findings };
  const { training, front } = step;
  const trainedView = { by, top, sort: trainingSortOf(options.sort) };
  const sheets = [
    trainingSheet(training, trainedView, findings),
    ...(front ? [trainingFrontSheet(front, training)] : []),
  ];
  await printSheets(options.format, all, sheets, screen);
}

/** @throws InputError for a column of a training step */
function sortOf(sort: ProfileOptions['sort']): SortKey | undefined {
  const found = SORT_KEYS.find((key) => key === sort);
  if (sort === undefined || found !== undefined) return found;
  throw new InputError(`--sort ${sort} orders the layers of a training step: add --training`);
}

/** @throws InputError for a column that a training step does not have */
function trainingSortOf(sort: ProfileOptions['sort']): TrainingSortKey | undefined {
  const own = sort === 'memoryAccessUnfused' ? 'memoryAccess' : sort;
  const found = TRAINING_SORT_KEYS.find((key) => key === own);
  if (sort === undefined || found !== undefined) return found;
  throw new InputError(
    `--sort ${sort} orders the counts of a profile: with --training sort by ${TRAINING_SORT_KEYS.join(', ')}`,
  );
}
