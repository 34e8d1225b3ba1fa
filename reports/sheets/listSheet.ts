// The table of built-in models, by family, at the input that each was published for.

import { imageSides } from '../../src/inputSize.js';
import { countsAfter, flatKey, type CountName } from '../../src/metrics/countNames.js';
import { METRICS } from '../../src/metrics/table.js';
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

const count = (name: CountName, place: Pick<Column<Listed>, 'rank' | 'hidden'>): Column<Listed> => ({
  key: flatKey(name),
  title: METRICS[name].short,
  align: 'right',
  ...place,
  value: ({ profile }) => METRICS[name].read(profile),
  show: ({ profile }) => short(METRICS[name].read(profile)!),
});

const SHOWN: readonly CountName[] = [
  'params',
  'multAdds',
  'memoryAccess.conv',
  'memoryAccess.unfused',
  'memoryAccess.fused',
];

const COLUMNS: readonly Column<Listed>[] = [
  { key: 'model', title: 'model', align: 'left', value: ({ profile }) => profile.model },
  { key: 'family', title: 'family', align: 'left', value: ({ family }) => family, hidden: true },
  {
    key: 'input',
    title: 'input',
    align: 'left',
    rank: 2,
    value: ({ profile: { input } }) => by(imageSides(input)),
  },
  ...SHOWN.map((name) => count(name, { rank: name === 'memoryAccess.fused' ? 1 : 0 })),
  // Every other count is in CSV alone.
  ...countsAfter(SHOWN).map((name) => count(name, { hidden: true })),
];
