// flopscope report: the page that people pass on, and its charts as files.

import { mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bytes } from '../../reports/number.js';
import { abbreviate } from '../../reports/visible.js';
import { reportData, type ReportData } from '../../reports/report/reportData.js';
import { builtIn, isBuiltIn } from '../../src/builtIn.js';
import { InputError } from '../../src/inputError.js';
import type { Run } from '../../src/measure/run.js';
import { graphOf, type Model } from '../../src/model.js';
import { profile, type Profile } from '../../src/profile.js';
import type { Renderer } from '../charts/renderer.js';
import type { WrittenChart } from '../charts/writeCharts.js';
import type { MeasureFlags } from '../measureModels.js';
import { modelNamed, profileAt } from '../model.js';
import { packageFile } from '../packageFolder.js';
import { readRunFiles } from '../runFiles.js';
import type { Screen } from '../screen.js';
import { VERSION } from '../version.js';
import { checkWritable, writeResult } from '../writeResult.js';

export interface ReportOptions extends MeasureFlags {
  readonly output?: string;
  readonly format: 'html' | 'markdown';
  readonly measure: boolean;
  readonly runs?: readonly string[];
  readonly charts?: string;
  readonly title?: string;
  readonly baseline?: string;
}

export async function reportCommand(names: readonly string[], options: ReportOptions, screen: Screen): Promise<void> {
  const { format, charts, measure, runs: files } = options;
  if (measure && files !== undefined)
    throw new InputError(
      '--measure and --runs exclude each other: measure first with flopscope measure -o, then --runs',
    );
  if (names.length === 0 && files === undefined)
    throw new InputError('there is nothing to report: name models, or give --runs with files of flopscope measure -o');
  if (!measure && options.batch.length > 1)
    throw new InputError('several batches can only be measured: add --measure, or give one --batch');
  const output = options.output ?? (format === 'html' ? 'report.html' : undefined);
  if (output !== undefined) await checkWritable(output);
  if (charts !== undefined) await makeFolder(charts);
  // Before anything is measured: a canvas that does not work is known by then.
  const renderer = charts === undefined ? undefined : await (await import('../charts/openRenderer.js')).openRenderer();

  const models: Model[] = [];
  for (const name of new Set(names)) models.push(await modelNamed(name));
  const runs = files === undefined ? await measured(names, options, screen) : await readRunFiles(files);
  tellOfUntimed(runs, screen);
  const { profiles, notes } = profilesFor(models, runs, options);
  const { title, baseline } = options;
  const madeAt = new Date().toISOString();
  const data = reportData({ title, baseline, madeAt, version: VERSION, profiles, runs, notes });

  const pictures = charts === undefined || !renderer ? [] : await chartsOf(data, charts, renderer, screen);
  const text = format === 'html' ? await pageOf(data) : await summaryOf(data, pictures, output);
  if (output === undefined) {
    screen.out(text);
    return;
  }
  await writeResult(output, text);
  const { size } = await stat(output);
  const { headline, explanation } = data.views[0]!;
  screen.out(`${headline} ${explanation}\n${pathToFileURL(resolve(output)).href} (${bytes(size)})\n`);
}

async function measured(names: readonly string[], options: ReportOptions, screen: Screen): Promise<readonly Run[]> {
  if (!options.measure) return [];
  return (await import('../measureModels.js')).measureModels(names, options, screen);
}

/** Runs without layers are whole runs of networks: they are shown, and what cannot be drawn is said once. */
function tellOfUntimed(runs: readonly Run[], screen: Screen): void {
  const untimed = runs.filter(({ layers }) => layers === null);
  const [first] = untimed;
  if (!first) return;
  const which = untimed.length === 1 ? first.model : `${untimed.length} of ${runs.length} runs`;
  screen.err(
    `${abbreviate(which)}: no times of layers (${first.noLayers ?? 'the engine has none'}), so charts of layer times leave ${untimed.length === 1 ? 'it' : 'them'} out\n`,
  );
}

/** Named models at every batch that was measured, then measured models that were not named but are built in. */
function profilesFor(
  models: readonly Model[],
  runs: readonly Run[],
  options: ReportOptions,
): { readonly profiles: readonly Profile[]; readonly notes: readonly string[] } {
  const batches = runs.length === 0 ? options.batch : [...new Set(runs.map(({ input }) => input.n))];
  const profiles = models.flatMap((model) => batches.map((n) => profileAt(model, n, options.input)));
  const named = new Set(models.map(({ name }) => name));
  const notes = new Set<string>();
  for (const run of runs) {
    const { model, source, input } = run;
    if (source !== 'built-in' || !isBuiltIn(model)) continue;
    const counted = profile(graphOf(builtIn(model), input.n, [input.c, input.h, input.w]));
    if (counted.totals.multAdds !== run.totals.multAdds || counted.totals.params !== run.totals.params) continue;
    profiles.push(counted);
    if (models.length > 0 && !named.has(model))
      notes.add(`${model} was not named: it is here because the run files hold it.`);
  }
  return { profiles, notes: [...notes] };
}

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new InputError(`--charts ${path}: the folder cannot be made (${code}); choose another`);
  }
  await checkWritable(`${path}/chart.png`);
}

async function chartsOf(
  data: ReportData,
  folder: string,
  renderer: Renderer,
  screen: Screen,
): Promise<readonly WrittenChart[]> {
  const { writeCharts } = await import('../charts/writeCharts.js');
  const written = await writeCharts(data, folder, renderer);
  screen.err(`${written.length} charts as PNG and SVG in ${folder} (drawn by ${renderer.name})\n`);
  return written;
}

async function pageOf(data: ReportData): Promise<string> {
  const { html } = await import('../../reports/report/html.js');
  const [script, style, regular, bold] = await Promise.all([
    readFile(packageFile('report/page.js'), 'utf8'),
    readFile(packageFile('report/style.css'), 'utf8'),
    readFile(packageFile('fonts/inter-400.woff2')),
    readFile(packageFile('fonts/inter-600.woff2')),
  ]);
  return html(data, {
    script,
    style,
    fonts: [
      { weight: 400, data: regular },
      { weight: 600, data: bold },
    ],
  });
}

/** Pictures are linked relative to the summary, or to the working directory where it is printed. */
async function summaryOf(
  data: ReportData,
  pictures: readonly WrittenChart[],
  output: string | undefined,
): Promise<string> {
  const { summary } = await import('../../reports/report/summary.js');
  const from = output === undefined ? '.' : dirname(output);
  return summary(
    data,
    pictures.map(({ title, png }) => ({ title, path: relative(from, png).replaceAll('\\', '/') })),
  );
}
