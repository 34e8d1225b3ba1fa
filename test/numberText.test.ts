// Are numbers written for people: short, and none as a row of zeros?

import { expect, it } from 'vitest';
import { milliseconds } from '../src/numberText.js';

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
