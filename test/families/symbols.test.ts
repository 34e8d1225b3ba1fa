// Can each number of channels in a config be a symbol, with a closed form that equals the counted network?

import { describe, expect, test } from 'vitest';
import { whyIdle } from '../../src/agreement.js';
import { builtIn } from '../../src/builtIn.js';
import { buildWith, closedForm, sumCounts } from '../../src/closedForm.js';
import { isNumber, symbol, type Dim } from '../../src/dim/dim.js';
import { evaluate } from '../../src/dim/evaluate.js';
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
 * Where a closed form is compared: not at the built-in value, where two shapes can happen to agree and a shortcut needs
 * no convolution, but at the next one that the symbol's promise allows. PeleeNet's limit (twoWayDense.ts) needs less.
 */
const ELSEWHERE: Readonly<Record<string, number>> = {
  ...{ 'peleenet.growth': 16, 'peleenet.bottleneckWidth.0': 1 },
  ...{ 'densenet.compression': 1, 'densenet_cifar.compression': 1, 'dsod.compression': 1 },
};

/** The first variant in which a field has an effect. */
function variantFor(family: Family, path: string): Model {
  const [key = ''] = path.split('.');
  const found = Object.entries(family.variants).find(([, row]) => whyIdle(family.fields, row, key) === undefined);
  return familyModel(family, found![0], 'built-in', found![1]);
}

describe.each(FAMILIES.map((family) => [family.name, family] as const))('%s', (_, family) => {
  const [name = '', row = {}] = Object.entries(family.variants)[0] ?? [];
  for (const path of numericPaths(familyModel(family, name, 'built-in', row))) {
    test(`${path} as a symbol`, () => {
      const model = variantFor(family, path);
      const [, height, width] = model.input;
      const { counts, symbols } = closedForm(model, { [path]: 's' });
      const promise = symbols.find((letter) => letter.name === 's')?.multipleOf ?? 1;
      const own = Math.ceil(ownValue(model, path) / promise) * promise;
      const s = ELSEWHERE[`${family.name}.${path}`] ?? own + promise;
      const values = { n: 1, h: height, w: width, s };
      for (const { name: side, multipleOf } of symbols)
        if (side === 'h' || side === 'w') values[side] = Math.ceil(values[side] / multipleOf) * multipleOf;
      const counted = sumCounts(buildWith(model, 1, values.h, values.w, { [path]: values.s }));
      const value = (dim: Dim): number => (isNumber(dim) ? dim : evaluate(dim, values));
      expect(value(counts.params)).toBe(counted.params);
      expect(value(counts.multAdds)).toBe(counted.multAdds);
      expect(value(counts.memoryAccess.unfused)).toBe(counted.memoryAccess.unfused);
      expect(value(counts.memoryAccess.fused)).toBe(counted.memoryAccess.fused);
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
    expect(symbols.find(({ name }) => name === 'a')?.multipleOf).toBe(1);
    expect(isNumber(counts.params)).toBe(false);
    expect(() => roundedChannels(symbol('c'), 1)).toThrow('unless c is a multiple of 8');
    expect(() => roundedChannels(symbol('c', 8), 1.4)).toThrow('unless c is a multiple of 40');
  });
});
