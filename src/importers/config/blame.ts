// Finds the field of a config that causes an error of its graph: without it there is no error.

import { withoutIneffective } from '../../agreement.js';
import type { Field, Fields } from '../../fields.js';
import type { Config } from '../../model.js';
import type { Path } from '../../document/problem.js';

/** A number that no network has on purpose: the field that holds it is tried first. */
const ABSURD = 10_000;
/**
 * A replacement for a number without a default, beside the least: small, and divisible by usual
 * divisors of widths.
 */
const HARMLESS = 64;

/** The config with the default at a path, or with a value that almost every network accepts. */
interface Trial {
  readonly path: Path;
  readonly config: Config;
  readonly field: string;
  readonly optional: boolean;
  /** The largest number that stands at the path. */
  readonly size: number;
}

/**
 * The path inside `given` of the field or item without which the graph would be built and counted.
 * @param suspect the field that the error names, which is tried first
 * @param survives whether the network of another config has no error
 * @returns undefined where none of them alone is at fault
 */
export function blamed(
  fields: Fields,
  given: Config,
  suspect: string | undefined,
  survives: (config: Config) => boolean,
): Path | undefined {
  const rank = ({ field, size, optional }: Trial): number =>
    field === suspect ? 0 : size > ABSURD ? 1 : optional ? 2 : 3;
  return (
    trials(fields, given)
      .sort((a, b) => rank(a) - rank(b) || (rank(a) === 1 ? b.size - a.size : 0))
      // The field that was reset may have given another field its effect.
      .find(({ config }) => survives(withoutIneffective(fields, config)))?.path
  );
}

const trials = (fields: Fields, given: Config): Trial[] =>
  Object.entries(given).flatMap(([key, value]) => {
    const field = fields[key];
    if (!field) return [];
    const about = { field: key, optional: field.fallback !== undefined };
    return replacements(field, value).map(({ path, to, size }) => ({
      ...about,
      size,
      path: [key, ...path],
      config: { ...given, [key]: to },
    }));
  });

interface Replacement {
  readonly path: Path;
  readonly to: unknown;
  readonly size: number;
}

/** Single items of a list before all of it. */
function replacements(field: Field<unknown>, value: unknown): readonly Replacement[] {
  const { item, fallback } = field;
  const all = harmless(field, value).map((to) => ({ path: [], to, size: largest(value) }));
  if (!item || !Array.isArray(value)) return all;
  const items = value as readonly unknown[];
  const single = items.flatMap((old, i) => {
    const own = (fallback as readonly unknown[] | undefined)?.[i];
    const choices = own === undefined ? harmless(item, old) : [own];
    return choices.map((to) => ({ path: [i], to: items.map((x, j) => (j === i ? to : x)), size: largest(old) }));
  });
  return [...single, ...all];
}

/** Replacements for a field; undefined is its default. */
function harmless({ kind, fallback, item, least = 1 }: Field<unknown>, value: unknown): readonly unknown[] {
  if (fallback !== undefined) return [undefined];
  if (kind === 'size' || kind === 'count' || kind === 'whole') return [least, HARMLESS];
  if (kind === 'pair') return [least];
  if (!item || !Array.isArray(value)) return [];
  const [low = [], high = []] = [0, 1].map((i) => value.map((old) => harmless(item, old)[i]));
  return [low, high];
}

const largest = (value: unknown): number =>
  Array.isArray(value)
    ? (value as readonly unknown[]).reduce<number>((most, one) => Math.max(most, largest(one)), 0)
    : typeof value === 'number'
      ? value
      : 0;
