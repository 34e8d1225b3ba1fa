// Is a figure read with its rounding? Units, digits and words of all kinds, and what is no figure.

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fit, readFigures } from '../../src/counters/figure.js';
import { InputError } from '../../src/inputError.js';

describe('a figure is an interval', () => {
  test.each([
    ['2.87G', 2.865e9, 2.875e9],
    ['5.67 GFLOPs', 5.665e9, 5.675e9],
    ['5.67 G FLOPs', 5.665e9, 5.675e9],
    ['4.11 GMac', 4.105e9, 4.115e9],
    ['8178.369M', 8_178_368_500, 8_178_369_500],
    ['300M', 299.5e6, 300.5e6],
    ['25.6M', 25.55e6, 25.65e6],
    ['25.60 million params', 25.595e6, 25.605e6],
    ['7.29 Bn operations', 7.285e9, 7.295e9],
    ['0.57 BFLOPs', 565e6, 575e6],
    ['1e9', 0.5e9, 1.5e9],
    ['4.09e9', 4.085e9, 4.095e9],
    ['4089184256', 4_089_184_255.5, 4_089_184_256.5],
    ['4,089,184,256', 4_089_184_255.5, 4_089_184_256.5],
    ['4_089_184_256', 4_089_184_255.5, 4_089_184_256.5],
    ['4100000000', 4.05e9, 4.15e9],
    [' .5T ', 0.45e12, 0.55e12],
    ['123456 MACs', 123_455.5, 123_456.5],
  ])('%s', (text, low, high) => {
    const figures = readFigures(text);
    expect(figures).toHaveLength(1);
    expect(figures[0]).toMatchObject({ low, high });
  });

  test('a bare table entry may be billions or millions', () => {
    expect(readFigures('11.11').map(({ low, high }) => [low, high])).toEqual([
      [11.105e9, 11.115e9],
      [11.105e6, 11.115e6],
    ]);
  });

  test('25.6 MACs are multiply-accumulates and no millions', () => {
    expect(readFigures('25.6 MACs').map(({ word, value }) => [word, value])).toEqual([
      ['multAdds', 25.6e9],
      ['multAdds', 25.6e6],
    ]);
  });

  test.each([
    ['4 GFLOPs', 'operations'],
    ['4 GMACs', 'multAdds'],
    ['4 G mult-adds', 'multAdds'],
    ['4M params', 'params'],
    ['4M parameters', 'params'],
    ['4M activations', 'activations'],
    ['4G', undefined],
  ])('%s speaks of %s', (text, word) => {
    expect(readFigures(text)[0].word).toBe(word);
  });

  test('every count fits the figure that it is rounded to', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1_000_000, max: 2 ** 50 }),
        fc.integer({ min: 0, max: 6 }),
        fc.constantFrom(['M', 1e6] as const, ['G', 1e9] as const),
        (count, decimals, [unit, size]) => {
          const text = `${(count / size).toFixed(decimals)}${unit}`;
          if (Number.parseFloat(text) === 0) return;
          expect(fit(readFigures(text)[0], count)).toBe('rounded');
        },
      ),
    );
  });
});

test('digits may also have been cut, which is less likely', () => {
  const [figure] = readFigures('300M');
  expect([299_400_000, 299_600_000, 300_400_000, 300_774_272, 301_000_000].map((count) => fit(figure, count))).toEqual([
    undefined,
    'rounded',
    'rounded',
    'cut',
    undefined,
  ]);
});

test.each([
  ['', 'is not a number'],
  ['x', 'is not a number'],
  ['-3G', 'is not a number'],
  ['2.87.1G', 'is not a number'],
  ['2.87 GiB', 'is not a number'],
  ['NaN', 'is not a number'],
  ['Infinity', 'is not a number'],
  ['2,87G', 'groups its digits in no known way'],
  ['40,89184G', 'groups its digits in no known way'],
  ['0', 'is not positive'],
  ['0.00G', 'is not positive'],
  ['1e30', 'is larger than any count'],
  ['99999999T', 'is larger than any count'],
])('"%s" %s', (text, why) => {
  expect(() => readFigures(text)).toThrow(InputError);
  expect(() => readFigures(text)).toThrow(why);
});
