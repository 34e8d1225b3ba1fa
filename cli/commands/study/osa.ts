// flopscope study osa: one-shot against dense aggregation at equal cost, counted and measured.

import { osaStudySheet } from '../../../reports/sheets/osaStudySheet.js';
import { InputError } from '../../../src/inputError.js';
import {
  cifar,
  OSA_DEFAULTS,
  printedAccess,
  stage,
  type OsaAssumptions,
  type OsaComparison,
  type OsaStudy,
} from '../../../src/lab/osaStudy.js';
import { outcomeOf } from '../../../src/lab/outcome.js';
import { setupOf } from '../../../src/measure/setup.js';
import { RUN_FLAGS } from '../../flags/measureOptions.js';
import { refuseIdle } from '../../flags/givenFlags.js';
import { printSheets } from '../../output/format.js';
import { labDevice } from '../../lab/labDevice.js';
import { openLabOutput, writeLabOutput } from '../../lab/labOutput.js';
import { labRecord } from '../../lab/labRecord.js';
import { measureTrials } from '../../measuring/measureTrials.js';
import type { Screen } from '../../screen.js';
import type { StudyOptions } from './options.js';

const PARTS = ['networks', 'stages'] as const;

export async function studyOsa(options: StudyOptions, screen: Screen): Promise<void> {
  const renderer = await openLabOutput(options);
  const study =
    options.from === undefined ? await made(options, screen) : await labRecord(options.from, 'flopscope.study.osa/1');
  await writeLabOutput(study, options, renderer, screen);
  await printSheets(options.format, study, [osaStudySheet(study)], screen);
}

async function made(options: StudyOptions, screen: Screen): Promise<OsaStudy> {
  const { batch, image, strides, osaLayers: layers } = options;
  const assumptions: OsaAssumptions = {
    ...{ batch, image: image ?? OSA_DEFAULTS.image },
    ...{ strides: strides ?? OSA_DEFAULTS.strides, layers: layers ?? OSA_DEFAULTS.layers },
  };
  const parts = (options.only ?? PARTS).map(partNamed);
  refuseIdle(options.given, [
    [options.measure === false, RUN_FLAGS, 'with --no-measure: leave one of the two out'],
    [!parts.includes('stages'), ['--image', '--strides', '--osa-layers'], 'without the stages: add them to --only'],
  ]);
  const comparisons: readonly OsaComparison[] = [
    ...(parts.includes('networks') ? [cifar(assumptions)] : []),
    ...(parts.includes('stages') ? assumptions.strides.map((stride) => stage(stride, assumptions)) : []),
  ];
  const trials = comparisons.flatMap((comparison) => comparison.trials);
  const runs = (options.measure ?? true) ? await measureTrials(trials, options, screen) : [];
  let place = 0;
  return {
    ...{ schema: 'flopscope.study.osa/1', assumptions },
    device: labDevice(runs),
    setup: setupOf(runs),
    outcomes: comparisons.map((comparison) => {
      const own = comparison.trials;
      const outcome = outcomeOf(comparison, own, runs.slice(place, (place += own.length)));
      return { ...outcome, part: comparison.part, deviations: own.map(({ deviation }) => deviation) };
    }),
    printed: parts.includes('networks') ? printedAccess() : [],
  };
}

function partNamed(name: string): (typeof PARTS)[number] {
  const found = PARTS.find((part) => part === name.trim().toLowerCase());
  if (found) return found;
  throw new InputError(`--only ${name}: study osa has no such part; there are ${PARTS.join(', ')}`);
}
