// Writes a network as a config: a line a layer, all names and sources given, so it reads back.

import { stringify } from 'yaml';
import type { Item } from '../../redesign/item.js';

export interface Written {
  readonly name: string;
  /** [C, H, W] */
  readonly input: readonly [number, number, number];
  readonly items: readonly (Item & { readonly stage?: string })[];
  /** Comment lines at the top of the file. */
  readonly comment: readonly string[];
}

/** Writes a YAML config without a family. `readConfig` makes the same graph of it. */
export function writeConfig({ name, input, items, comment }: Written): string {
  const lines = items.map(({ kind, fields, name: own, from, stage }) => {
    const layer = { [kind]: fields, name: own, from: from.length === 1 ? from[0] : from, ...(stage ? { stage } : {}) };
    return `  - ${stringify(layer, { collectionStyle: 'flow', lineWidth: 0 }).trim()}`;
  });
  const remarks = comment.map((line) => `# ${line.replaceAll(/[\r\n]+/g, ' ')}`);
  return [...remarks, stringify({ name, input: input.join('x') }).trim(), 'layers:', ...lines, ''].join('\n');
}
