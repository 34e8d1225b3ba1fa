// The first section: facts, the finding in sentences, other measurements, and warnings.

import { factsOf, othersOf } from '../report/facts.js';
import type { ReportData, View } from '../report/reportData.js';
import { warningsOf } from '../report/warnings.js';
import { byId, element } from './dom.js';

export function showFinding(data: ReportData, view: View): void {
  byId('facts').replaceChildren(
    ...factsOf(data, view).flatMap(({ term, text }) => [element('dt', {}, term), element('dd', {}, text)]),
  );
  byId('headline').textContent = view.headline;
  byId('explanation').textContent = view.explanation;
  // The cards of a diagnosis say the same, with more.
  byId('findings').replaceChildren(...(view.answer ? [] : sentences(view.findings)));
  byId('ranking').textContent = view.ranking ?? '';
  fill('doubts', 'warnings', [...warningsOf(data, view), ...data.notes]);
  fill('others', 'elsewhere', othersOf(data, view));
}

/** The number of sentences shown at first; the others are folded. */
const FEW = 6;

function sentences(texts: readonly string[]): readonly HTMLElement[] {
  if (texts.length === 0) return [];
  const list = element('ul', {}, ...items(texts));
  if (texts.length <= FEW) return [list];
  const summary = element('summary', {}, `A sentence for each of the other ${texts.length} networks`);
  return [element('details', {}, summary, list)];
}

function fill(box: string, list: string, texts: readonly string[]): void {
  byId(list).replaceChildren(...items(texts));
  byId(box).hidden = texts.length === 0;
}

const items = (texts: readonly string[]): readonly HTMLElement[] => texts.map((text) => element('li', {}, text));
