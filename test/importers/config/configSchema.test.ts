// Does the published schema say what the reader does? It accepts every example, and refuses what the reader refuses.

import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { FAMILIES } from '../../../src/families/table.js';
import { configSchema } from '../../../src/importers/config/configSchema.js';
import { KINDS } from '../../../src/importers/config/layers.js';

const validate = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false }).compile(configSchema());
const accepts = (text: string): boolean => validate(parse(text));

const FOLDER = 'fixtures/configs';
const layers = (items: string): string => `input: 3x8x8\nlayers:\n${items}`;

describe('configSchema()', () => {
  it.each(readdirSync(FOLDER))('accepts %s', (file) => {
    expect(accepts(readFileSync(`${FOLDER}/${file}`, 'utf8'))).toBe(true);
  });

  it('accepts every built-in variant as a config', () => {
    for (const { name, variants } of FAMILIES)
      for (const row of Object.values(variants)) expect(accepts(JSON.stringify({ family: name, ...row }))).toBe(true);
  });

  it.each([
    ['an unknown family', 'family: densnet\nblocks: [1]'],
    ['a missing field', 'family: densenet'],
    ['an unknown field', 'family: densenet\nblocks: [1]\ngrwth: 3'],
    ["another family's field", 'family: densenet\nblocks: [1]\nmodules: [1]'],
    ['a negative size', 'family: densenet\nblocks: [1]\ngrowth: -3'],
    ['a fraction', 'family: densenet\nblocks: [1]\ngrowth: 1.5'],
    ['a text for a size', 'family: densenet\nblocks: [1]\ngrowth: "32"'],
    ['an empty list', 'family: densenet\nblocks: []'],
    ['a list of the wrong length', 'family: vovnet\nmodules: [1]\nstem: [1, 2]'],
    ['a choice', 'family: resnet\ndepths: [1]\nblock: plain'],
    ['a ratio of 0', 'family: densenet\nblocks: [1]\ncompression: 0'],
    ['a ratio above its most', 'family: densenet\nblocks: [1, 1]\ncompression: 7'],
    ['a ratio below its least', 'family: mobilenet_v1\nwidth: 0.001'],
    ['a field without effect', 'family: resnet\nblock: basic\ndepths: [1]\ngroups: 2'],
    ['a field without effect by default', 'family: densenet_cifar\nblocks: [1]\nbottleneckWidth: 2'],
    ['a field without effect in a short list', 'family: densenet\nblocks: [1]\ncompression: 0.5'],
    ['a field without effect in a list of small numbers', 'family: darknet\ndepths: [0, 0]\nresidual: false'],
    [
      'a field without effect in a block',
      layers('- dense: { layers: 1, growth: 2, bottleneck: false, bottleneckWidth: 2 }'),
    ],
    ['a bad input', 'family: densenet\nblocks: [1]\ninput: 224x224'],
    ['neither family nor layers', 'growth: 3'],
    ['a list', '[]'],
    ['nothing', ''],
    ['no input', 'layers: [relu]'],
    ['no layers', layers('').replace('layers:', 'layers: []')],
    ['an unknown op', layers('- relux')],
    ['an unknown op with fields', layers('- relux: {}')],
    ['two ops', layers('- { relu: {}, gelu: {} }')],
    ['no op', layers('- { name: a }')],
    ['an unknown field of an op', layers('- relu: { slope: 1 }')],
    ['an unknown key beside an op', layers('- { relu: {}, form: a }')],
    ['a bare word that needs fields', layers('- conv')],
    ['no fields where they are needed', layers('- conv:')],
    ['a bad pair', layers('- conv: { channels: 3, kernel: [3] }')],
    ['a bad padding', layers('- conv: { channels: 3, kernel: 3, padding: [1, 1, 1] }')],
    ['too many repeats', layers('- { relu: {}, repeat: 10001 }')],
    ['no outputs', `${layers('- relu')}\noutputs: []`],
  ])('refuses %s', (_, text) => {
    expect(accepts(text)).toBe(false);
  });

  it('describes every family, op, block and field for editors', () => {
    const { $defs } = configSchema() as { $defs: Record<string, { description: string; properties: object }> };
    const described = [
      ...FAMILIES.map(({ name }) => `family.${name}`),
      ...Object.keys(KINDS).map((kind) => `layer.${kind}`),
    ];
    for (const key of described) {
      expect($defs[key]?.description).toBeTruthy();
      for (const property of Object.values($defs[key]!.properties) as { description?: string }[])
        expect(property.description).toBeTruthy();
    }
  });

  it('has no word with two meanings: ops, blocks and the keys beside them differ, and so do fields and the header', () => {
    expect(Object.keys(KINDS).filter((kind) => ['name', 'from', 'repeat', 'stage', 'input'].includes(kind))).toEqual(
      [],
    );
    for (const { fields } of FAMILIES)
      expect(Object.keys(fields).filter((key) => ['family', 'name', 'input', 'schema'].includes(key))).toEqual([]);
  });
});
