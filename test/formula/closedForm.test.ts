// Do closed forms promise the least, equal the counted networks, and refuse where they would not?

import { describe, expect, it } from 'vitest';
import { valueOf } from '../../src/agreement.js';
import { blockModel } from '../../src/blockModels.js';
import { builtIn } from '../../src/builtIn.js';
import { buildWith, closedForm, type ClosedForm } from '../../src/formula/closedForm.js';
import { mapCounts, sumCounts } from '../../src/formula/sums.js';
import type { Counts } from '../../src/cost.js';
import { symbol } from '../../src/dim/dim.js';
import { evaluate } from '../../src/dim/evaluate.js';
import { rational } from '../../src/dim/rational.js';
import { show } from '../../src/dim/text.js';
import { FAMILIES } from '../../src/families/table.js';
import { readConfig } from '../../src/importers/config/readConfig.js';
import { formula } from '../../src/formula/formula.js';
import { InputError } from '../../src/inputError.js';
import { NoClosedForm } from '../../src/dim/noClosedForm.js';
import { graphOf, type Model } from '../../src/model.js';
import { profile } from '../../src/profile.js';

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
    expect(half).toThrow(
      expect.objectContaining({ choices: [{ symbol: 'h', needs: { unit: { numerator: 32n, denominator: 1n } } }] }),
    );
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

