// Writes the charts of a report as files: each chart of every view as PNG, SVG and PDF.

import { join } from 'node:path';
import { isMissing } from '../../reports/charts/chart.js';
import { MOST_IN_FOCUS, sceneOf, type Scene, type Subject } from '../../reports/charts/scene.js';
import { FILE_CHARTS } from '../../reports/charts/table.js';
import { sourceOf } from '../../reports/report/facts.js';
import type { ReportData } from '../../reports/report/reportData.js';
import { writeResults } from '../output/writeResult.js';
import type { Figures } from './figures.js';

export interface WrittenChart {
  /** Index of the view that it shows. */
  readonly view: number;
  readonly title: string;
  readonly png: string;
}

/**
 * @param folder that exists
 * @param only labels of the networks to draw; all where absent
 */
export async function writeCharts(
  data: ReportData,
  folder: string,
  figures: Figures,
  only?: readonly string[],
): Promise<readonly WrittenChart[]> {
  const written: WrittenChart[] = [];
  const files: (readonly [path: string, content: Buffer])[] = [];
  for (const [i, view] of data.views.entries()) {
    const scene = sceneOf(data, i);
    const drawn = only === undefined ? scene : sceneOfSome(scene, only);
    for (const { id, title, closeUp, picture } of FILE_CHARTS) {
      const result = picture(drawn);
      if (isMissing(result)) continue;
      const shown = closeUp === true ? drawn.focus : drawn.subjects;
      const path = join(folder, `${id}${i === 0 ? '' : `-${i + 1}`}`);
      const words = { title, source: result.source ?? sourceOf(data, view), without: withoutSentence(scene, shown) };
      files.push(...(await figures.files(path, result, words)));
      written.push({ view: i, title, png: `${path}.png` });
    }
  }
  await writeResults(files);
  return written;
}

/**
 * The view with some of its networks. Without the baseline among them, the first one is the
 * baseline.
 */
function sceneOfSome(scene: Scene, only: readonly string[]): Scene {
  const subjects = scene.subjects.filter(({ label }) => only.includes(label));
  const baseline = subjects.find(({ place }) => place === scene.baseline.place) ?? subjects[0] ?? scene.baseline;
  return { ...scene, subjects, baseline, focus: subjects.slice(0, MOST_IN_FOCUS) };
}

/** A chart that leaves a network out says so. */
function withoutSentence({ subjects }: Scene, shown: readonly Subject[]): string {
  const missing = subjects.filter(({ place }) => !shown.some((one) => one.place === place));
  if (missing.length === 0) return '';
  const names = missing.slice(0, MOST_NAMED).map(({ label }) => label);
  const more = missing.length - names.length;
  return `Not drawn: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`;
}

const MOST_NAMED = 8;
