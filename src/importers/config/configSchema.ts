// The JSON Schema of configs, for editors. It is made from the rules that check configs.

import * as z from 'zod';
import { shortfall } from '../../agreement.js';
import type { Family } from '../../families/family.js';
import { FAMILIES } from '../../families/table.js';
import type { Condition, Fields } from '../../fields.js';
import { familyMapping } from './familyConfig.js';
import { freeMapping } from './freeConfig.js';
import { besideRule, fieldsRule, KINDS } from './layers.js';

type Schema = Readonly<Record<string, unknown>>;

/**
 * JSON Schema, draft 2020-12. A schema cannot follow names: sources, outputs and shapes are left to
 * the reader.
 */
export function configSchema(): object {
  const names = FAMILIES.map(({ name }) => name);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'flopscope config',
    description: 'A network: a member of a family, or layers of its own',
    type: 'object',
    if: { required: ['family'] },
    then: {
      properties: { family: { enum: names, description: 'the family whose fields follow' } },
      allOf: names.map((name) => ({
        if: { properties: { family: { const: name } } },
        then: { $ref: `#/$defs/family.${name}` },
      })),
    },
    else: { $ref: '#/$defs/layers' },
    $defs: {
      ...Object.fromEntries(FAMILIES.map((family) => [`family.${family.name}`, familySchema(family)])),
      layers: freeSchema(),
      layer: layerSchema(),
      ...Object.fromEntries(Object.keys(KINDS).map((kind) => [`layer.${kind}`, kindSchema(kind)])),
    },
  };
}

const familySchema = (family: Family): Schema => ({
  ...plain(familyMapping(family).rule),
  ...effects(family.fields),
});

/**
 * A field that is given although it would have no effect is refused; what must hold of another
 * field stands here.
 */
function effects(fields: Fields): Schema {
  const needing = Object.entries(fields).filter(([, { needs }]) => needs !== undefined);
  if (needing.length === 0) return {};
  return {
    dependentSchemas: Object.fromEntries(
      needing.map(([key, { needs = [] }]) => [key, { allOf: needs.map((needed) => met(needed, fields)) }]),
    ),
  };
}

function met(condition: Condition, fields: Fields): Schema {
  const { key } = condition;
  const schema = { properties: { [key]: holding(condition) } };
  const byDefault = shortfall(condition, fields[key]?.fallback) === undefined;
  return byDefault ? schema : { ...schema, required: [key] };
}

function holding(condition: Condition): Schema {
  if ('is' in condition) return { enum: condition.is };
  return 'items' in condition ? { minItems: condition.items } : { contains: { minimum: condition.some } };
}

function freeSchema(): Schema {
  const schema = plain(freeMapping.rule);
  const properties = schema['properties'] as Readonly<Record<string, Schema>>;
  return {
    ...schema,
    properties: { ...properties, layers: { ...properties['layers'], items: { $ref: '#/$defs/layer' } } },
  };
}

/** A bare word, or exactly one op or block and what may stand beside it. */
function layerSchema(): Schema {
  const kinds = Object.keys(KINDS);
  const beside = plain(besideRule);
  const refs = Object.fromEntries(kinds.map((kind) => [kind, { $ref: `#/$defs/layer.${kind}` }]));
  return {
    anyOf: [
      { enum: kinds.filter(needsNothing) },
      {
        ...beside,
        properties: { ...refs, ...(beside['properties'] as Schema) },
        oneOf: kinds.map((kind) => ({ required: [kind] })),
      },
    ],
  };
}

function kindSchema(kind: string): Schema {
  const { about, fields } = KINDS[kind]!;
  const schema = { ...plain(fieldsRule(kind)), ...effects(fields), title: kind, description: about };
  return needsNothing(kind) ? { ...schema, type: ['object', 'null'] } : schema;
}

const needsNothing = (kind: string): boolean =>
  Object.values(KINDS[kind]!.fields).every(({ fallback }) => fallback !== undefined);

function plain(rule: z.ZodType): Schema {
  return Object.fromEntries(Object.entries(z.toJSONSchema(rule, { io: 'input' })).filter(([key]) => key !== '$schema'));
}
