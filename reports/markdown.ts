// How does a sheet become Markdown? A heading line, one table that pull requests render, and the notes as a list.

import { cell, type AnySheet } from './sheet.js';

export function markdown({ title, columns, rows, total, mark, notes }: AnySheet): string {
  const shown = columns.filter((column) => column.hidden !== true);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const body = rows.map((row) => {
    const cells = shown.map((column) => escapeMarkdown(cell(column, row)));
    const remark = mark?.(row);
    if (remark !== undefined) cells[0] = `${cells[0] ?? ''} (**${remark}**)`;
    return line(cells);
  });
  return [
    escapeMarkdown(title),
    '',
    line(shown.map((column) => column.title)),
    line(shown.map(({ align }) => (align === 'right' ? '---:' : ':---'))),
    ...body,
    ...(total === undefined ? [] : [line(shown.map((column) => bold(escapeMarkdown(cell(column, total)))))]),
    ...(notes.length === 0 ? [] : ['', ...notes.map((note) => `- ${escapeMarkdown(note)}`)]),
    '',
  ].join('\n');
}

const bold = (text: string): string => (text === '' ? '' : `**${text}**`);
/** A text of which no sign is read as markup. */
export const escapeMarkdown = (text: string): string =>
  text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[|<>`\\]/g, (sign) => (sign === '<' ? '&lt;' : sign === '>' ? '&gt;' : `\\${sign}`));
