import { describe, expect, it } from 'vitest';
import { studentQuantile } from '../../src/measure/studentT.js';

describe('studentQuantile', () => {
  // Tables of the t distribution (two-sided 95 % and 99 %).
  it.each([
    [0.975, 1, 12.706],
    [0.975, 2, 4.303],
    [0.975, 4, 2.776],
    [0.975, 9, 2.262],
    [0.975, 30, 2.042],
    [0.975, 1e6, 1.96],
    [0.995, 4, 4.604],
    [0.95, 9, 1.833],
  ])('of %d with %d degrees of freedom is %d', (p, freedom, value) => {
    expect(studentQuantile(p, freedom)).toBeCloseTo(value, 3);
    expect(studentQuantile(1 - p, freedom)).toBeCloseTo(-value, 3);
  });
  it('lies between those of its neighbours where the degrees of freedom are not whole', () => {
    expect(studentQuantile(0.975, 2.5)).toBeLessThan(studentQuantile(0.975, 2));
    expect(studentQuantile(0.975, 2.5)).toBeGreaterThan(studentQuantile(0.975, 3));
  });
  it('refuses what is no probability and less than one degree', () => {
    expect(() => studentQuantile(1, 3)).toThrow(RangeError);
    expect(() => studentQuantile(0.9, 0.5)).toThrow(RangeError);
  });
});
