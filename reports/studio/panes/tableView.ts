// Shows a table of the worker, with its notes, and copies it as CSV, Markdown or LaTeX.

import { visible } from '../../../src/visible.js';
import { announceFailure, button, clipped, element } from '../../page/dom.js';
import { copy } from '../../page/saving.js';
import type { PlainTable } from '../core/tables.js';

/** Letters of a cell that may have several lines. */
const LONG = 44;

const COPIES = { csv: 'CSV', markdown: 'Markdown', latex: 'LaTeX' } as const;

export function tableView({ title, columns, rows, total, notes, texts }: PlainTable): readonly HTMLElement[] {
  const line = (cells: readonly string[], kind = ''): HTMLElement =>
    element(
      'tr',
      { class: kind || undefined },
      ...cells.map((text, i) =>
        element(
          i === 0 ? 'th' : 'td',
          { class: `${columns[i]!.align}${text.length > LONG ? ' long' : ''}`, scope: i === 0 ? 'row' : undefined },
          i === 0 ? clipped(visible(text)) : visible(text),
        ),
      ),
    );
  let part: string | undefined;
  const body = rows.flatMap((row) => {
    const opens = row.part !== undefined && row.part !== part;
    part = row.part;
    const head = element('tr', { class: 'part' }, element('th', { colspan: columns.length }, visible(row.part ?? '')));
    return [...(opens ? [head] : []), line(row.cells)];
  });
  return [
    element(
      'div',
      { class: 'toolbar' },
      element('p', { class: 'caption' }, visible(title)),
      ...(Object.keys(COPIES) as (keyof typeof COPIES)[]).map((format) =>
        button(
          `Copy ${COPIES[format]}`,
          () => {
            announceFailure(copy(texts[format], COPIES[format]));
          },
          { class: 'quiet' },
        ),
      ),
    ),
    element(
      'div',
      { class: 'sheet', tabindex: 0, role: 'group', 'aria-label': `${visible(title)}, scrolls` },
      element(
        'table',
        {},
        element(
          'thead',
          {},
          element(
            'tr',
            {},
            ...columns.map(({ title: head, align }) => element('th', { scope: 'col', class: align }, head)),
          ),
        ),
        element('tbody', {}, ...body, total ? line(total, 'sum') : null),
      ),
    ),
    ...notesOf(notes),
  ];
}

/** More notes than these fold: they are read on request. */
const MOST_NOTES = 6;

function notesOf(notes: readonly string[]): readonly HTMLElement[] {
  const lines = notes.map((note) => element('p', { class: 'hint' }, visible(note)));
  if (lines.length <= MOST_NOTES) return lines;
  const warnings = notes.filter((note) => note.startsWith('Warning: ')).length;
  const some = warnings === 0 ? '' : `, ${warnings} of them warnings`;
  return [element('details', { class: 'notes' }, element('summary', {}, `${notes.length} notes${some}`), ...lines)];
}
