// The section on training: for each network what a step takes and keeps, and what was found.

import type { ReportData, View } from '../report/reportData.js';
import { trainingParts } from '../report/trainingText.js';
import { byId, clipped, element } from './dom.js';

export function showTraining(data: ReportData, view: View): void {
  const parts = trainingParts(data, view);
  byId('training').hidden = parts.length === 0;
  byId('training-parts').replaceChildren(
    ...parts.flatMap(({ label, sentences }) => [
      element('h3', {}, clipped(label)),
      element('ul', {}, ...sentences.map((text) => element('li', {}, text))),
    ]),
  );
}
