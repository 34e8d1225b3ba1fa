// Writes a member of a family as a config: each field that has an effect, with what it means.

import { stringify } from 'yaml';
import { whyWithoutEffect } from '../../agreement.js';
import type { Family } from '../../families/family.js';
import { complete, type Fields, type Given } from '../../fields.js';

/** A column for the remarks behind short values. */
const REMARK = 34;

/** @param given fields as a table of variants has them; the defaults are written out */
export function writeFamily({ name, fields }: Family, given: Readonly<Record<string, unknown>>, title: string): string {
  const values = complete(fields, given as Given<Fields>) as Readonly<Record<string, unknown>>;
  const lines = Object.entries(values)
    .filter(([key]) => whyWithoutEffect(fields, values, key) === undefined)
    .map(([key, value]) => {
      const line = stringify({ [key]: value }, { collectionStyle: 'flow', lineWidth: 0 })
        .trim()
        .replace(/^\{ ?(.*?) ?\}$/s, '$1');
      return `${line.padEnd(REMARK - 2)}  # ${fields[key]!.about.replaceAll(/\s+/g, ' ')}`;
    });
  return [stringify({ name: title, family: name }, { lineWidth: 0 }).trim(), ...lines, ''].join('\n');
}
