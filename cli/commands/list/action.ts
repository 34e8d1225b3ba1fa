// flopscope list: lists the built-in models, or the kinds of file that can be read.

import { formatSheet } from '../../../reports/sheets/formatSheet.js';
import { listSheet, type Listed } from '../../../reports/sheets/listSheet.js';
import { builtIn } from '../../../src/builtIn.js';
import { FAMILIES } from '../../../src/families/table.js';
import { graphOf } from '../../../src/model.js';
import { profile } from '../../../src/profile.js';
import { print, type Format } from '../../output/format.js';
import type { Screen } from '../../screen.js';

export interface ListOptions {
  /** List the kinds of file that are read instead. */
  readonly formats: boolean;
  readonly format: Format;
}

export async function list({ format, formats }: ListOptions, screen: Screen): Promise<void> {
  if (formats) return listFormats(format, screen);
  const models: Listed[] = FAMILIES.flatMap((family) =>
    Object.keys(family.variants).map((name) => ({ family: family.name, profile: profile(graphOf(builtIn(name))) })),
  );
  const result = {
    schema: 'flopscope.list/1',
    models: models.map(({ family, profile: { model, input, totals } }) => ({ model, family, input, totals })),
  };
  await print(format, result, () => listSheet(models), screen);
}

async function listFormats(format: Format, screen: Screen): Promise<void> {
  const { FORMATS } = await import('../../../src/importers/formats.js');
  const rows = FORMATS.map(({ id, title, endings, from }) => ({ id, title, endings, from }));
  await print(format, { schema: 'flopscope.formats/1', formats: rows }, () => formatSheet(rows), screen);
}
