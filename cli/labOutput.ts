// Where do an experiment's results go? A page, a record and pictures: asked for before anything is measured, written whole.

import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { labPicture } from '../reports/charts/labRatios.js';
import { FILE_WIDTH, inlinePicture, pictureFile, type PictureFile } from '../reports/charts/pictureFile.js';
import { DARK, LIGHT, type Theme } from '../reports/charts/theme.js';
import { labPage, type ChartImage, type InlineCharts } from '../reports/lab/page.js';
import { InputError } from '../src/inputError.js';
import type { LabResult, Outcome } from '../src/lab/outcome.js';
import type { Renderer } from './charts/renderer.js';
import { packageFile } from './packageFolder.js';
import { makeFolder } from './makeFolder.js';
import type { Screen } from './screen.js';
import { VERSION } from './version.js';
import { checkWritable, writeResults, type Content } from './writeResult.js';

export interface LabOutput {
  /** A page (.html) or the record (.json). */
  readonly output?: string;
  /** A folder for PNG and SVG. */
  readonly charts?: string;
}

/**
 * Before long work: can all be written, and can charts be drawn?
 * @returns the renderer; null where none is needed, or where a page can do without
 * @throws InputError for a file that is neither a page nor a record, a path that cannot be written, charts without canvas
 */
export async function openLabOutput({ output, charts }: LabOutput, screen: Screen): Promise<Renderer | null> {
  const kind = output === undefined ? undefined : extname(output).toLowerCase();
  if (kind !== undefined && kind !== '.html' && kind !== '.json')
    throw new InputError(`-o ${output!}: a page ends in .html, a record in .json`);
  if (output !== undefined) await checkWritable(output);
  if (charts !== undefined) await makeFolder(charts, `--charts ${charts}`);
  if (charts === undefined && kind !== '.html') return null;
  const { openRenderer } = await import('./charts/openRenderer.js');
  try {
    return await openRenderer();
  } catch (error) {
    if (charts !== undefined || !(error instanceof InputError)) throw error;
    screen.err(`the page will have tables and no charts: ${error.message}\n`);
    return null;
  }
}

export async function writeLabOutput(
  result: LabResult,
  { output, charts }: LabOutput,
  renderer: Renderer | null,
  screen: Screen,
): Promise<void> {
  const madeAt = new Date().toISOString();
  const files: (readonly [path: string, content: Content])[] = [];
  if (charts !== undefined && renderer)
    for (const outcome of result.outcomes) {
      const file = pictureFile(titleOf(outcome), labPicture(outcome), sourceOf(result, madeAt), LIGHT);
      const path = join(charts, `guideline-${outcome.key.toLowerCase()}`);
      files.push([`${path}.png`, await renderer.png(file)], [`${path}.svg`, await renderer.svg(file)]);
    }
  if (output !== undefined)
    files.push([
      output,
      extname(output).toLowerCase() === '.json'
        ? `${JSON.stringify(result, null, 2)}\n`
        : await pageText(result, madeAt, renderer),
    ]);
  await writeResults(files);
  for (const [path] of files) if (!path.endsWith('.svg')) screen.err(`wrote ${path}\n`);
}

const titleOf = ({ key, claim }: Outcome): string => `${key}: ${claim}`;
const sourceOf = ({ device, assumptions }: LabResult, madeAt: string): string =>
  `${device === null ? 'Counted, not measured' : `Measured on ${device}, ${madeAt.slice(0, 10)}`}; batch ${assumptions.batch}; flopscope ${VERSION}.`;

async function pageText(result: LabResult, madeAt: string, renderer: Renderer | null): Promise<string> {
  const charts: InlineCharts[] = [];
  if (renderer) for (const outcome of result.outcomes) charts.push(await inlineCharts(outcome, renderer));
  const [style, regular, bold] = await Promise.all([
    readFile(packageFile('report/style.css'), 'utf8'),
    readFile(packageFile('fonts/inter-400.woff2')),
    readFile(packageFile('fonts/inter-600.woff2')),
  ]);
  const fonts = [
    { weight: 400, data: regular },
    { weight: 600, data: bold },
  ];
  return labPage({ result, charts: renderer ? charts : null, madeAt, version: VERSION }, { style, fonts });
}

/** Of a picture on a phone. */
const NARROW_WIDTH = 336;

async function inlineCharts(outcome: Outcome, renderer: Renderer): Promise<InlineCharts> {
  const picture = labPicture(outcome);
  const drawn = async (theme: Theme, width: number): Promise<ChartImage> => {
    const file: PictureFile = inlinePicture(picture, theme, width);
    return { png: await renderer.png(file), width, height: file.height };
  };
  const both = async (width: number): Promise<InlineCharts['wide']> => ({
    light: await drawn(LIGHT, width),
    dark: await drawn(DARK, width),
  });
  return { wide: await both(FILE_WIDTH), narrow: await both(NARROW_WIDTH) };
}
