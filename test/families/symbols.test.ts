// Can each number of channels in a config be a symbol, with a closed form that equals the counted network?

import { describe, expect, test } from 'vitest';
import { whyWithoutEffect } from '../../src/agreement.js';
import { builtIn } from '../../src/builtIn.js';
import { buildWith, closedForm } from '../../src/formula/closedForm.js';
import { mapCounts, sumCounts } from '../../src/formula/sums.js';
import { isNumber, symbol } from '../../src/dim/dim.js';
import { evaluate } from '../../src/dim/evaluate.js';
import type { Promised } from '../../src/dim/promise.js';
import { toNumber } from '../../src/dim/rational.js';
import type { Family } from '../../src/families/family.js';
import { roundedChannels } from '../../src/families/mobilenetV2.js';
import { FAMILIES } from '../../src/families/table.js';
import { familyModel, type Model } from '../../src/model.js';

/** Dotted paths of all fields that a size or a ratio can stand in; lists by their first and last item. */
function numericPaths(model: Model): readonly string[] {
  return Object.entries(model.fields).flatMap(([key, { kind, item, fallback }]) => {
    if (kind !== 'list') return kind === 'size' || kind === 'ratio' ? [key] : [];
    const value = (model.config[key] ?? fallback) as readonly unknown[];
    return item?.kind === 'size' || item?.kind === 'ratio' ? [`${key}.0`, `${key}.${value.length - 1}`] : [];
  });
}

/** The value of a field as it is built in; the config may leave it to the default. */
function ownValue({ config, fields }: Model, path: string): number {
  const [key = '', index] = path.split('.');
  const value = config[key] ?? fields[key]?.fallback;
  return Number(index === undefined ? value : (value as readonly number[])[Number(index)]);
}

/**
 * Values to compare a closed form at: two that are promised above the built-in one, and one below; but none of the network's own sizes, where two shapes can happen to agree and a shortcut needs no convolution.
 */
function valuesOf({ unit, least, most }: Promised, own: number, sizes: readonly number[]): readonly number[] {
  const step = toNumber(unit);
  const [low, high] = [toNumber(least), most === undefined ? Infinity : toNumber(most)];
  const telling = (start: number, way: 1 | -1): readonly number[] =>
    Array.from({ length: 50 }, (_, i) => (start + way * i) * step).filter(
      (s) => s >= low && s <= high && !sizes.includes(s),
    );
  const units = Math.floor(own / step + 1e-9);
  const values = [...telling(units + 1, 1).slice(0, 2), ...telling(units - 1, -1).slice(0, 1)];
  return values.length > 0 ? values : [own];
}

/** Every number of the config and of its defaults. */
const sizesOf = ({ config, fields }: Model): readonly number[] =>
  Object.entries(fields).flatMap(([key, { fallback }]) =>
    [config[key] ?? fallback].flat().filter((value) => typeof value === 'number'),
  );

/** The first variant in which a field has an effect. */
function variantFor(family: Family, path: string): Model {
  const [key = ''] = path.split('.');
  const found = Object.entries(family.variants).find(
    ([, row]) => whyWithoutEffect(family.fields, row, key) === undefined,
  );
  return familyModel(family, found![0], 'built-in', found![1]);
}

describe.each(FAMILIES.map((family) => [family.name, family] as const))('%s', (_, family) => {
  const [name = '', row = {}] = Object.entries(family.variants)[0] ?? [];
  for (const path of numericPaths(familyModel(family, name, 'built-in', row))) {
    test(`${path} as a symbol`, () => {
      const model = variantFor(family, path);
      const [, height, width] = model.input;
      const { counts, symbols } = closedForm(model, { [path]: 's' });
      const letter = symbols.find(({ name }) => name === 's')!;
      const sides = { h: height, w: width };
      for (const { name: side, multipleOf } of symbols)
        if (side === 'h' || side === 'w') sides[side] = Math.ceil(sides[side] / multipleOf) * multipleOf;
      for (const s of valuesOf(letter, ownValue(model, path), sizesOf(model))) {
        const counted = sumCounts(buildWith(model, 1, sides.h, sides.w, { [path]: s }));
        expect(mapCounts(counts, (count) => evaluate(count, { n: 1, ...sides, s }))).toEqual(counted);
      }
    });
  }
});

describe('MobileNetV2 rounds channels to multiples of 8', () => {
  test.each([
    [32, 1, 32],
    [32, 0.5, 16],
    [24, 0.35, 8],
    [24, 0.75, 24],
    [16, 1.4, 24],
    [24, 1.4, 32],
    [1280, 1.4, 1792],
  ])('%i x %f is %i: to the nearest, up where it would lose more than 10 %%', (channels, width, expected) => {
    expect(roundedChannels(channels, width)).toBe(expected);
  });

  test('a symbolic width is never rounded: it has a closed form only where 8 divides', () => {
    const { counts, symbols } = closedForm(builtIn('mobilenet_v2'), { width: 'a' });
    expect(symbols.find(({ name }) => name === 'a')).toMatchObject({ multipleOf: 1, unit: { denominator: 1n } });
    expect(isNumber(counts.params)).toBe(false);
    expect(() => roundedChannels(symbol('c'), 1)).toThrow('unless c is a multiple of 8');
    expect(() => roundedChannels(symbol('c', 8), 1.4)).toThrow('unless c is a multiple of 40');
  });
});
