// Is every YAML block of the documentation a file that is read? Configs are counted, budgets and spaces are checked.

import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readConfig } from '../../src/importers/config/readConfig.js';
import { profileOf } from '../../src/model.js';
import { readBudgets } from '../../src/records/budgets/readBudgets.js';
import { readSpace } from '../../src/records/sweep/readSpace.js';
import { blocksOf, PAGES } from './page.js';

const HAND_WRITTEN = PAGES.filter((page) => page !== 'docs/yaml-reference.md');
const blocks = HAND_WRITTEN.flatMap((page) =>
  blocksOf(page, 'yaml').map(({ text, line }) => ({ at: `${page}:${line}`, text })),
);

describe('YAML blocks', () => {
  it.each(blocks)('of $at are read', ({ text }) => {
    const keys = Object.keys(parse(text) as object);
    if (keys.includes('family') || keys.includes('layers'))
      expect(profileOf(readConfig(text, 'block.yaml')).totals.params).toBeGreaterThan(0);
    else if (keys.includes('budgets')) expect(readBudgets(text, 'block.yaml').entries.length).toBeGreaterThan(0);
    else if (keys.includes('vary')) expect(readSpace(text, 'block.yaml').axes.length).toBeGreaterThan(0);
    else expect(keys, 'a manifest of Kubernetes').toContain('apiVersion');
  });
});
