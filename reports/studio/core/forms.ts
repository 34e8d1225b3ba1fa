// Closed forms of a network, with symbols for fields of its config.

import { formulaSheet } from '../../sheets/formulaSheet.js';
import { formula } from '../../../src/formula/formula.js';
import { InputError } from '../../../src/inputError.js';
import { open } from './documents.js';
import type { Wanted } from './protocol.js';
import { plainTable, type PlainTable } from './tables.js';

export interface AskedForms {
  readonly wanted: Wanted;
  /** "growth=g, channels.2=c": symbols of fields; empty for n, h and w alone. */
  readonly symbols: string;
}

export interface Forms {
  readonly table: PlainTable;
  /** Fields that a symbol can stand for. */
  readonly fields: readonly string[];
}

/** Kinds of fields that hold a number which can be a symbol. */
const KINDS: ReadonlySet<string> = new Set(['size', 'count', 'ratio']);

export async function forms({ wanted, symbols }: AskedForms): Promise<Forms> {
  const { model } = await open(wanted);
  const fields = Object.entries(model.fields).flatMap(([path, { kind, item, fallback }]) => {
    if (KINDS.has(kind)) return [path];
    const given = model.config[path] ?? fallback;
    return item && KINDS.has(item.kind) && Array.isArray(given) ? given.map((_, i) => `${path}.${i}`) : [];
  });
  return { table: plainTable(formulaSheet(formula(model, pairsIn(symbols)))), fields };
}

function pairsIn(text: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of text.split(/[,\n]/).filter((part) => part.trim() !== '')) {
    const [key = '', value = '', ...rest] = entry.split('=').map((part) => part.trim());
    if (key === '' || value === '' || rest.length > 0)
      throw new InputError(`${JSON.stringify(entry.trim())} is not field=symbol: write growth=g`);
    if (Object.hasOwn(found, key)) throw new InputError(`the field ${key} stands here twice: give it one symbol`);
    found[key] = value;
  }
  return found;
}
