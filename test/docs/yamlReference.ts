// Writes docs/yaml-reference.md from the tables of families, blocks, ops and detectors.

import { stringify } from 'yaml';
import { blockModel } from '../../src/blockModels.js';
import type { Block } from '../../src/blocks/block.js';
import { BLOCKS } from '../../src/blocks/table.js';
import { DETECTORS } from '../../src/detectors/table.js';
import { phraseOf } from '../../src/document/rules.js';
import type { Family } from '../../src/families/family.js';
import { FAMILIES } from '../../src/families/table.js';
import type { Condition, Field, Fields } from '../../src/fields.js';
import type { Graph } from '../../src/graph.js';
import { builds } from '../../src/importers/countable.js';
import { KINDS } from '../../src/importers/config/layers.js';
import { readConfig } from '../../src/importers/config/readConfig.js';
import { graphOf } from '../../src/model.js';
import { opOf, OPS, type OpName } from '../../src/ops/table.js';
import { showShape } from '../../src/shape.js';
import type { Case } from '../ops/case.js';
import { CASES } from '../ops/cases.js';
import { cell, table } from './markdown.js';

/** Names of ops that a config may hold, in the order of the table. */
export const OP_NAMES: readonly OpName[] = (Object.keys(OPS) as OpName[]).filter((name) => name in KINDS);

/** The config of a family's first variant: short, and what a built-in network is. */
export function familyExample({ name, variants }: Family): { readonly variant: string; readonly text: string } {
  const [variant, given] = Object.entries(variants)[0]!;
  return {
    variant,
    text: [`family: ${name}`, ...Object.entries(given).map(([key, value]) => `${key}: ${flow(value)}`)].join('\n'),
  };
}

/** A block as a layer, at the size of a published network. */
export function blockExample(name: string): { readonly input: readonly number[]; readonly layer: string } {
  const { input, config } = blockModel(name)!;
  return { input, layer: layerText(name, config) };
}

/** An op as a layer, and the shapes that it reads there. */
export interface OpExample {
  readonly inputs: readonly (readonly number[])[];
  readonly layer: string;
}

/** Ops whose cases have operands of other batches, which a config does not have. */
const OF_ONE_BATCH: readonly Pick<Case, 'op' | 'inputs' | 'given'>[] = [
  { op: 'dynamicConv', inputs: [[1, 6, 7, 8], [1, 6, 3, 3]], given: { padding: 1 } },
  { op: 'maskedFill', inputs: [[1, 3, 5, 7], [1, 3, 5, 7]], given: { value: 0 } },
]; // prettier-ignore

/** The case of the tests of ops with the most fields that a config can hold. */
export function opExample(name: OpName): OpExample {
  const examples = [...CASES, ...OF_ONE_BATCH]
    .filter(({ op }) => op === name)
    .sort((a, b) => Object.keys(b.given).length - Object.keys(a.given).length)
    .map(({ inputs, given }) => ({ inputs: ofOneBatch(inputs as OpExample['inputs']), layer: layerText(name, given) }));
  const found = examples.find((example) => builds(() => graphOfExample(name, example)));
  if (!found) throw new Error(`no case of the tests of ops shows ${name} as a layer of a config`);
  return found;
}

/** All tensors of a config have the batch of its input. */
const ofOneBatch = ([first = [], ...others]: OpExample['inputs']): OpExample['inputs'] => [
  first,
  ...others.map(([, ...sides]) => [first[0]!, ...sides]),
];

/** The graph of a config whose last layer is the example. Its operands have the shapes that it reads. */
export function graphOfExample(name: OpName, { inputs, layer }: OpExample): Graph {
  const operands = inputs.flatMap(([, ...sides], i) => [
    '- { flatten: {}, from: input }',
    `- { linear: { features: ${sides.reduce((all, side) => all * side, 1)} } }`,
    `- { reshape: { shape: [${sides.join(', ')}] }, name: operand${i} }`,
  ]);
  const body = layer.startsWith('- {') ? layer.slice(3, -1).trim() : `${name}: {}`;
  const from = inputs.map((_, i) => `operand${i}`).join(', ');
  const layers = [...operands, `- { ${body}, from: [${from}] }`];
  const text = `input: 1x1x1\nlayers:\n${layers.map((line) => `  ${line}`).join('\n')}\n`;
  return graphOf(readConfig(text, 'example.yaml'), inputs[0]![0]);
}

const layerText = (kind: string, fields: object): string =>
  Object.keys(fields).length === 0 ? `- ${kind}` : `- { ${kind}: ${flow(fields)} }`;

/** YAML on one line. */
const flow = (value: unknown): string => stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim();

