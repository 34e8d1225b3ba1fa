// Divisions that round up, of numbers and of sizes with symbols.

import { add, floorDiv, isNumber, mul, type Dim } from '../../dim/dim.js';

/** ceil(a / b) for a whole number b. */
export function ceil(a: Dim, b: number): Dim {
  if (isNumber(a)) return Math.ceil(a / b);
  return b < 0 ? ceil(mul(a, -1), -b) : floorDiv(add(a, b - 1), b);
}
