// flopscope study guidelines: repeats the experiments of ShuffleNetV2 and VoVNet on this device.

import { guidelineRows, guidelineSheets } from '../../../reports/sheets/guidelineSheets.js';
import { InputError } from '../../../src/inputError.js';
import { EXPERIMENTS } from '../../../src/lab/experiments/table.js';
import type { Assumptions, Experiment } from '../../../src/lab/experiment.js';
import { guidelines } from '../../../src/lab/guidelines.js';
import type { LabResult } from '../../../src/lab/outcome.js';
import { nearestNames } from '../../../src/nearest.js';
import { RUN_FLAGS } from '../../flags/measureOptions.js';
import { refuseWithoutEffect, UNMEASURED, type Given } from '../../flags/givenFlags.js';
import { printSheets, type Format } from '../../output/format.js';
import { openLabOutput, writeLabOutput, type LabOutput } from '../../lab/labOutput.js';
import { labRecord } from '../../lab/labRecord.js';
import type { RunFlags } from '../../measuring/session.js';
import { measuresTrials } from '../../measuring/trials.js';
import type { Screen } from '../../screen.js';

export interface GuidelineOptions extends Omit<RunFlags, 'layers'>, Assumptions, LabOutput {
  readonly only?: readonly string[];
  /** A record that is shown again. */
  readonly from?: string;
  readonly measure: boolean;
  readonly given: Given;
  readonly format: Format;
}

export async function guidelinesCommand(options: GuidelineOptions, screen: Screen): Promise<void> {
  const renderer = await openLabOutput(options);
  const result =
    options.from === undefined
      ? await runGuidelines(options, screen)
      : await labRecord(options.from, 'flopscope.guidelines/1');
  await writeLabOutput(result, options, renderer, screen);
  await printSheets(options.format, result, guidelineSheets(result), screen, guidelineRows(result));
}

async function runGuidelines(options: GuidelineOptions, screen: Screen): Promise<LabResult> {
  const { batch, side, blocks, widths, scales, squeeze } = options;
  const assumptions = { batch, side, blocks, widths, scales, squeeze };
  const chosen = (options.only ?? EXPERIMENTS.map(({ key }) => key)).map(experimentNamed);
  refuseWithoutEffect(options.given, [
    [!options.measure, RUN_FLAGS, UNMEASURED],
    [
      true,
      assumptionsWithoutEffect(chosen),
      `on ${chosen.map(({ key }) => key).join(', ')}: leave it out, or add an experiment with --only`,
    ],
  ]);
  return guidelines(chosen, assumptions, options.measure ? measuresTrials(options, screen) : undefined);
}

const FLAGS: Readonly<Record<keyof Assumptions, string>> = {
  batch: '--batch',
  side: '--side',
  blocks: '--blocks',
  widths: '--widths',
  scales: '--scales',
  squeeze: '--squeeze',
};

/** Flags that none of these experiments uses. */
const assumptionsWithoutEffect = (chosen: readonly Experiment[]): readonly string[] =>
  (Object.keys(FLAGS) as (keyof Assumptions)[])
    .filter((key) => !chosen.some(({ assumes }) => assumes.includes(key)))
    .map((key) => FLAGS[key]);

function experimentNamed(key: string): Experiment {
  const found = EXPERIMENTS.find((one) => one.key.toLowerCase() === key.trim().toLowerCase());
  if (found) return found;
  const keys = EXPERIMENTS.map((one) => one.key);
  throw new InputError(
    `--only ${key}: there is no such experiment${nearestNames(key, keys)}; there are ${keys.join(', ')}`,
  );
}
