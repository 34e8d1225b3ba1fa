// Do closed forms promise the least, equal the counted networks, and refuse where they would not?

import { describe, expect, it } from 'vitest';
import { builtIn } from '../src/builtIn.js';
import { buildWith, closedForm, mapCounts, sumCounts, type ClosedForm } from '../src/closedForm.js';
import type { Counts } from '../src/cost.js';
import { symbol } from '../src/dim/dim.js';
import { evaluate } from '../src/dim/evaluate.js';
import { show } from '../src/dim/text.js';
import { readConfig } from '../src/formats/config/readConfig.js';
import { formula } from '../src/formula.js';
import { InputError, NoClosedForm } from '../src/inputError.js';
import { graphOf } from '../src/model.js';
import { profile } from '../src/profile.js';

const densenet = builtIn('densenet121');
const resnet = builtIn('resnet18');
const promisesOf = ({ symbols }: ClosedForm): Record<string, number> =>
  Object.fromEntries(symbols.map(({ name, multipleOf }) => [name, multipleOf]));
const at = ({ counts }: ClosedForm, values: Record<string, number>): Counts<number> =>
  mapCounts(counts, (count) => evaluate(count, values));

describe('promises', () => {
  it('are the least for which every division is exact: 32 for the sides of densenet121', () => {
    expect(promisesOf(closedForm(densenet))).toEqual({ n: 1, h: 32, w: 32 });
    const half = (): unknown => sumCounts(buildWith(densenet, 1, symbol('h', 16), 224, {}));
    expect(half).toThrow(NoClosedForm);
    expect(half).toThrow(expect.objectContaining({ symbol: 'h', needs: 32 }));
  });

  it('are made for the symbols of fields too: the growth is halved by three transitions', () => {
    const { h, w, g } = promisesOf(closedForm(densenet, { growth: 'g' }));
    expect([h, w]).toEqual([32, 32]);
    const tried = Array.from({ length: g! }, (_, i) => i + 1).filter((promise) => {
      try {
        sumCounts(buildWith(densenet, 1, 224, 224, { growth: symbol('g', promise) }));
        return true;
      } catch (error) {
        expect(error).toBeInstanceOf(NoClosedForm);
        return false;
      }
    });
    expect(tried).toEqual([g]);
  });
});

describe('a closed form', () => {
  it.each(['densenet121', 'resnet18', 'vovnet39', 'squeezenet1_1'])('of %s equals its profile', (name) => {
    const model = builtIn(name);
    const form = closedForm(model);
    const { h: tall = 1, w: wide = 1 } = promisesOf(form);
    for (const [n, y, x] of [
      [1, 7, 7],
      [3, 7, 9],
      [16, 10, 8],
    ] as const) {
      const [h, w] = [Math.ceil((y * 32) / tall) * tall, Math.ceil((x * 32) / wide) * wide];
      const { totals } = profile(graphOf(model, n, [model.input[0], h, w]));
      expect(totals).toMatchObject(at(form, { n, h, w }));
    }
  });

  it('in a count of layers is interpolated, and holds past the counts that were asked for', () => {
    const form = closedForm(densenet, { 'blocks.2': 'L' });
    expect(promisesOf(form)).toEqual({ n: 1, h: 32, w: 32, L: 1 });
    for (const L of [2, 24, 40]) {
      const counted = sumCounts(buildWith(densenet, 2, 64, 96, { 'blocks.2': L }));
      expect(at(form, { n: 2, h: 64, w: 96, L })).toEqual(counted);
    }
    expect(at(form, { n: 1, h: 224, w: 224, L: 24 }).params).toBe(7_978_856);
  });

  it('may have counts and sizes as symbols at once, and two fields in one symbol', () => {
    const form = closedForm(densenet, { growth: 'g', stem: 'g', 'blocks.0': 'L' });
    const { g = 1 } = promisesOf(form);
    const counted = sumCounts(buildWith(densenet, 1, 64, 64, { growth: g, stem: g, 'blocks.0': 9 }));
    expect(at(form, { n: 1, h: 64, w: 64, g, L: 9 })).toEqual(counted);
  });

  it('may have the channels of the image as a symbol', () => {
    const { params } = closedForm(resnet, { input: 'c' }).counts;
    expect(show(params)).toBe(`3136 c + ${11_689_512 - 3 * 3136}`);
  });

  it.each([
    [{ growth: 'h' }, 'the symbol h is taken: n, h and w are batch, height and width'],
    [{ growth: '2g' }, '"2g" cannot be a symbol'],
    [{ grwoth: 'g' }, 'densenet121 has no numeric field "grwoth"; the nearest is growth'],
    [
      { xyz: 'g' },
      'no numeric field "xyz"; its numeric fields are growth, blocks.0, stem, bottleneckWidth, compression',
    ],
    [{ blocks: 'g' }, 'blocks is a list: name one of its items, as in blocks.0'],
    [{ 'blocks.9': 'L' }, 'there is no item 9 in a list of 4'],
    [{ 'blocks.0': 'g', growth: 'g' }, 'blocks.0 counts repetitions and cannot share the symbol g'],
  ])('in %o is refused: %s', (fields, message) => {
    expect(() => closedForm(densenet, fields as Record<string, string>)).toThrow(InputError);
    expect(() => closedForm(densenet, fields as Record<string, string>)).toThrow(message);
  });
});

