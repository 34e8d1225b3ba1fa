// Writes a record of an experiment: page, JSON and pictures. Paths are checked before measuring.

import { stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { LabRecord } from '../../reports/lab/labDocument.js';
import { InputError } from '../../src/inputError.js';
import type { Renderer } from '../charts/renderer.js';
import { makeFolder } from '../output/makeFolder.js';
import type { Screen } from '../screen.js';
import { VERSION } from '../../src/version.js';
import { checkWritable, writeResults, type Content } from '../output/writeResult.js';

export interface LabOutput {
  /** A page (.html) or the record (.json). */
  readonly output?: string;
  /** A folder for PNG and SVG. */
  readonly charts?: string;
}

/**
 * Before long work: can all be written, and can charts be drawn?
 * @returns the renderer; null where none is needed
 * @throws InputError for a file that is neither a page nor a record, a path that cannot be written,
 * charts without canvas
 */
export async function openLabOutput({ output, charts }: LabOutput): Promise<Renderer | null> {
  const kind = output === undefined ? undefined : extname(output).toLowerCase();
  if (kind !== undefined && kind !== '.html' && kind !== '.json')
    throw new InputError(`-o ${output!}: a page ends in .html, a record in .json`);
  if (output !== undefined) await checkWritable(output);
  if (charts === undefined) return null;
  await makeFolder(charts, `--charts ${charts}`);
  return (await import('../charts/openRenderer.js')).openRenderer();
}

/** Writes all requested files, or none. */
export async function writeLabOutput(
  record: LabRecord,
  { output, charts }: LabOutput,
  renderer: Renderer | null,
  screen: Screen,
): Promise<void> {
  const files: (readonly [path: string, content: Content])[] = [];
  if (charts !== undefined && renderer) files.push(...(await chartFiles(record, charts, renderer)));
  if (output !== undefined)
    files.push([
      output,
      extname(output).toLowerCase() === '.json' ? `${JSON.stringify(record, null, 2)}\n` : await pageText(record),
    ]);
  await writeResults(files);
  for (const [path] of files) if (!path.endsWith('.svg')) screen.err(`wrote ${path} (${await size(path)})\n`);
}

async function size(path: string): Promise<string> {
  const { bytes } = await import('../../reports/text/number.js');
  return bytes((await stat(path)).size);
}

async function chartFiles(
  record: LabRecord,
  folder: string,
  renderer: Renderer,
): Promise<readonly (readonly [path: string, content: Content])[]> {
  const [{ labDocument }, { sourceOf }, { pictureFile }, { LIGHT }] = await Promise.all([
    import('../../reports/lab/labDocument.js'),
    import('../../reports/lab/page.js'),
    import('../../reports/charts/pictureFile.js'),
    import('../../reports/charts/theme.js'),
  ]);
  const files: (readonly [path: string, content: Content])[] = [];
  for (const { id, heading, picture } of labDocument(record).sections) {
    if (!picture) continue;
    const file = pictureFile(heading, picture, sourceOf(record, VERSION), LIGHT);
    files.push([join(folder, `${id}.png`), await renderer.png(file)]);
    files.push([join(folder, `${id}.svg`), await renderer.svg(file)]);
  }
  return files;
}

async function pageText(record: LabRecord): Promise<string> {
  const [{ labPage }, { pageParts }] = await Promise.all([
    import('../../reports/lab/page.js'),
    import('../output/pageParts.js'),
  ]);
  return labPage({ record, madeAt: new Date().toISOString(), version: VERSION }, await pageParts('lab'));
}
