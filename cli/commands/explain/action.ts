// flopscope explain: finds the cost that explains the measured times of networks.

import { basename } from 'node:path';
import { explainSheets } from '../../../reports/sheets/explainSheets.js';
import { explain, LEAST_NETWORKS } from '../../../src/explain/explain.js';
import { bandwidthOf } from '../../../src/devices/guessedDevice.js';
import { InputError } from '../../../src/inputError.js';
import { sampleSources, type SampleFlags } from './samples.js';
import { bytesOfName, precisionOfName } from '../../../src/records/times/namedPrecision.js';
import { RUN_FLAGS } from '../../flags/measureOptions.js';
import { RECORDED, refuseWithoutEffect, type Given } from '../../flags/givenFlags.js';
import { printSheets, type Format } from '../../output/format.js';
import type { Screen } from '../../screen.js';

export interface ExplainOptions extends SampleFlags {
  readonly given: Given;
  readonly bytesPerElement?: number;
  readonly format: Format;
}

export async function explainCommand(names: readonly string[], options: ExplainOptions, screen: Screen): Promise<void> {
  const { runs, times, format } = options;
  if (runs !== undefined && times !== undefined)
    throw new InputError('give --runs or --times, not both: their times were taken in different ways');
  if (runs === undefined && times === undefined && names.length * options.batch.length < LEAST_NETWORKS)
    throw new InputError(
      `there is too little to explain: name at least ${LEAST_NETWORKS} models to measure, or give --runs or --times`,
    );
  if (times !== undefined && options.batch.length > 1)
    throw new InputError('--batch with --times is the batch of rows that name none: give one, or a column "batch"');
  refuseWithoutEffect(options.given, [
    [runs !== undefined, [...RUN_FLAGS, '--input', '--batch'], RECORDED],
    [times !== undefined, RUN_FLAGS, 'on times that were taken elsewhere: leave it out'],
    [times === undefined, ['--skip-unknown'], 'without --times: leave it out'],
  ]);
  const { samples, device, likely } = await sampleSources(names, options, screen);
  // The precision of a table stands in its name, as timm writes it.
  const named = times === undefined ? undefined : bytesOfName(precisionOfName(basename(times)) ?? '');
  const result = explain(samples, device, options.bytesPerElement ?? named ?? 4, {
    bandwidth: bandwidthOf(device),
    likely,
  });
  // A program reads one table from csv: that of the networks.
  const sheets = explainSheets(result);
  await printSheets(format, result, sheets, screen, sheets.at(-1));
}
