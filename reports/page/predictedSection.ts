// Predicted times as a table with a bar for each interval. Nothing here was measured.

import type { PredictedRow, PredictedTimes } from '../report/predictedTimes.js';
import { visible } from '../../src/visible.js';
import { clipped, element } from './dom.js';
import { scrollFrame } from './scrollFrame.js';

export function predictedSection({ head, rows, notes }: PredictedTimes): readonly HTMLElement[] {
  const most = rows.reduce((end, { milliseconds, interval }) => Math.max(end, interval[1] ?? 2 * milliseconds), 0);
  const line = (name: 'th' | 'td', cells: readonly (string | HTMLElement)[]): HTMLElement =>
    element(
      'tr',
      {},
      ...cells.map((cell, i) =>
        element(
          i === 0 ? 'th' : name,
          { class: i < 2 || i === cells.length - 1 ? 'left' : 'right' },
          typeof cell === 'string' ? clipped(visible(cell)) : cell,
        ),
      ),
    );
  const table = element(
    'table',
    { class: 'predicted' },
    element('caption', { class: 'offscreen' }, 'Predicted times, not measured'),
    element('thead', {}, line('th', [...head, `0 to ${most.toPrecision(3)} ms`])),
    element('tbody', {}, ...rows.map((row) => line('td', [...row.cells, interval(row, most)]))),
  );
  return [
    scrollFrame('Predicted times, not measured', table),
    element('ul', { class: 'notes' }, ...notes.map((text) => element('li', {}, visible(text)))),
  ];
}

/** A hatched bar from the least to the most, and a line at the prediction. */
function interval({ milliseconds, interval: [least, end] }: PredictedRow, most: number): HTMLElement {
  const part = (value: number): string => `${((100 * value) / most).toFixed(2)}%`;
  const bar = element('span', { class: 'range' });
  bar.style.setProperty('--from', part(least));
  bar.style.setProperty('--to', part((end ?? most) - least));
  bar.style.setProperty('--at', part(milliseconds));
  return bar;
}
