// The output formats of commands: a table for people, and CSV, JSON, Markdown and LaTeX.

import type { AnySheet } from '../../reports/sheets/sheet.js';
import type { Screen } from '../screen.js';

export const FORMATS = ['table', 'json', 'csv', 'markdown', 'latex'] as const;
export type Format = (typeof FORMATS)[number];

/**
 * Prints a result as one JSON object, or its sheet in another format; renderers are loaded when
 * they are used.
 */
export async function print(format: Format, result: object, sheet: () => AnySheet, screen: Screen): Promise<void> {
  switch (format) {
    case 'json':
      screen.out(`${JSON.stringify(result, null, 2)}\n`);
      return;
    case 'csv':
      screen.out((await import('../../reports/text/csv.js')).csv(sheet()));
      return;
    case 'markdown':
      screen.out((await import('../../reports/text/markdown.js')).markdown(sheet()));
      return;
    case 'latex':
      screen.out((await import('../../reports/text/latex.js')).latex(sheet()));
      return;
    case 'table':
      screen.out((await import('../../reports/text/terminal.js')).terminal(sheet(), screen.look));
  }
}

/**
 * Prints a result as one JSON object, or its sheets one after the other.
 * @param rows what csv prints: a program reads one table from it
 */
export async function printSheets(
  format: Format,
  result: object,
  sheets: readonly AnySheet[],
  screen: Screen,
  rows = sheets[0]!,
): Promise<void> {
  if (format === 'csv') return print(format, result, () => rows, screen);
  if (format === 'json') return print(format, result, () => sheets[0]!, screen);
  for (const [i, sheet] of sheets.entries()) {
    if (i > 0) screen.out('\n');
    await print(format, result, () => sheet, screen);
  }
}
