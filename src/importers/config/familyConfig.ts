// Reads a config of a family. Its keys are the family's fields, as in the table of variants.

import * as z from 'zod';
import { isNumber } from '../../dim/dim.js';
import type { Family, ImageSize } from '../../families/family.js';
import { FAMILIES } from '../../families/table.js';
import { InputError, locate } from '../../inputError.js';
import { familyModel, type Config, type Model } from '../../model.js';
import type { Shape } from '../../shape.js';
import { Problems, shown, type Path } from '../../document/problem.js';
import { blamed } from './blame.js';
import { builds, countable } from '../countable.js';
import { check, unknown, type Mapping } from '../../document/check.js';
import type { TextDocument } from '../../document/document.js';
import { HEADER, HEADER_PHRASES, imageSize, type GivenInput } from '../../document/header.js';
import { shapeOf } from '../../document/rules.js';

/** The rules of a config of this family. */
export const familyMapping = ({ name, about, fields, links }: Family): Mapping => ({
  owner: name,
  fields,
  phrases: HEADER_PHRASES,
  rule: z
    .strictObject({
      family: z.literal(name).meta({ description: about }),
      $schema: HEADER.$schema,
      name: HEADER.name,
      input: HEADER.input.optional(),
      ...shapeOf(fields),
    })
    .meta({ title: name, description: `${about}; ${links[0] ?? ''}` }),
});

/** @throws Problems */
export function familyConfig(document: TextDocument, data: Config, fallbackName: string): Model {
  const { family: wanted, name = fallbackName, input, ...rest } = data;
  const given: Config = Object.fromEntries(Object.entries(rest).filter(([key]) => key !== '$schema'));
  const family = FAMILIES.find((candidate) => candidate.name === wanted);
  if (!family) {
    const names = FAMILIES.map((candidate) => candidate.name);
    const message =
      typeof wanted === 'string'
        ? unknown('there is no family', wanted, names)
        : `family must be one of ${names.join(', ')}, not ${shown(wanted)}`;
    throw new Problems([{ message, path: ['family'] }]);
  }
  const problems = check(familyMapping(family), data, []);
  if (problems.length > 0) throw new Problems(problems);
  const model = familyModel(family, name as string, 'config', given);
  const image = input === undefined ? model.input : imageSize(input as GivenInput);
  return {
    ...model,
    input: image,
    build(shape, config = given) {
      try {
        return countable(model.build(shape, config), config === given);
      } catch (error) {
        const path = config === given ? cause(family, given, image, shape, error) : undefined;
        throw locate(error, document.place(path ?? ['family']));
      }
    },
  };
}

/** The source of an error: a field, the file's input, or undefined where neither is known. */
function cause(family: Family, given: Config, image: ImageSize, shape: Shape, error: unknown): Path | undefined {
  if (!(error instanceof InputError) || !shape.every(isNumber)) return undefined;
  const survives = (input: ImageSize, config = given, n = shape[0]!): boolean =>
    builds(() => familyModel(family, '', 'config', config).build([n, ...input]));
  const asked = shape.slice(1) as unknown as ImageSize;
  // If the network works at the file's own input and batch 1, the caller's size is the cause.
  const own = shape[0] === 1 && asked.every((side, axis) => side === image[axis]);
  if (!own && survives(image, given, 1)) return undefined;
  const field = blamed(family.fields, given, error.field, (config) => survives(asked, config));
  if (field !== undefined && field[0] === error.field) return field;
  return image !== family.input && survives(family.input) ? ['input'] : field;
}
