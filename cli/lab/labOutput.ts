// Writes a record of an experiment: page, JSON and pictures. Paths are checked before measuring.

import { stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { LabRecord } from '../../reports/lab/labDocument.js';
import { InputError } from '../../src/inputError.js';
import { demandCharts } from '../flags/figureOptions.js';
import type { FigureFlags, Figures } from '../charts/figures.js';
import { makeFolder } from '../output/makeFolder.js';
import type { Screen } from '../screen.js';
import { VERSION } from '../../src/version.js';
import { checkWritable, writeResults, type Content } from '../output/writeResult.js';

export interface LabOutput extends FigureFlags {
  /** A page (.html) or the record (.json). */
  readonly output?: string;
  /** A folder for PNG, SVG and PDF. */
  readonly charts?: string;
}

/**
 * Checks before long work that everything can be written and charts can be drawn.
 * @returns how charts are written; null where none are
 * @throws InputError for a file that is neither a page nor a record, a path that cannot be written,
 * charts without canvas
 */
export async function openLabOutput(flags: LabOutput): Promise<Figures | null> {
  const { output, charts } = flags;
  demandCharts(flags);
  const kind = output === undefined ? undefined : extname(output).toLowerCase();
  if (kind !== undefined && kind !== '.html' && kind !== '.json')
    throw new InputError(`-o ${output!}: a page ends in .html, a record in .json`);
  if (output !== undefined) await checkWritable(output);
  if (charts === undefined) return null;
  await makeFolder(charts, `--charts ${charts}`);
  return (await import('../charts/figures.js')).openFigures(flags);
}

/** Writes all requested files, or none. */
export async function writeLabOutput(
  record: LabRecord,
  { output, charts }: LabOutput,
  figures: Figures | null,
  screen: Screen,
): Promise<void> {
  const files: (readonly [path: string, content: Content])[] = [];
  if (charts !== undefined && figures) files.push(...(await chartFiles(record, charts, figures)));
  if (output !== undefined)
    files.push([
      output,
      extname(output).toLowerCase() === '.json' ? `${JSON.stringify(record, null, 2)}\n` : await pageText(record),
    ]);
  await writeResults(files);
  for (const [path] of files) if (!/\.(svg|pdf)$/.test(path)) screen.err(`wrote ${path} (${await size(path)})\n`);
}

async function size(path: string): Promise<string> {
  const { bytes } = await import('../../reports/text/number.js');
  return bytes((await stat(path)).size);
}

async function chartFiles(
  record: LabRecord,
  folder: string,
  figures: Figures,
): Promise<readonly (readonly [path: string, content: Content])[]> {
  const [{ labDocument }, { sourceOf }] = await Promise.all([
    import('../../reports/lab/labDocument.js'),
    import('../../reports/lab/page.js'),
  ]);
  const files: (readonly [path: string, content: Content])[] = [];
  for (const { id, heading, picture } of labDocument(record).sections) {
    if (!picture) continue;
    const words = { title: heading, source: sourceOf(record, VERSION) };
    files.push(...(await figures.files(join(folder, id), picture, words)));
  }
  return files;
}

async function pageText(record: LabRecord): Promise<string> {
  const [{ labPage }, { pageParts }] = await Promise.all([
    import('../../reports/lab/page.js'),
    import('../../reports/report/pageParts.js'),
  ]);
  return labPage({ record, madeAt: new Date().toISOString(), version: VERSION }, await pageParts('lab'));
}
