// The built-in models: every variant of every family, under its reference implementation's name.

import { BLOCKS } from './blocks/table.js';
import type { Family } from './families/family.js';
import { FAMILIES } from './families/table.js';
import { InputError } from './inputError.js';
import { familyModel, type Config, type Model } from './model.js';
import { nearestNames, spelledAs } from './nearest.js';

const byName = new Map<string, { family: Family; row: Config }>(
  FAMILIES.flatMap((family) =>
    Object.entries(family.variants).map(([name, row]) => [name, { family, row: row }] as const),
  ),
);

export const builtInNames = (): readonly string[] => [...byName.keys()];

/** The built-in name that is meant: ResNet-50 is resnet50. */
export const builtInName = (name: string): string | undefined =>
  byName.has(name) ? name : spelledAs(name, builtInNames());

/** The family of a built-in name; any other name is a family by itself. */
export const familyOf = (name: string): string => byName.get(name)?.family.name ?? name;

/** Whether it is the very name. */
export const isBuiltIn = (name: string): boolean => byName.has(name);

/**
 * @param others further valid names, for the message
 * @throws InputError with the nearest names when there is no such model
 */
export function builtIn(name: string, others: readonly string[] = []): Model {
  const own = builtInName(name);
  const found = own === undefined ? undefined : byName.get(own);
  if (!found && Object.hasOwn(BLOCKS, name) && !others.includes(name))
    throw new InputError(
      `${name} is a block, of which formula prints the closed form: name a model, or write a config with it`,
    );
  if (!found)
    throw new InputError(
      `there is no built-in model "${name}"${nearestNames(name, [...builtInNames(), ...others])} (flopscope list shows all)`,
    );
  return familyModel(found.family, own!, 'built-in', found.row);
}

/** The model that a profile or a record is of: one of `models`, or else a built-in one. */
export const modelOfProfile = (
  { model: name, source }: { readonly model: string; readonly source: Model['source'] },
  models: readonly Model[] = [],
): Model | undefined =>
  models.find((one) => one.name === name && one.source === source) ??
  (source === 'built-in' && isBuiltIn(name) ? builtIn(name) : undefined);

/** The family of a built-in model, and the fields that it has there. */
export function memberOf(name: string): { readonly family: Family; readonly given: Config } | undefined {
  const found = byName.get(name);
  return found && { family: found.family, given: found.row };
}