describe('a field that cannot be a symbol', () => {
  it.each([
    ['resnet18', 'groups', 'groups has no effect where block is basic: remove it, or give block: bottleneck'],
    ['resnet50', 'reduction', 'reduction has no effect where attention is none'],
    ['seresnet50', 'reduction', 'reduction cannot be a symbol: no polynomial follows what it does to the sizes'],
    ['vovnet39', 'stemStrides.1', 'stemStrides.1 cannot be a symbol: no polynomial follows'],
    ['vovnet39', 'naming', 'naming cannot be a symbol: it holds no number, but a choice'],
    ['resnet18', 'channel', 'the nearest is channels.0'],
    ['vovnet39', 'chanels.2', 'the nearest is channels.2'],
    ['resnet50', 'width', 'the nearest is widthPerGroup'],
  ])('%s: %s', (model, path, message) => {
    expect(() => closedForm(builtIn(model), { [path]: 's' })).toThrow(message);
  });

  it('leaves a depth free to be 1 on the way, where a field of the config has no effect', () => {
    const text = 'family: vovnet\nmodules: [1, 2]\ngrowth: [8, 8]\nchannels: [16, 16]\nidentity: false';
    const { counts } = closedForm(readConfig(text, 'net.yaml'), { 'modules.1': 'L' });
    expect(show(counts.params)).toContain('L');
  });
});

describe('a formula at a point', () => {
  it('gives numbers, or what is left in the other symbols', () => {
    const { totals } = profile(graphOf(resnet));
    expect(formula(resnet, {}, { n: 1, h: 224, w: 224 }).at).toMatchObject({ multAdds: totals.multAdds });
    expect(formula(resnet, {}, { n: 1, w: 'h' }).at?.multAdds).toMatch(/^[\d.]+ h\^2 \+ 512000$/);
  });

  it('is refused where the network has another structure: resnet18 whose stem is as wide as its first stage', () => {
    const point = { n: 1, h: 224, w: 224 };
    const { params } = sumCounts(buildWith(resnet, 1, 224, 224, { stem: 32 }));
    expect(formula(resnet, { stem: 'c' }, { ...point, c: 32 }).at).toMatchObject({ params });
    expect(() => formula(resnet, { stem: 'c' }, { ...point, c: 64 })).toThrow(
      'the closed form of resnet18 does not hold at these values',
    );
  });

  it('is refused for unknown symbols and broken promises', () => {
    expect(() => formula(resnet, {}, { q: 1 })).toThrow('the closed form has no symbol q: its symbols are n, h, w');
    expect(() => formula(resnet, {}, { h: 225 })).toThrow('h = 225 is not a positive multiple of 32');
    expect(() => formula(resnet, {}, { w: 'q' })).toThrow('w=q names no symbol of the closed form');
  });
});