export const yamlReference = (): string =>
  [
    '# YAML reference',
    '<!-- Made from the tables of the code by `npm run docs`: change it there. -->',
    `[yaml.md](yaml.md) shows how a network is written. This page lists every name and field: ${FAMILIES.length} families, ${Object.keys(BLOCKS).length} blocks, ${OP_NAMES.length} ops and ${DETECTORS.length} detectors. Every example is read, built and counted by the tests.`,
    '- [Keys of every config](#keys-of-every-config)\n- [Families](#families)\n- [Blocks](#blocks)\n- [Ops](#ops)\n- [Detectors](#detectors)',
    '## Keys of every config',
    HEADER,
    '## Families',
    'A config that names a family has the fields of that family beside the keys above.',
    ...FAMILIES.flatMap(familySection),
    '## Blocks',
    'A block is a layer of a config without a family. Each example reads an image of the size that stands above it: channels x height x width.',
    ...Object.entries(BLOCKS).flatMap(([name, block]) => blockSection(name, block)),
    '## Ops',
    ...opsSection(),
    '## Detectors',
    'A detector stands before a backbone: `ssd300:classes=91@my-net.yaml`. Items of a list are joined by slashes: `priors=4/6/6/6/4/4`.',
    ...DETECTORS.flatMap(({ name, about, fields, input, needs, links }) => [
      `### \`${name}\``,
      `${sentence(about)} Input ${input.join('x')}. It reads the backbone at strides ${needs.join(', ')}. ${linksText(links)}`,
      fieldTable(fields),
    ]),
  ].join('\n\n');

const HEADER = table(
  ['key', 'value', 'meaning'],
  [
    ['`family`', 'a name below', 'the family whose fields follow'],
    [
      '`layers`',
      'a list',
      'in place of a family: the network in order; a layer reads the one before it unless it says `from`',
    ],
    ['`outputs`', 'a list of names', 'beside `layers`: what the network puts out; default: the last layer'],
    [
      '`input`',
      '`3x224x224`, or `{ channels: 3, height: 224, width: 224 }`',
      'channels, height and width of the images; a family has a default',
    ],
    ['`name`', 'a text', "the model's name in every table; the file's name where there is none"],
    ['`$schema`', 'an address', 'where an editor finds the schema of `flopscope schema`; read by nothing else'],
  ],
);

function familySection(family: Family): readonly string[] {
  const { name, about, links, input, fields, variants } = family;
  const { variant, text } = familyExample(family);
  return [
    `### \`${name}\``,
    `${sentence(about)} Input ${input.join('x')}. ${linksText(links)}`,
    `Built in: ${Object.keys(variants)
      .map((one) => `\`${one}\``)
      .join(', ')}. This is \`${variant}\`:`,
    fenced(text),
    fieldTable(fields),
  ];
}

function blockSection(name: string, { about, paper, fields }: Block): readonly string[] {
  const { input, layer } = blockExample(name);
  return [
    `### \`${name}\``,
    `${sentence(about)}${paper === undefined ? '' : ` ${linksText([paper])}`} The example reads ${input.join('x')}.`,
    fenced(layer),
    fieldTable(fields),
  ];
}

function opsSection(): readonly string[] {
  const plain = OP_NAMES.filter((name) => Object.keys(opOf(name).fields).length === 0);
  return [
    'An op is a layer as a block is. Shapes are [N, C, H, W] or those of the text; sides and axes are counted from 0, the batch.',
    '### Ops without fields',
    'Each is written as a bare word, such as `- relu`; with two inputs or more as `- { add: {}, from: [left, right] }`.',
    table(
      ['op', 'meaning', 'inputs'],
      plain.map((name) => [`\`${name}\``, cell(opOf(name).about), arity(name)]),
    ),
    ...OP_NAMES.filter((name) => !plain.includes(name)).flatMap((name) => {
      const { inputs, layer } = opExample(name);
      return [
        `### \`${name}\``,
        `${sentence(opOf(name).about)} Inputs: ${arity(name)}. The example reads ${inputs.map(showShape).join(' and ')}.`,
        fenced(layer),
        fieldTable(opOf(name).fields),
      ];
    }),
  ];
}

function arity(name: OpName): string {
  const [least, most] = opOf(name).arity;
  if (least === most) return String(least);
  return most === Infinity ? `${least} or more` : `${least} to ${most}`;
}

const fieldTable = (fields: Fields): string =>
  Object.keys(fields).length === 0
    ? 'It has no fields.'
    : table(
        ['field', 'value', 'default', 'meaning'],
        Object.entries(fields).map(([key, field]) => [
          `\`${key}\``,
          cell(valueText(field)),
          field.fallback === undefined ? 'must be given' : `\`${flow(field.fallback)}\``,
          cell([field.about, ...limits(field)].join('; ')),
        ]),
      );

const valueText = (field: Field<unknown>): string =>
  field.item ? `${phraseOf(field)}, each ${phraseOf(field.item)}` : phraseOf(field);

function limits({ per, within, needs = [] }: Field<unknown>): readonly string[] {
  return [
    ...(per ? [per.summed ? `as many items as \`${per.key}\` add up to` : `one item for each of \`${per.key}\``] : []),
    ...(within === undefined ? [] : [`at most the number of items of \`${within}\``]),
    ...(needs.length === 0 ? [] : [`only where ${needs.map(conditionText).join(' and ')}`]),
  ];
}

function conditionText(condition: Condition): string {
  const key = `\`${condition.key}\``;
  if ('is' in condition) return `${key} is ${condition.is.map((value) => `\`${String(value)}\``).join(' or ')}`;
  if ('items' in condition) return `${key} has ${condition.items} items or more`;
  return `an item of ${key} is ${condition.some} or more`;
}

const fenced = (text: string): string => `\`\`\`yaml\n${text.trim()}\n\`\`\``;
const sentence = (text: string): string => `${text[0]!.toUpperCase()}${text.slice(1)}.`;
const linksText = (links: readonly string[]): string => `Source: ${links.map((link) => `<${link}>`).join(', ')}.`;
