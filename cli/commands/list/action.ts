// flopscope list: lists the built-in models, or the kinds of file that can be read.

import { formatSheet } from '../../../reports/sheets/formatSheet.js';
import { listSheet, type Listed } from '../../../reports/sheets/listSheet.js';
import { builtIn, builtInNames } from '../../../src/builtIn.js';
import { FAMILIES } from '../../../src/families/table.js';
import { InputError } from '../../../src/inputError.js';
import { graphOf } from '../../../src/model.js';
import { nearestNames } from '../../../src/nearest.js';
import { profile } from '../../../src/profile.js';
import { print, type Format } from '../../output/format.js';
import type { Screen } from '../../screen.js';

export interface ListOptions {
  /** List the kinds of file that are read instead. */
  readonly formats: boolean;
  readonly format: Format;
}

/** @param pattern part of a name, or a whole name with `*` for any letters */
export async function list(
  pattern: string | undefined,
  { format, formats }: ListOptions,
  screen: Screen,
): Promise<void> {
  if (formats && pattern !== undefined)
    throw new InputError(`--formats lists kinds of file, and "${pattern}" is part of a model's name: leave one out`);
  if (formats) return listFormats(format, screen);
  const fits = pattern === undefined ? () => true : fitting(pattern);
  const models: Listed[] = FAMILIES.flatMap((family) =>
    Object.keys(family.variants)
      .filter((name) => fits(name) || fits(family.name))
      .map((name) => ({ family: family.name, profile: profile(graphOf(builtIn(name))) })),
  );
  if (models.length === 0)
    throw new InputError(`no built-in model fits "${pattern}"${nearestNames(pattern!, builtInNames())}`);
  const result = {
    schema: 'flopscope.list/1',
    models: models.map(({ family, profile: { model, input, totals } }) => ({ model, family, input, totals })),
  };
  await print(format, result, () => listSheet(models), screen);
}

function fitting(pattern: string): (name: string) => boolean {
  const wanted = pattern.toLowerCase();
  if (!wanted.includes('*')) return (name) => name.toLowerCase().includes(wanted);
  const parts = wanted.split('*').map((part) => part.replaceAll(/[^\p{L}\p{N}]/gu, '\\$&'));
  const whole = new RegExp(`^${parts.join('.*')}$`, 'u');
  return (name) => whole.test(name.toLowerCase());
}

async function listFormats(format: Format, screen: Screen): Promise<void> {
  const { FORMATS } = await import('../../../src/importers/formats.js');
  const rows = FORMATS.map(({ id, title, endings, from }) => ({ id, title, endings, from }));
  await print(format, { schema: 'flopscope.formats/1', formats: rows }, () => formatSheet(rows), screen);
}
