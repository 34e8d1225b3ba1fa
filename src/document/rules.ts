// One zod rule and one phrase for each kind of field. They check configs and make the JSON Schema.

import * as z from 'zod';
import type { Field, Fields, Kind } from '../fields.js';

interface Rule {
  schema(field: Field<unknown>): z.ZodType;
  /** Completes the sentence "channels must be ...". */
  phrase(field: Field<unknown>): string;
}

const MOST_SIDES = 8;
const LONGEST_TEXT = 100;
export const NAME_PHRASE = `a text of 1 to ${LONGEST_TEXT} characters on one line`;

const whole = ({ least = 1, most = Number.MAX_SAFE_INTEGER }: Field<unknown>): z.ZodInt => z.int().min(least).max(most);
const integer = ({ least = 1, most }: Field<unknown>): string => {
  if (most !== undefined) return `a whole number from ${least} to ${most}`;
  return least === 1 ? 'a positive whole number' : `a whole number from ${least} up`;
};

function multiplier({ least, most }: Field<unknown>): z.ZodNumber {
  const rule = least === undefined ? z.number().positive() : z.number().min(least);
  return most === undefined ? rule : rule.max(most);
}
const positive = ({ least, most }: Field<unknown>): string => {
  if (least !== undefined) return `a number from ${least} ${most === undefined ? 'up' : `to ${most}`}`;
  return most === undefined ? 'a positive number' : `a number above 0 and at most ${most}`;
};

/** Names go into tables and reports: they have one line and a limited length. */
export const name = z
  .string()
  .min(1)
  .max(LONGEST_TEXT)
  // The control characters are what this keeps out.

  .regex(/^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$/);

export const RULES: Readonly<Record<Kind, Rule>> = {
  size: { schema: whole, phrase: integer },
  count: { schema: whole, phrase: integer },
  whole: { schema: whole, phrase: integer },
  ratio: { schema: multiplier, phrase: positive },
  real: { schema: () => z.number(), phrase: () => 'a number' },
  flag: { schema: () => z.boolean(), phrase: () => 'true or false' },
  text: { schema: () => name, phrase: () => NAME_PHRASE },
  choice: {
    schema: ({ options = [] }) => z.enum(options),
    phrase: ({ options = [] }) => `one of ${options.join(', ')}`,
  },
  pair: {
    schema: (field) => z.union([whole(field), z.tuple([whole(field), whole(field)])]),
    phrase: (field) => `${integer(field)} or a list of two, [height, width]`,
  },
  padding: {
    schema: (field) => {
      const side = whole(field);
      return z.union([side, z.tuple([side, side]), z.tuple([side, side, side, side])]);
    },
    phrase: (field) => `${integer(field)}, or a list [height, width] or [top, left, bottom, right]`,
  },
  shape: {
    schema: () =>
      z
        .array(z.union([z.literal(-1), z.int().min(1)]))
        .min(1)
        .max(MOST_SIDES)
        .refine((sides) => sides.indexOf(-1) === sides.lastIndexOf(-1)),
    phrase: () => `a list of 1 to ${MOST_SIDES} positive whole numbers, of which one may be -1`,
  },
  list: {
    schema: (field) => {
      const items = z.array(ruleOf(field.item!));
      return field.length === undefined ? items.min(mayBeEmpty(field) ? 0 : 1) : items.length(field.length);
    },
    phrase: (field) => {
      if (field.length !== undefined) return `a list of ${field.length} items`;
      return mayBeEmpty(field) ? 'a list' : 'a list of at least one item';
    },
  },
};

/** A list whose default is empty may be empty. */
const mayBeEmpty = ({ fallback }: Field<unknown>): boolean => Array.isArray(fallback) && fallback.length === 0;

/** The rule of one field, with what an editor shows about it. */
export function ruleOf(field: Field<unknown>): z.ZodType {
  const { kind, about, fallback } = field;
  const shown = fallback === undefined ? { description: about } : { description: about, default: fallback };
  return RULES[kind].schema(field).meta(shown);
}

/** A rule for each field, optional where it has a default. */
export const shapeOf = (fields: Fields): Record<string, z.ZodType> =>
  Object.fromEntries(
    Object.entries(fields).map(([key, field]) => {
      const rule = ruleOf(field);
      return [key, field.fallback === undefined ? rule : rule.optional()];
    }),
  );

export const phraseOf = (field: Field<unknown>): string => RULES[field.kind].phrase(field);
