// flopscope list: what does every built-in model cost at the input that it was published for?

import { listSheet, type Listed } from '../../../reports/sheets/listSheet.js';
import { builtIn } from '../../../src/builtIn.js';
import { FAMILIES } from '../../../src/families/table.js';
import { graphOf } from '../../../src/model.js';
import { profile } from '../../../src/profile.js';
import { print, type Format } from '../../output/format.js';
import type { Screen } from '../../screen.js';

export interface ListOptions {
  readonly format: Format;
}

export async function list({ format }: ListOptions, screen: Screen): Promise<void> {
  const models: Listed[] = FAMILIES.flatMap((family) =>
    Object.keys(family.variants).map((name) => ({ family: family.name, profile: profile(graphOf(builtIn(name))) })),
  );
  const result = {
    schema: 'flopscope.list/1',
    models: models.map(({ family, profile: { model, input, totals } }) => ({ model, family, input, totals })),
  };
  await print(format, result, () => listSheet(models), screen);
}
