// Gives networks of one name different names, from their files and folders.

import type { Model } from '../model.js';

/** A network's name, and the file that it is from where it is from one. */
export interface Named {
  readonly name: string;
  readonly path?: string;
}

/**
 * A name that only one network has stays. What is read from the same file twice keeps one name.
 * @returns in the same order
 */
export function distinctNames(all: readonly Named[]): readonly string[] {
  const taken = new Set(all.map(({ name }) => name));
  return all.map(({ name, path }, i) => {
    const others = all.flatMap((other, j) => (j !== i && other.name === name ? [other.path] : []));
    if (path === undefined || others.every((other) => other === path)) return name;
    return shortest(path, others, taken);
  });
}

/** The fewest last parts of the path that no other ends with, and that are no other name. */
function shortest(path: string, others: readonly (string | undefined)[], taken: ReadonlySet<string>): string {
  const parts = partsOf(path);
  const ends = others.flatMap((other) => (other === undefined || other === path ? [] : [partsOf(other)]));
  for (let length = 1; length <= parts.length; length++) {
    const end = parts.slice(-length).join('/');
    if (!taken.has(end) && !ends.some((other) => other.slice(-length).join('/') === end)) return end;
  }
  return path;
}

const partsOf = (path: string): readonly string[] => path.split(/[/\\]/).filter((part) => part !== '' && part !== '.');

/** The same model under another name. */
export const renamed = (model: Model, name: string): Model =>
  model.name === name
    ? model
    : { ...model, name, build: (input, config) => Object.freeze({ ...model.build(input, config), name }) };

/** @param names as the user wrote them, in the order of the models */
export function distinct(models: readonly Model[], names: readonly string[]): readonly Model[] {
  const distinct = distinctNames(
    models.map(({ name, source }, i) => (source === 'built-in' ? { name } : { name, path: names[i]! })),
  );
  return models.map((model, i) => renamed(model, distinct[i]!));
}
