// Writes a sheet as Markdown: a heading, a table, and the notes as a list.

import { cell, type AnySheet } from '../sheets/sheet.js';

export const markdown = (whole: AnySheet): string =>
  [
    escapeMarkdown(whole.title),
    ...(whole.rows.length > 0 || whole.total !== undefined ? ['', markdownTable(whole)] : []),
    ...(whole.notes.length === 0 ? [] : ['', ...whole.notes.map((note) => `- ${escapeMarkdown(note)}`)]),
    '',
  ].join('\n');

/** Without title and notes. */
export function markdownTable({ columns, rows, total, part, mark }: AnySheet): string {
  const shown = columns.filter((column) => column.hidden !== true);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  let heading: string | undefined;
  const body = rows.flatMap((row) => {
    const next = part?.(row);
    const opens = next !== undefined && next !== heading;
    heading = next;
    const cells = shown.map((column) => escapeMarkdown(cell(column, row)));
    const remark = mark?.(row);
    if (remark !== undefined) cells[0] = `${cells[0] ?? ''} (**${remark}**)`;
    // A Markdown table has no cells across columns: the name of a part is in the first column.
    return [...(opens ? [line([bold(escapeMarkdown(next)), ...shown.slice(1).map(() => '')])] : []), line(cells)];
  });
  return [
    line(shown.map((column) => column.title)),
    line(shown.map(({ align }) => (align === 'right' ? '---:' : ':---'))),
    ...body,
    ...(total === undefined ? [] : [line(shown.map((column) => bold(escapeMarkdown(cell(column, total)))))]),
  ].join('\n');
}

const bold = (text: string): string => (text === '' ? '' : `**${text}**`);
/** Escapes text for Markdown. An underscore inside a word is no markup and stays. */
export const escapeMarkdown = (text: string): string =>
  text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[|`\\*[\]~]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, (sign) => `\\${sign}`)
    .replaceAll(/[&<>]/g, (sign) => ENTITIES[sign]!);

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
