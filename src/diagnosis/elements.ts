// The number of elements of a shape that has no symbols.

import type { Shape } from '../shape.js';

/** A profile has checked that every side is a number. */
export const elementsOf = (shape: Shape): number => (shape as readonly number[]).reduce((all, side) => all * side, 1);
