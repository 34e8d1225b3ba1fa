// flopscope report: writes the HTML page, the Markdown summary and the charts as files.

import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bytes } from '../../../reports/text/number.js';
import { wrapped } from '../../../reports/text/wrap.js';
import { reportOf } from '../../../reports/report/reportOf.js';
import { abbreviate } from '../../../src/visible.js';
import { forAll, InputError, together } from '../../../src/inputError.js';
import type { Run } from '../../../src/measure/run.js';
import type { Model } from '../../../src/model.js';
import { trainingOf, type TrainingFlags } from '../../flags/trainingOptions.js';
import type { FigureFlags } from '../../charts/figures.js';
import { demandCharts } from '../../flags/figureOptions.js';
import { RUN_FLAGS } from '../../flags/measureOptions.js';
import { RECORDED, refuseWithoutEffect, UNKNOWN_RUNS, UNMEASURED, type Given } from '../../flags/givenFlags.js';
import type { Measured, MeasureFlags } from '../../measuring/measureModels.js';
import { modelNamed, sizeIn } from '../../input/model.js';
import { trainingsOf } from '../../../src/diagnosis/trainingStep.js';
import type { NoSetFits } from '../../../src/training/search.js';
import { chartsOf, pageOf, summaryOf } from './written.js';
import { makeFolder } from '../../output/makeFolder.js';
import { readRunFiles } from '../../../src/files/runFiles.js';
import { lowerBoundNote } from '../../../reports/sheets/lowerBound.js';
import { openBrowser } from '../../output/openBrowser.js';
import type { Screen } from '../../screen.js';
import { checkWritable, writeResult } from '../../output/writeResult.js';

export interface ReportOptions extends MeasureFlags, TrainingFlags, FigureFlags {
  readonly allowUnknown: boolean;
  readonly output?: string;
  /** What the ending of `output` says, where it is not given. */
  readonly format?: 'html' | 'markdown';
  readonly open: boolean;
  readonly measure: boolean;
  readonly given: Given;
  readonly runs?: readonly string[];
  readonly device?: string;
  readonly charts?: string;
  readonly title?: string | false;
  readonly only?: readonly string[];
  readonly baseline?: string;
}

