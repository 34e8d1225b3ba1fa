// Pages that are made from the code: are they what the code says now? `npm run docs` writes them.

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';
import { builtIn } from '../../src/builtIn.js';
import { BLOCKS } from '../../src/blocks/table.js';
import { FAMILIES } from '../../src/families/table.js';
import { readConfig } from '../../src/importers/config/readConfig.js';
import { graphOf } from '../../src/model.js';
import { opOf } from '../../src/ops/table.js';
import { profile } from '../../src/profile.js';
import { jsonRecords, RECORDS } from './jsonRecords.js';
import { WRITING } from './page.js';
import { blockExample, familyExample, graphOfExample, OP_NAMES, opExample, yamlReference } from './yamlReference.js';

const MADE: Readonly<Record<string, () => string | Promise<string>>> = {
  'docs/yaml-reference.md': yamlReference,
  'docs/json.md': jsonRecords,
};

describe('pages made from the code', () => {
  it.each(Object.keys(MADE))('%s is what the code says (npm run docs writes it)', async (page) => {
    const made = await format(await MADE[page]!(), { ...(await resolveConfig(page)), parser: 'markdown' });
    if (WRITING) writeFileSync(page, made);
    expect(existsSync(page) ? readFileSync(page, 'utf8') : '').toBe(made);
  });
});

describe('docs/json.md', () => {
  it('has every record that the code names', () => {
    const files = ['src', 'cli', 'reports'].flatMap((room) =>
      readdirSync(room, { recursive: true, encoding: 'utf8' }).map((file) => join(room, file)),
    );
    const named = files
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => readFileSync(file, 'utf8').match(/flopscope\.[a-z][a-z.-]*\/\d+/g) ?? []);
    const earlier = ['flopscope.baseline/1', 'flopscope.graph/1'];
    expect([...new Set(named)].sort()).toEqual([...RECORDS.map(({ schema }) => schema), ...earlier].sort());
  });
});

describe('the examples of docs/yaml-reference.md', () => {
  it.each(FAMILIES)('family $name: the example is its first built-in network', (family) => {
    const { variant, text } = familyExample(family);
    const counted = profile(graphOf(readConfig(text, 'example.yaml')));
    expect(counted.totals).toEqual(profile(graphOf(builtIn(variant))).totals);
  });

  it.each(Object.keys(BLOCKS))('block %s is read and counted', (name) => {
    const { input, layer } = blockExample(name);
    const config = `input: ${input.join('x')}\nlayers:\n  ${layer}\n`;
    expect(profile(graphOf(readConfig(config, 'example.yaml'))).layers.length).toBeGreaterThan(0);
  });

  it.each(OP_NAMES.filter((name) => Object.keys(opOf(name).fields).length > 0))('op %s is read and counted', (name) => {
    const graph = graphOfExample(name, opExample(name));
    expect(graph.nodes.at(-1)!.op).toBe(name);
    expect(profile(graph).layers.length).toBeGreaterThan(0);
  });
});
