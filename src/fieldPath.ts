// Finds or replaces one value of a config by its dotted path. A default list is written out.

import { valueOf } from './agreement.js';
import { valueAt } from './document/problem.js';
import { InputError } from './inputError.js';
import type { Config, Model } from './model.js';

/** The config with another value at a dotted path. */
export function withField(model: Model, config: Config, path: string, value: unknown): Config {
  const keys = path.split('.');
  const around = keys.slice(0, -1);
  if (valueAt(config, around) !== undefined) return replaceAt(config, keys, value) as Config;
  return replaceAt(replaceAt(config, around, listAt(model, config, around)), keys, value) as Config;
}

/** The number at a dotted path of the model's config or defaults. Undefined if there is none. */
export function numberAt(model: Model, path: string): number | undefined {
  const keys = path.split('.');
  const around = listAt(model, model.config, keys.slice(0, -1));
  const own = valueAt(model.config, keys) ?? model.fieldAt(keys)?.fallback ?? valueAt(around, keys.slice(-1));
  return typeof own === 'number' ? own : undefined;
}

/** The value at a path, or the default there. */
function listAt(model: Model, config: Config, keys: readonly string[]): unknown {
  const given = valueAt(config, keys);
  if (given !== undefined) return given;
  return keys.length === 1 ? valueOf(model.fields, config, keys[0]!) : model.fieldAt(keys)?.fallback;
}

function replaceAt(tree: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(tree)) {
    const index = Number(key);
    if (!(Number.isInteger(index) && index >= 0 && index < tree.length))
      throw new InputError(`there is no item ${key} in a list of ${tree.length}: items are counted from 0`);
    return tree.map((item: unknown, i) => (i === index ? replaceAt(item, rest, value) : item));
  }
  const mapping = (tree ?? {}) as Record<string, unknown>;
  return { ...mapping, [key]: replaceAt(mapping[key], rest, value) };
}