export async function reportCommand(names: readonly string[], options: ReportOptions, screen: Screen): Promise<void> {
  const { charts, measure, runs: files } = options;
  const format = formatIn(options);
  if (measure && files !== undefined)
    throw new InputError(
      '--measure and --runs exclude each other: measure first with flopscope measure -o, then --runs',
    );
  if (names.length === 0 && files === undefined)
    throw new InputError('there is nothing to report: name models, or give --runs with files of flopscope measure -o');
  if (!measure && options.batch.length > 1)
    throw new InputError('several batches can only be measured: add --measure, or give one --batch');
  refuseWithoutEffect(options.given, [
    [files !== undefined, [...RUN_FLAGS, '--batch'], RECORDED],
    [
      files !== undefined && names.length === 0,
      ['--input', '--allow-unknown'],
      'where no model is named: leave it out',
    ],
    [!measure, RUN_FLAGS, UNMEASURED],
    [measure, ['--allow-unknown'], UNKNOWN_RUNS],
  ]);
  if (options.open && format !== 'html')
    throw new InputError('--open opens a page, and Markdown is none: leave one of the two out');
  const trained = trainingOf(options);
  const output = options.output ?? (format === 'html' ? 'report.html' : undefined);
  if (output !== undefined) await checkWritable(output);
  if (charts !== undefined) await makeFolder(charts, `--charts ${charts}`);
  // Before anything is measured: a canvas that does not work is known by then.
  demandCharts(options);
  if (charts === undefined && options.only)
    throw new InputError('--only is for the files of --charts: add --charts FOLDER');
  const figures =
    charts === undefined ? undefined : await (await import('../../charts/figures.js')).openFigures(options);

  const devices =
    options.device === undefined ? [] : await (await import('../../input/devices.js')).devicesNamed(options.device);
  const paths = [...new Set(names)];
  const models: readonly Model[] = await forAll(paths, (name) => modelNamed(name, options));
  const { runs: found, failure } =
    files === undefined ? await measured(paths, options, screen) : { runs: await readRunFiles(files), failure: null };
  warnOfUntimed(found, screen);
  const { title = true, baseline } = options;
  const missed = new Map<string, NoSetFits>();
  const { data, profiles } = reportOf(models, {
    ...{ runs: found, paths, batch: options.batch[0], devices, baseline },
    ...(options.input === undefined ? {} : { input: sizeIn(options.input) }),
    ...(typeof title === 'string' ? { title } : {}),
    ...(trained
      ? {
          trainings: (...of) => {
            const found = trainingsOf(...of, trained, options.memoryBudget);
            const misses = [...found.values()].flatMap((one) => ('missed' in one ? [one.missed] : []));
            // Nothing that was asked for could be shown.
            if (misses.length > 0 && misses.length === found.size) throw together(misses);
            for (const one of misses) missed.set(one.message, one);
            return found;
          },
        }
      : {}),
  });

  const pictures = charts === undefined || !figures ? [] : await chartsOf(data, charts, figures, screen, options.only);
  const text = format === 'html' ? await pageOf(data) : await summaryOf(data, pictures, output);
  if (output === undefined) screen.out(text);
  else {
    await writeResult(output, text);
    const { size } = await stat(output);
    const { headline, explanation } = data.views[0]!;
    // The headline of one network is a finding, which does not say it.
    const bounds = profiles.flatMap(({ model, lowerBound }) => (lowerBound ? [lowerBoundNote(lowerBound, model)] : []));
    for (const note of new Set(bounds)) screen.err(`${note}\n`);
    const link = pathToFileURL(resolve(output)).href;
    const sentence = `${headline} ${explanation}`;
    const { width } = screen.look;
    screen.out(`${width === undefined ? sentence : wrapped(sentence, '', width)}\n${link} (${bytes(size)})\n`);
    if (options.open) await openBrowser(link, screen);
  }
  if (failure) throw failure;
  // The page is written, and says it too.
  if (missed.size > 0) throw together([...missed.values()]);
}

async function measured(names: readonly string[], options: ReportOptions, screen: Screen): Promise<Measured> {
  if (!options.measure) return { runs: [], failure: null };
  return (await import('../../measuring/measureModels.js')).measureWhatWorks(names, options, screen);
}

/**
 * Runs without layers are whole runs of networks: they are shown, and what cannot be drawn is said
 * once.
 */
function warnOfUntimed(runs: readonly Run[], screen: Screen): void {
  const untimed = runs.filter(({ layers }) => layers === null);
  const [first] = untimed;
  if (!first) return;
  const which = untimed.length === 1 ? first.model : `${untimed.length} of ${runs.length} runs`;
  screen.err(
    `${abbreviate(which)}: no times of layers (${first.noLayers ?? 'the engine has none'}), so charts of layer times leave ${untimed.length === 1 ? 'it' : 'them'} out\n`,
  );
}

const ENDINGS: readonly (readonly [RegExp, 'html' | 'markdown'])[] = [
  [/\.html?$/i, 'html'],
  [/\.(md|markdown)$/i, 'markdown'],
];

/** @throws InputError for an ending that says another kind, or none that a report has */
function formatIn({ format, output }: ReportOptions): 'html' | 'markdown' {
  if (output === undefined) return format ?? 'html';
  const stated = ENDINGS.find(([ending]) => ending.test(output))?.[1];
  if (format !== undefined && (stated === undefined || stated === format)) return format;
  if (stated === undefined)
    throw new InputError(`${output}: a report is a page (.html) or Markdown (.md): use one of these endings`);
  if (format === undefined) return stated;
  throw new InputError(`${output}: its ending says ${stated}, and --format says ${format}: leave one out`);
}
