// flopscope study vovnet-tables: our counts and times beside the published ones of VoVNet.

import { studyTablesSheets } from '../../../reports/sheets/studyTablesSheets.js';
import { InputError } from '../../../src/inputError.js';
import { nearestNames } from '../../../src/nearest.js';
import { TABLES, type Table } from '../../../src/studies/voVNetRows.js';
import { studyVoVNetTables, type VoVNetTables } from '../../../src/studies/voVNetTables.js';
import { RUN_FLAGS } from '../../flags/measureOptions.js';
import { refuseWithoutEffect, UNMEASURED } from '../../flags/givenFlags.js';
import { printSheets } from '../../output/format.js';
import { openLabOutput, writeLabOutput } from '../../lab/labOutput.js';
import { labRecord } from '../../lab/labRecord.js';
import { measureJobs } from '../../measuring/trials.js';
import type { Screen } from '../../screen.js';
import type { StudyOptions } from './options.js';

export async function studyVoVNetTablesCommand(options: StudyOptions, screen: Screen): Promise<void> {
  if (options.charts !== undefined)
    throw new InputError('--charts: study vovnet-tables has tables alone; leave it out, or give -o tables.html');
  refuseWithoutEffect(options.given, [[!options.measure && options.from === undefined, RUN_FLAGS, UNMEASURED]]);
  if (!options.measure && options.batch > 1)
    throw new InputError('the tables are counted for one image: add --measure to run a larger --batch');
  const renderer = await openLabOutput(options);
  const result =
    options.from === undefined
      ? await runStudy(options, screen)
      : await labRecord(options.from, 'flopscope.study.vovnet-tables/1');
  await writeLabOutput(result, options, renderer, screen);
  await printSheets(options.format, result, studyTablesSheets(result), screen);
}

const runStudy = (options: StudyOptions, screen: Screen): Promise<VoVNetTables> =>
  studyVoVNetTables(
    (options.only ?? TABLES).map(tableNamed),
    options.batch,
    options.measure ? (jobs) => measureJobs(jobs, { ...options, layers: false }, screen) : undefined,
  );

function tableNamed(name: string): Table {
  const found = TABLES.find((table) => table === name.trim());
  if (found) return found;
  throw new InputError(
    `--only ${name}: there is no such table${nearestNames(name, TABLES)}; there are ${TABLES.join(', ')}`,
  );
}
