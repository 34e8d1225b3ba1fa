// Earlier runs of the networks as a table: before, after, and whether the difference can be told.

import type { EarlierRuns } from '../report/earlierRuns.js';
import { visible } from '../../src/visible.js';
import { clipped, element } from './dom.js';
import { scrollFrame } from './scrollFrame.js';

/** Columns of numbers. */
const MILLISECONDS = 'ms';

export function earlierSection({ head, rows }: EarlierRuns): HTMLElement {
  const line = (name: 'th' | 'td', cells: readonly string[]): HTMLElement =>
    element(
      'tr',
      {},
      ...cells.map((text, i) =>
        element(
          i === 0 ? 'th' : name,
          { class: head[i] === MILLISECONDS ? 'right' : 'left' },
          i === 0 ? clipped(visible(text)) : visible(text),
        ),
      ),
    );
  const table = element(
    'table',
    { class: 'earlier' },
    element('caption', { class: 'offscreen' }, 'Earlier runs beside those that are shown'),
    element('thead', {}, line('th', head)),
    element('tbody', {}, ...rows.map(({ cells }) => line('td', cells))),
  );
  return scrollFrame('Earlier runs beside those that are shown', table);
}
