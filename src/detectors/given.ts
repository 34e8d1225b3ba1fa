// Reads detector fields such as "proposals=300,classes=20", each value by its field's type.

import type { Field } from '../fields.js';
import { InputError } from '../inputError.js';
import { lookup } from '../lookup.js';
import type { Config } from '../model.js';
import { nearestNames } from '../nearest.js';
import type { Detector } from './detector.js';

/**
 * @param text name=value pairs joined by commas; items of a list are joined by slashes, as in
 * priors=4/6/6/6/4/4
 * @throws InputError for an unknown field, a field named twice, and a value of the wrong type
 */
export function readGiven({ name, fields }: Detector, text: string): Config {
  const given = new Map<string, unknown>();
  for (const pair of text.split(',')) {
    const [key = '', value = '', ...rest] = pair.split('=');
    const field = lookup(fields, key);
    if (key === '' || value === '' || rest.length > 0)
      throw new InputError(`${name}: "${pair}" is not name=value: write it as in ${name}:${example(fields)}@resnet50`);
    if (!field)
      throw new InputError(
        `${name} has no field "${key}"${nearestNames(key, Object.keys(fields))}; it has ${Object.keys(fields).join(', ')}`,
      );
    if (given.has(key)) throw new InputError(`${name} is given ${key} twice: give it once`);
    given.set(key, valueOf(field, value, `${name}: ${key}`));
  }
  return Object.fromEntries(given);
}

const example = (fields: Detector['fields']): string => `${Object.keys(fields)[0]!}=20`;

function valueOf(field: Field<unknown>, text: string, owner: string): unknown {
  if (field.item) return itemsOf(field, field.item, text.split('/'), owner);
  if (field.kind === 'choice') return text;
  if (!/^\d{1,15}$/.test(text)) throw new InputError(`${owner} is "${text}": give a whole number`);
  return Number(text);
}

function itemsOf({ length }: Field<unknown>, item: Field<unknown>, texts: readonly string[], owner: string): unknown {
  if (length !== undefined && texts.length !== length)
    throw new InputError(`${owner} has ${texts.length} of its ${length} items: join them with slashes`);
  return texts.map((text) => valueOf(item, text, owner));
}
