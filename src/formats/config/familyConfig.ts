// How is a config of a family read? Its keys are the family's own fields, the same as in the table of built-in variants.

import * as z from 'zod';
import type { Family } from '../../families/family.js';
import { FAMILIES } from '../../families/table.js';
import { locate } from '../../inputError.js';
import { familyModel, type Config, type Model } from '../../model.js';
import { Problems } from '../problem.js';
import { check, unknown, type Mapping } from '../check.js';
import type { TextDocument } from '../document.js';
import { HEADER, HEADER_PHRASES, imageSize, type GivenInput } from './header.js';
import { shapeOf } from '../rules.js';

/** All that a config of this family may say. */
export const familyMapping = ({ name, about, fields, links }: Family): Mapping => ({
  owner: name,
  fields,
  phrases: HEADER_PHRASES,
  rule: z
    .strictObject({
      family: z.literal(name).meta({ description: about }),
      name: HEADER.name,
      input: HEADER.input.optional(),
      ...shapeOf(fields),
    })
    .meta({ title: name, description: `${about}; ${links[0] ?? ''}` }),
});

/** @throws Problems */
export function familyConfig(document: TextDocument, data: Config, fallbackName: string): Model {
  const { family: wanted, name = fallbackName, input, ...given } = data;
  const family = FAMILIES.find((candidate) => candidate.name === wanted);
  if (!family) {
    const names = FAMILIES.map((candidate) => candidate.name);
    throw new Problems([{ message: unknown('there is no family', String(wanted), names), path: ['family'] }]);
  }
  const problems = check(familyMapping(family), data, []);
  if (problems.length > 0) throw new Problems(problems);
  const model = familyModel(family, name as string, 'config', given);
  return {
    ...model,
    input: input === undefined ? model.input : imageSize(input as GivenInput),
    build(shape, config) {
      try {
        return model.build(shape, config);
      } catch (error) {
        throw locate(error, document.place(['family']));
      }
    },
  };
}
