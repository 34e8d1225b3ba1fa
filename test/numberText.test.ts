// Are numbers written for people: short, and none as a row of zeros?

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { grouped, milliseconds } from '../src/numberText.js';

it.each([
  [0, '0'],
  [0.00000687, '<0.001'],
  [0.000999, '<0.001'],
  [0.001, '0.001'],
  [0.01234, '0.0123'],
  [4.561, '4.56'],
  [1320.4, '1,320'],
])('%d ms is written %s', (value, text) => {
  expect(milliseconds(value)).toBe(text);
});

it('thousands are grouped as Intl.NumberFormat groups them, for every number', () => {
  const { format } = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
  const number = fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -2000, max: 2000 }), fc.double());
  fc.assert(
    fc.property(number, (value) => {
      // A whole zero has no sign.
      expect(grouped(value)).toBe(format(Object.is(value, -0) ? 0 : value));
    }),
    { seed: 11 },
  );
});
