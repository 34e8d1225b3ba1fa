// Sizes with symbols: both of sympy's spellings give the same numbers, and what is no size is refused.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { symbol, type Dim } from '../../../src/dim/dim.js';
import { show } from '../../../src/dim/text.js';
import { NoClosedForm } from '../../../src/dim/noClosedForm.js';
import { parseExpression } from '../../../src/importers/pt2/expression.js';
import { sizeOf, solved } from '../../../src/importers/pt2/sizes.js';
import { InputError } from '../../../src/inputError.js';

const at = (text: string, values: Readonly<Record<string, Dim>> = {}): Dim =>
  sizeOf(parseExpression(text), new Map(Object.entries(values)));

interface Spelled {
  readonly text: string;
  readonly srepr: string;
  value(s: number): number;
}

const leaf = fc.oneof(
  fc.integer({ min: 1, max: 40 }).map((n): Spelled => ({ text: String(n), srepr: `Integer(${n})`, value: () => n })),
  fc.constant<Spelled>({ text: 's0', srepr: "Symbol('s0', positive=True, integer=True)", value: (s) => s }),
);
/** @param depth how many operations stand inside one another */
function spelled(depth: number): fc.Arbitrary<Spelled> {
  if (depth === 0) return leaf;
  const inner = spelled(depth - 1);
  const sums = fc.tuple(inner, inner, fc.constantFrom('+', '-', '*')).map(([a, b, sign]): Spelled => ({
    text: `(${a.text} ${sign} ${b.text})`,
    srepr:
      sign === '-'
        ? `Add(${a.srepr}, Mul(Integer(-1), ${b.srepr}))`
        : `${sign === '+' ? 'Add' : 'Mul'}(${a.srepr}, ${b.srepr})`,
    value: (s) =>
      sign === '+' ? a.value(s) + b.value(s) : sign === '-' ? a.value(s) - b.value(s) : a.value(s) * b.value(s),
  }));
  const rounded = fc.tuple(inner, fc.integer({ min: 1, max: 9 }), fc.boolean()).map(([a, n, rest]): Spelled => ({
    text: rest ? `(${a.text} % ${n})` : `(${a.text}//${n})`,
    srepr: rest ? `Mod(${a.srepr}, Integer(${n}))` : `FloorDiv(${a.srepr}, Integer(${n}))`,
    value: (s) => (rest ? a.value(s) - n * Math.floor(a.value(s) / n) : Math.floor(a.value(s) / n)),
  }));
  return fc.oneof(leaf, sums, rounded);
}

describe('a size', () => {
  it('is the same number in both spellings', () => {
    fc.assert(
      fc.property(spelled(3), fc.integer({ min: 1, max: 50 }), ({ text, srepr, value }, s) => {
        const wanted = value(s);
        fc.pre(Number.isSafeInteger(wanted));
        expect([at(text, { s0: s }), at(srepr, { s0: s })]).toEqual([wanted + 0, wanted + 0]);
      }),
      { seed: 12, numRuns: 400 },
    );
  });

  it.each<[text: string, values: Record<string, number>, wanted: number]>([
    ['((s31 - 1)//32) + 1', { s31: 225 }, 8],
    ['2*s53', { s53: 7 }, 14],
    ['-s0 + 3*s1**2', { s0: 4, s1: 2 }, 8],
    ['s0/2 + s1/2', { s0: 3, s1: 5 }, 4],
    ['Mul(Rational(1, 2), Symbol("s0"))', { s0: 8 }, 4],
    ['Max(1, s0 - 9)', { s0: 4 }, 1],
    ['CeilToInt(IntTrueDiv(s0, 3))', { s0: 7 }, 3],
    ['floor(0.5*s0)', { s0: 7 }, 3],
    ['Pow(Symbol("s0"), Integer(2))', { s0: 5 }, 25],
    ['2 - 1 - 1', {}, 0],
    ['2**3**2', {}, 512],
  ])('%s is worked out', (text, values, wanted) => {
    expect(at(text, values)).toBe(wanted);
  });

  it('is a polynomial where symbols stay, and says what they must promise', () => {
    expect(show(at('(s0//2)*s1 + 1', { s0: symbol('h', 2), s1: symbol('w') }))).toBe('0.5 h w + 1');
    expect(() => at('s0//2', { s0: symbol('h') })).toThrow(NoClosedForm);
    // The rest that is rounded away does not depend on h.
    expect(show(at('((s0 - 1)//32) + 1', { s0: symbol('h', 32) }))).toBe('0.03125 h');
  });

  it('can be solved for the symbol that it leaves open', () => {
    const bindings = new Map<string, Dim>([['s1', 4]]);
    expect(solved(parseExpression('2*s0 + s1'), bindings, 10)).toEqual({ name: 's0', value: 3 });
    expect(solved(parseExpression('s0//2'), bindings, 10)).toBeUndefined();
    expect(solved(parseExpression('s0*s2'), bindings, 10)).toBeUndefined();
    expect(() => solved(parseExpression('2*s0'), bindings, 9)).toThrow(/9 is not divisible by 2/);
  });

  it.each<[what: string, text: string, says: RegExp]>([
    ['an open bracket', '2*(', /is not an expression/],
    ['two numbers', '2 3', /is not an expression/],
    ['nothing', '', /is not an expression/],
    ['a strange sign', 's0 $ 2', /is not an expression/],
    ['an open symbol', "Symbol('s0'", /is not an expression/],
    ['brackets without end', '('.repeat(5000), /is not an expression/],
    ['a sum without end', '1+'.repeat(20_000), /too long/],
    ['a size of content', 'u0', /depends on the image's content/],
    ['an unknown function', 'Piecewise(1, 2)', /Piecewise\(\.\.\.\) are not understood/],
    ['a name of objects', 'constructor(1)', /are not understood/],
    ['a division by 0', '1//0', /divided by 0/],
    ['a rest', '7/2', /not divisible/],
    ['a great power', '2**65', /power/],
    ['a great number', '9**60', /2\^53/],
  ])('that is %s is refused', (_, text, says) => {
    expect(() => at(text)).toThrow(says);
    expect(() => at(text)).toThrow(InputError);
  });

  it('without end in its terms is refused', () => {
    const letters = { s0: symbol('a'), s1: symbol('b'), s2: symbol('c') };
    expect(() => at('((s0 + s1 + s2)**30)**30', letters)).toThrow(/too many terms/);
  });
});
