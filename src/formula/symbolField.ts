// Which config fields can be symbols: sizes, ratios and repetitions that have an effect.

import { whyWithoutEffect } from '../agreement.js';
import type { Field, Kind } from '../field.js';
import { InputError } from '../inputError.js';
import type { Model } from '../model.js';
import { likely, near } from '../nearest.js';

/** The path of the input image's channels. */
export const INPUT_CHANNELS = 'input';

export type Numeric = 'size' | 'ratio' | 'count';
const isNumeric = (kind: Kind | undefined): kind is Numeric => kind === 'size' || kind === 'ratio' || kind === 'count';

/** @throws InputError for a field that cannot be a symbol, with those that can */
export function kindOf(model: Model, path: string): Numeric {
  if (path === INPUT_CHANNELS) return 'size';
  const keys = path.split('.');
  const field = model.fieldAt(keys);
  const withoutEffect = whyWithoutEffect(model.fields, model.config, keys[0]!);
  if (withoutEffect !== undefined) throw new InputError(`${keys[0]} has no effect where ${withoutEffect}`);
  if (isNumeric(field?.kind)) return field.kind;
  throw new InputError(field ? `${path} ${whyNot(path, field)}` : unknownField(model, path));
}

/** Why a field cannot be a symbol. */
function whyNot(path: string, { kind, item }: Field<unknown>): string {
  if (isNumeric(item?.kind)) return `is a list: name one of its items, as in ${path}.0`;
  return kind === 'whole' || item?.kind === 'whole' || kind === 'pair' || kind === 'padding'
    ? 'cannot be a symbol: no polynomial follows what it does to the sizes; compare profiles instead'
    : `cannot be a symbol: it holds no number, but a ${kind}`;
}

const MOST_NAMES = 12;

function unknownField(model: Model, path: string): string {
  const item = /(?:\.\d+)?$/.exec(path)![0] || '.0';
  const names = Object.entries(model.fields)
    .filter(
      ([key, { kind, item }]) => isNumeric(item?.kind ?? kind) && !whyWithoutEffect(model.fields, model.config, key),
    )
    .map(([key, { kind }]) => (kind === 'list' ? key + item : key));
  const known = [...names, INPUT_CHANNELS];
  const close = near(path, known);
  const help =
    close.length === 0 && known.length <= MOST_NAMES
      ? `its numeric fields are ${known.join(', ')}`
      : `the nearest ${close.length === 1 ? 'is' : 'are'} ${likely(path, known).join(', ')}`;
  return `${model.name} has no numeric field "${path}"; ${help}`;
}
