// flopscope study osa: one-shot against dense aggregation at equal cost, counted and measured.

import { osaStudySheet } from '../../../reports/sheets/osaStudySheet.js';
import { InputError } from '../../../src/inputError.js';
import { OSA_DEFAULTS, OSA_PARTS, studyOsa, type OsaAssumptions } from '../../../src/lab/osaStudy.js';
import type { OsaPart, OsaStudy } from '../../../src/lab/osaStudy.js';
import { RUN_FLAGS } from '../../flags/measureOptions.js';
import { refuseWithoutEffect, UNMEASURED } from '../../flags/givenFlags.js';
import { printSheets } from '../../output/format.js';
import { openLabOutput, writeLabOutput } from '../../lab/labOutput.js';
import { labRecord } from '../../lab/labRecord.js';
import { measuresTrials } from '../../measuring/trials.js';
import type { Screen } from '../../screen.js';
import type { StudyOptions } from './options.js';

export async function studyOsaCommand(options: StudyOptions, screen: Screen): Promise<void> {
  const renderer = await openLabOutput(options);
  const study =
    options.from === undefined
      ? await runStudy(options, screen)
      : await labRecord(options.from, 'flopscope.study.osa/1');
  await writeLabOutput(study, options, renderer, screen);
  await printSheets(options.format, study, [osaStudySheet(study)], screen);
}

async function runStudy(options: StudyOptions, screen: Screen): Promise<OsaStudy> {
  const { batch, image, strides, osaLayers: layers } = options;
  const assumptions: OsaAssumptions = {
    ...{ batch, image: image ?? OSA_DEFAULTS.image },
    ...{ strides: strides ?? OSA_DEFAULTS.strides, layers: layers ?? OSA_DEFAULTS.layers },
  };
  const parts = (options.only ?? OSA_PARTS).map(partNamed);
  refuseWithoutEffect(options.given, [
    [!options.measure, RUN_FLAGS, UNMEASURED],
    [!parts.includes('stages'), ['--image', '--strides', '--osa-layers'], 'without the stages: add them to --only'],
  ]);
  return studyOsa(assumptions, parts, options.measure ? measuresTrials(options, screen) : undefined);
}

function partNamed(name: string): OsaPart {
  const found = OSA_PARTS.find((part) => part === name.trim().toLowerCase());
  if (found) return found;
  throw new InputError(`--only ${name}: study osa has no such part; there are ${OSA_PARTS.join(', ')}`);
}