describe('promises of sizes that shrink and of ratios', () => {
  const free = (layers: string) => readConfig(`input: 3x64x64\nlayers:\n${layers}`, 'net.yaml');
  const lenet = free(
    '- { conv: { channels: 6, kernel: 5 } }\n- { avgPool: { kernel: 2, stride: 2 } }\n- { conv: { channels: 16, kernel: 5 } }\n- { avgPool: { kernel: 2, stride: 2 } }',
  );

  it('start where something is left of the image: 16 for unpadded convolutions and pools', () => {
    const { symbols, counts } = closedForm(lenet);
    expect(symbols.find(({ name }) => name === 'h')).toMatchObject({ multipleOf: 4, least: rational(16n) });
    expect(evaluate(counts.multAdds, { n: 1, h: 16, w: 16 })).toBe(sumCounts(buildWith(lenet, 1, 16, 16, {})).multAdds);
    expect(() => evaluate(counts.multAdds, { n: 1, h: 12, w: 16 })).toThrow('h = 12 is below 16');
    expect(() => buildWith(lenet, 1, 12, 16, {})).toThrow('does not fit');
    expect(formula(lenet, {}).symbols['h']).toEqual({ multipleOf: 4, least: 16, field: 'input height' });
  });

  it('end where a limit is reached: PeleeNet, whose 1x1 convolutions never pass half of their input', () => {
    expect(formula(builtIn('peleenet'), { growth: 'g' }).symbols['g']).toMatchObject({ multipleOf: 8, most: 32 });
    const both = { growth: 'g', 'bottleneckWidth.0': 'b' };
    expect(() => closedForm(builtIn('peleenet'), both)).toThrow('there is no closed form in b and g together');
  });

  it.each([
    ['mobilenet_v2', ['width', 'stem'], [1, 32]],
    ['densenet121', ['compression', 'growth', 'stem'], [0.5, 32, 2]],
    ['densenet_bc100_k12', ['compression', 'growth', 'stem'], [0.5, 12, 24]],
    ['shufflenet_v2_x1_0', ['channels.0', 'channels.1'], [116, 232]],
  ])('%s: %s as symbols of any names promise the same, and the network itself', (name, paths, own) => {
    const model = builtIn(name);
    const { totals, input } = profile(graphOf(model));
    const named = [paths.map((_, i) => 'abc'[i]!), paths.map((_, i) => 'zyx'[i]!)].map((names) => {
      const symbols = Object.fromEntries(paths.map((path, i) => [path, names[i]!]));
      const at = Object.fromEntries(names.map((symbol, i) => [symbol, own[i]!]));
      const { symbols: promised, at: counts } = formula(model, symbols, { n: 1, h: input.h, w: input.w, ...at });
      expect(counts).toMatchObject({ params: totals.params, multAdds: totals.multAdds });
      return Object.values(promised).sort((a, b) => (a.field < b.field ? -1 : 1));
    });
    expect(named[0]).toEqual(named[1]);
  });

  it('go to a size where a ratio could not keep them', () => {
    const text = 'input: 16x32x32\nlayers:\n  - transition: { compression: 0.5 }\n  - squeezeExcite: { reduction: 4 }';
    const { x, y } = formula(readConfig(text, 'se.yaml'), {
      'layers.0.transition.compression': 'x',
      input: 'y',
    }).symbols;
    expect([x, y]).toMatchObject([{ unit: '1/2' }, { multipleOf: 8 }]);
  });

  it('say that a size is no factor rather than that nothing divides', () => {
    expect(() => formula(blockModel('osa')!, { groups: 'x' })).toThrow(
      /osa has no closed form in these symbols: .*groups are a symbol: x divides a size of which it is no factor/,
    );
  });

  it('say that there are none, where the network itself is right', () => {
    const text =
      'input: 3x181x241\nlayers:\n  - { maxPool: { kernel: 2, stride: 2 }, name: a }\n  - { conv: { channels: 3, kernel: 3, stride: 2, padding: 1 }, from: input, name: b }\n  - { add: {}, from: [a, c] }'.replace(
        'a, c',
        'a, b',
      );
    const net = readConfig(text.replace('padding: 1', 'padding: 0'), 'net.yaml');
    expect(profile(graphOf(net)).totals.ops).toBe(3);
    expect(() => formula(net, {})).toThrow(/^net has no closed form in these symbols: net\.yaml:\d+:\d+: node "add1"/);
  });

  it('say that zeros are added: the second width of resnet20 is above its first and below its third', () => {
    const { c } = formula(builtIn('resnet20'), { 'channels.1': 'c' }).symbols;
    expect(c).toEqual({ multipleOf: 1, least: 17, most: 63, field: 'channels.1' });
    // On which side the zeros stand costs nothing: an odd width is counted as the profile counts it.
    const odd = sumCounts(buildWith(builtIn('resnet20'), 1, 32, 32, { 'channels.1': 21 }));
    expect(formula(builtIn('resnet20'), { 'channels.1': 'c' }, { n: 1, h: 32, w: 32, c: 21 }).at).toMatchObject(odd);
    const two = { 'channels.0': 'c', 'channels.1': 'd' };
    expect(() => closedForm(builtIn('resnet20'), two)).toThrow('no closed form in c and d together');
  });

  it('of a ratio are the units at which no size is rounded, within the range of its field', () => {
    const of = (model: string, path: string) => formula(builtIn(model), { [path]: 'a' }).symbols['a'];
    expect(of('mobilenet_v1', 'width')).toEqual({
      multipleOf: 1 / 32,
      ratio: true,
      unit: '1/32',
      most: 100,
      field: 'width',
    });
    expect(of('densenet121', 'compression')).toMatchObject({ multipleOf: 0.25, unit: '1/4', most: 1 });
    expect(of('mobilenet_v2', 'width')).toEqual({ multipleOf: 1, ratio: true, unit: '1', most: 100, field: 'width' });
    const twelfths = readConfig('family: mobilenet_v1\nstem: 12\nchannels: [24]\ndepths: [1]', 'net.yaml');
    expect(formula(twelfths, { width: 'a' }).symbols['a']).toMatchObject({ unit: '1/12' });
    // Below 1 the last convolution keeps its width, so whole numbers are not enough where eighths are.
    const eighths = 'family: mobilenet_v2\nstem: 64\nchannels: [64]\ndepths: [1]\nstrides: [1]\nexpansion: [2]';
    expect(formula(readConfig(eighths, 'net.yaml'), { width: 'a' }).symbols['a']).toMatchObject({
      unit: '1/8',
      least: 1,
    });
  });

  it.each([
    ['mobilenet_v1', 'width', [0.25, 0.75, '3/4', 1.25, '2/64']],
    ['mobilenet_v2', 'width', [1, 2, '3/1']],
    ['densenet121', 'compression', [0.25, 0.5, '3/4', 1]],
    ['densenet_bc100_k12', 'compression', [0.5, '1/2', 1]],
    ['densenet67', 'compression', [0.5, 1]],
  ] as const)('%s at ratios of its %s equals its profile in every reading', (name, path, ratios) => {
    const model = builtIn(name);
    const form = closedForm(model, { [path]: 'a' });
    const [h, w] = [promisesOf(form)['h'] ?? 1, promisesOf(form)['w'] ?? 1].map((side) => Math.ceil(96 / side) * side);
    for (const a of ratios) {
      const { at } = formula(model, { [path]: 'a' }, { n: 2, h: h!, w: w!, a });
      const value = typeof a === 'number' ? a : Number(a.split('/')[0]) / Number(a.split('/')[1]);
      const { params, multAdds, activations, memoryAccess } = sumCounts(buildWith(model, 2, h!, w!, { [path]: value }));
      expect(at).toMatchObject({ params, multAdds, activations, memoryAccess });
    }
  });

  it('are kept: between them sizes are rounded', () => {
    const at = (a: number | string) => () => formula(builtIn('mobilenet_v1'), { width: 'a' }, { a });
    expect(at(0.3)).toThrow(
      'a = 0.3 is not a positive multiple of 0.03125, which the closed form promises; elsewhere sizes may be rounded',
    );
    expect(at('1/3')).toThrow('a = 1/3 is not a positive multiple');
    expect(at('1/0')).toThrow('1/0 divides by 0');
    expect(at(101)).toThrow('a = 101 is above 100');
    expect(() => formula(builtIn('densenet121'), { compression: 'c' }, { c: 2 })).toThrow('c = 2 is above 1');
  });
});

