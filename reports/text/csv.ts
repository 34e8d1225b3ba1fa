// Writes a sheet as CSV: a header of keys, unrounded values (RFC 4180), no total, no notes.

import type { AnySheet } from '../sheets/sheet.js';

export function csv({ columns, rows }: AnySheet): string {
  const lines = rows.map((row) => columns.map((column) => quote(column.value(row))).join(','));
  return [columns.map(({ key }) => quote(key)).join(','), ...lines].join('\n') + '\n';
}

/** A text that a spreadsheet would run as a formula is made a text by a leading apostrophe. */
function quote(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
