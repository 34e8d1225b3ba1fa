// The table of file formats: what each is, how its files are named, and how one is made.

import { sheet, type AnySheet } from './sheet.js';

export interface FormatRow {
  readonly id: string;
  readonly title: string;
  readonly endings: readonly string[];
  readonly from: string;
}

export const formatSheet = (rows: readonly FormatRow[]): AnySheet =>
  sheet<FormatRow>({
    title: 'Kinds of file that are read',
    columns: [
      { key: 'title', title: 'kind', align: 'left', value: ({ title }) => title },
      { key: 'endings', title: 'files', align: 'left', value: ({ endings }) => endings.join(' ') },
      { key: 'from', title: 'made by', align: 'left', rank: 1, value: ({ from }) => from },
    ],
    rows,
    notes: ['The bytes of a file decide its kind, not its ending; - reads standard input.'],
  });
