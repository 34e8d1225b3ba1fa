// Writes charts as files: a PNG and an SVG of each chart of every view.

import { join } from 'node:path';
import { isMissing } from '../../reports/charts/chart.js';
import { pictureFile } from '../../reports/charts/pictureFile.js';
import { sceneOf } from '../../reports/charts/scene.js';
import { CHARTS } from '../../reports/charts/table.js';
import { LIGHT } from '../../reports/charts/theme.js';
import { sourceOf } from '../../reports/report/facts.js';
import type { ReportData } from '../../reports/report/reportData.js';
import { writeResults } from '../output/writeResult.js';
import type { Renderer } from './renderer.js';

export interface WrittenChart {
  /** Index of the view that it shows. */
  readonly view: number;
  readonly title: string;
  readonly png: string;
}

/** @param folder is there already */
export async function writeCharts(
  data: ReportData,
  folder: string,
  renderer: Renderer,
): Promise<readonly WrittenChart[]> {
  const written: WrittenChart[] = [];
  const files: [path: string, content: Buffer][] = [];
  for (const [i, view] of data.views.entries()) {
    const scene = sceneOf(data, i);
    for (const { id, title, picture } of CHARTS) {
      const result = picture(scene);
      if (isMissing(result)) continue;
      const file = pictureFile(title, result, sourceOf(data, view), LIGHT);
      const path = join(folder, `${id}${i === 0 ? '' : `-${i + 1}`}`);
      files.push([`${path}.png`, await renderer.png(file)], [`${path}.svg`, await renderer.svg(file)]);
      written.push({ view: i, title, png: `${path}.png` });
    }
  }
  await writeResults(files);
  return written;
}