describe('depths', () => {
  const repeated = (layer: string) =>
    readConfig(
      `input: 3x64x64\nlayers:\n- { ${layer}, repeat: 2, name: r }\n- { conv: { channels: 4, kernel: 1 } }`,
      'net.yaml',
    );

  it('have no closed form where they decide how large the image must be', () => {
    const shrinking = repeated('conv: { channels: 3, kernel: 3 }');
    expect(() => closedForm(shrinking, { 'layers.0.repeat': 'L' })).toThrow(
      'there is no closed form in L: what h must promise depends on it',
    );
    const halving = repeated('maxPool: { kernel: 2, stride: 2 }');
    expect(() => closedForm(halving, { 'layers.0.repeat': 'L' })).toThrow(
      'no polynomial of degree 8 or less in L fits',
    );
  });

  it('are promised up to what their field may hold', () => {
    const { L } = formula(repeated('relu: '), { 'layers.0.repeat': 'L' }).symbols;
    expect(L).toEqual({ multipleOf: 1, most: 10_000, field: 'layers.0.repeat' });
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

/** Every number of a model's config that may be a symbol, as --symbol names it, with its value. */
function numericFields(model: Model): readonly (readonly [path: string, value: number])[] {
  const found: (readonly [string, number])[] = [];
  for (const key of Object.keys(model.fields)) {
    const value = valueOf(model.fields, model.config, key);
    const items = Array.isArray(value)
      ? value.map((item: unknown, i) => [`${key}.${i}`, item] as const)
      : [[key, value] as const];
    for (const [path, item] of items) {
      const kind = model.fieldAt(path.split('.'))?.kind;
      if (typeof item === 'number' && item > 0 && (kind === 'size' || kind === 'ratio')) found.push([path, item]);
    }
  }
  return found;
}

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
      'the closed form of resnet18 does not hold where c = 64',
    );
    // Whatever else is left open, and also where another symbol says so.
    expect(() => formula(resnet, { 'channels.0': 'c' }, { c: 64 })).toThrow('does not hold where c = 64');
    expect(() => formula(resnet, { 'channels.0': 'c', stem: 's' }, { c: 48, s: 48 })).toThrow('where c = s');
    expect(() => formula(resnet, { 'channels.0': 'c', stem: 's' }, { c: 's' })).toThrow('where c = s');
    expect(formula(resnet, { 'channels.0': 'c', stem: 's' }).unless).toEqual(['c = s']);
  });

  it('excepts the values at which the network has another structure, and no others', () => {
    const except = (name: string, path: string): readonly number[] | undefined =>
      formula(builtIn(name), { [path]: 'x' }).symbols['x']?.except;
    expect(except('resnet18', 'channels.0')).toEqual([64]);
    expect(except('mobilenet_v2', 'expansion.0')).toEqual([1]);
    expect(except('mobilenet_v2', 'channels.0')).toEqual([32]);
    expect(except('V-19-slim-dw-eSE', 'growth.0')).toEqual([64]);
    expect(except('resnet20', 'channels.1')).toBeUndefined();
    expect(except('densenet121', 'growth')).toBeUndefined();
  });

  const oneOfEach = FAMILIES.map(({ variants }) => Object.keys(variants)[0]!);
  it.each([...oneOfEach, 'V-19-slim-dw-eSE'])('%s: each number of the config is right or refused there', (name) => {
    const model = builtIn(name);
    const { totals } = profile(graphOf(model));
    let right = 0;
    for (const [path, own] of numericFields(model)) {
      let at: ReturnType<typeof formula>['at'];
      try {
        at = formula(model, { [path]: 'x' }, { x: own }).at;
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
        continue;
      }
      expect([path, at!.params]).toEqual([path, totals.params]);
      right++;
    }
    expect(right).toBeGreaterThan(0);
  });

  it('follows what one symbol says of another to its number', () => {
    const whole = formula(resnet, {}, { n: 1, h: 224, w: 224 }).at;
    expect(formula(resnet, {}, { n: 1, w: 'h', h: 224 }).at).toMatchObject({ multAdds: whole!.multAdds });
    expect(() => formula(resnet, {}, { w: 'h', h: 'w' })).toThrow('w=h leads back to where it began');
  });

  it('holds for depths that no graph could have', () => {
    const { at } = formula(blockModel('dense')!, { layers: 'L' }, { L: 1_000_000, n: 1, h: 1, w: 1 });
    expect(at?.params).toBe(2080 * 1e12 + 43360 * 1e6);
  });

  it('says at which depth there is no such network', () => {
    expect(() => formula(builtIn('squeezenet1_1'), { 'depths.0': 'd' })).toThrow(
      'depths.0 cannot be a symbol by itself: where it is 3, squeeze has 8 items by default and depths add up to 9',
    );
  });

  it('is refused for unknown symbols and broken promises', () => {
    expect(() => formula(resnet, {}, { q: 1 })).toThrow('the closed form has no symbol q: its symbols are n, h, w');
    expect(() => formula(resnet, {}, { h: 225 })).toThrow('h = 225 is not a positive multiple of 32');
    expect(() => formula(resnet, {}, { w: 'q' })).toThrow('w=q names no symbol of the closed form');
  });
});
