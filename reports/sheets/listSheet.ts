// How is the zoo laid out? A row per built-in model under its family, at the input that it was published for.

import type { Profile } from '../../src/profile.js';
import { counted } from '../../src/plural.js';
import { by, short } from '../text/number.js';
import { sheet, type AnySheet, type Column } from './sheet.js';

export interface Listed {
  readonly family: string;
  readonly profile: Profile;
}

export const listSheet = (models: readonly Listed[]): AnySheet =>
  sheet<Listed>({
    title: counted(models.length, 'built-in model'),
    columns: COLUMNS,
    rows: models,
    part: ({ family }) => family,
    notes: ['memory access in elements, batch 1; flopscope profile MODEL shows the layers.'],
  });

const count = (key: string, title: string, pick: (profile: Profile) => number, rank = 0): Column<Listed> => ({
  key,
  title,
  align: 'right',
  rank,
  value: ({ profile }) => pick(profile),
  show: ({ profile }) => short(pick(profile)),
});

const COLUMNS: readonly Column<Listed>[] = [
  { key: 'model', title: 'model', align: 'left', value: ({ profile }) => profile.model },
  { key: 'family', title: 'family', align: 'left', value: ({ family }) => family, hidden: true },
  {
    key: 'input',
    title: 'input',
    align: 'left',
    rank: 2,
    value: ({ profile: { input } }) => by([input.c, input.h, input.w]),
  },
  count('params', 'params', ({ totals }) => totals.params),
  count('multAdds', 'mult-adds', ({ totals }) => totals.multAdds),
  count('memoryAccessConv', 'memory access, conv', ({ totals }) => totals.memoryAccess.conv),
  count('memoryAccessUnfused', 'every op', ({ totals }) => totals.memoryAccess.unfused),
  count('memoryAccessFused', 'fused', ({ totals }) => totals.memoryAccess.fused, 1),
];
