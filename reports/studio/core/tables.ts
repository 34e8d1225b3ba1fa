// Writes tables as CSV, Markdown or LaTeX, as the command line writes them.

import { profileSheet } from '../../sheets/profileSheet.js';
import type { AnySheet } from '../../sheets/sheet.js';
import { csv } from '../../text/csv.js';
import { latex } from '../../text/latex.js';
import { markdown } from '../../text/markdown.js';
import { subjectOf } from './count.js';
import type { Wanted } from './protocol.js';

export const TABLE_FORMATS = { csv, markdown, latex } as const satisfies Record<string, (sheet: AnySheet) => string>;
export type TableFormat = keyof typeof TABLE_FORMATS;

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
