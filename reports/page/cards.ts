// Cards at the top: the main costs of each network, or the best of each cost if there are many.

import {
  ACCESS,
  amountText,
  ENERGY,
  KEPT,
  MULT_ADDS,
  OPS,
  PARAMS,
  ratioSide,
  ratioText,
  TIME,
  TRAINING_MEASURES,
  TRAINING_PEAK,
  type Measure,
} from '../charts/measures.js';
import type { Scene, Subject } from '../charts/scene.js';
import { visible } from '../../src/visible.js';
import { clipped, element } from './dom.js';

const MOST_CARDS = 6;
const SHOWN: readonly Measure[] = [MULT_ADDS, ACCESS, PARAMS, OPS, KEPT, TRAINING_PEAK, TIME, ENERGY];

export const cards = (scene: Scene): readonly HTMLElement[] =>
  scene.subjects.length <= MOST_CARDS
    ? scene.subjects.map((subject) => networkCard(subject, scene))
    : SHOWN.flatMap((measure) => bestCard(measure, scene) ?? []);

function networkCard(subject: Subject, { subjects, baseline, setting }: Scene): HTMLElement {
  const rows = SHOWN.flatMap((measure) => {
    const value = measure.value(subject);
    if ((measure === ENERGY || TRAINING_MEASURES.includes(measure)) && value === null) return [];
    if (measure.measured && setting === null) return [];
    const text = value === null ? 'not measured' : amountText(measure, subject, value);
    return [row(measure, text, subject, subjects.length > 1 ? baseline : null)];
  });
  return element(
    'article',
    { class: `card series${subject.place % 8}` },
    element('h3', {}, clipped(visible(subject.label))),
    subject === baseline && subjects.length > 1 ? element('p', { class: 'tag' }, 'baseline') : null,
    subject.network.lowerBound ? element('p', { class: 'tag' }, 'lower bound') : null,
    element('dl', {}, ...rows.flat()),
  );
}

const titleOf = ({ title }: Measure): string => title.replace(/, (measured|unfused)$/, '');

/** @param baseline null where nothing is compared */
function row(measure: Measure, text: string, subject: Subject, baseline: Subject | null): readonly HTMLElement[] {
  const side = baseline ? ratioSide(measure, subject, baseline) : '';
  // "0.97x, no difference": the words have a line of their own.
  const [figure = '', words] = (baseline ? ratioText(measure, subject, baseline) : '').split(', ');
  return [
    element('dt', {}, titleOf(measure)),
    element('dd', {}, text),
    element('dd', { class: `ratio ${side}` }, figure),
    ...(words === undefined ? [] : [element('dd', { class: 'ratio words' }, words)]),
  ];
}

function bestCard(measure: Measure, { subjects }: Scene): HTMLElement | undefined {
  const known = subjects.flatMap((subject) => {
    const value = measure.value(subject);
    // The least and the most are not among lower bounds.
    return value === null || (subject.network.lowerBound && !measure.measured) ? [] : [{ subject, value }];
  });
  if (known.length === 0) return undefined;
  const ordered = [...known].sort((a, b) => a.value - b.value);
  const [least, most] = [ordered[0]!, ordered.at(-1)!];
  const line = (word: string, { subject, value }: typeof least): readonly HTMLElement[] => [
    element('dt', {}, word),
    element('dd', {}, measure.show(value)),
    element('dd', { class: 'name' }, clipped(visible(subject.label))),
  ];
  return element(
    'article',
    { class: 'card best' },
    element('h3', {}, titleOf(measure)),
    element('dl', {}, ...line('least', least), ...line('most', most)),
  );
}
