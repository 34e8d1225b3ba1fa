// Writes a sheet as a plain HTML table in a frame that scrolls.

import { escape } from '../report/markup.js';
import { cell, type AnySheet } from '../sheets/sheet.js';
import { visible } from '../../src/visible.js';

const text = (words: string): string => escape(visible(words));

/** The table alone: title and notes belong to the page. */
export function sheetHtml({ title, columns, rows, part, mark }: AnySheet): string {
  const shown = columns.filter((column) => column.hidden !== true);
  const head = shown.map(({ title: name, align }, i) => {
    // A column without a name holds the ratio to the first row of the column before it.
    const words = name === '' && i > 0 ? 'ratio' : name;
    return `<th scope="col" class="${align}">${text(words)}</th>`;
  });
  let heading: string | undefined;
  const body = rows.map((row) => {
    const next = part?.(row);
    const opens = next !== undefined && next !== heading;
    heading = next;
    const remark = mark?.(row);
    const cells = shown.map((column, i) => {
      const words = text(cell(column, row));
      if (i > 0) return `<td class="${column.align}">${words}</td>`;
      return `<th scope="row">${words}${remark === undefined ? '' : ` <em>(${text(remark)})</em>`}</th>`;
    });
    const group = opens
      ? `<tr class="group"><th colspan="${shown.length}" scope="rowgroup">${text(next)}</th></tr>`
      : '';
    return `${group}<tr>${cells.join('')}</tr>`;
  });
  return `<div class="scroller" tabindex="0" role="region" aria-label="${text(title)}"><table class="plain"><caption class="offscreen">${text(title)}</caption><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}
