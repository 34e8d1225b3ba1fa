// Tables as the command line prints them: as plain data for the page, and as text to copy.

import { profileSheet } from '../../sheets/profileSheet.js';
import { cell, type AnySheet } from '../../sheets/sheet.js';
import { csv } from '../../text/csv.js';
import { latex } from '../../text/latex.js';
import { markdown } from '../../text/markdown.js';
import { subjectOf } from './count.js';
import type { Wanted } from './protocol.js';

export const TABLE_FORMATS = { csv, markdown, latex } as const satisfies Record<string, (sheet: AnySheet) => string>;
export type TableFormat = keyof typeof TABLE_FORMATS;

export interface PlainTable {
  readonly title: string;
  readonly columns: readonly { readonly title: string; readonly align: 'left' | 'right' }[];
  readonly rows: readonly { readonly part?: string; readonly cells: readonly string[] }[];
  readonly total: readonly string[] | null;
  readonly notes: readonly string[];
  /** The whole table in each format. */
  readonly texts: Readonly<Record<TableFormat, string>>;
}

export function plainTable(sheet: AnySheet): PlainTable {
  const columns = sheet.columns.filter(({ hidden }) => hidden !== true);
  const cellsOf = (row: unknown): readonly string[] => columns.map((column) => cell(column, row));
  return {
    title: sheet.title,
    columns: columns.map(({ title, align }) => ({ title, align })),
    rows: sheet.rows.map((row) => {
      const part = sheet.part?.(row);
      return { ...(part === undefined ? {} : { part }), cells: cellsOf(row) };
    }),
    total: sheet.total === undefined ? null : cellsOf(sheet.total),
    notes: sheet.notes,
    texts: { csv: csv(sheet), markdown: markdown(sheet), latex: latex(sheet) },
  };
}

export async function layerTable({
  wanted,
  format,
}: {
  readonly wanted: Wanted;
  readonly format: TableFormat;
}): Promise<string> {
  const { profile } = await subjectOf(wanted);
  return TABLE_FORMATS[format](profileSheet(profile, { by: 'layer' }));
}
