// Estimates the width of a text from above, for layouts made before there is a canvas.

import { FONT_SIZE } from './theme.js';

/** Letters of our font by their width in parts of its size, bold ones included. */
const WIDTHS: readonly (readonly [letters: RegExp, width: number])[] = [
  [/[ !,.:;'ijlI`t|/\\()[\]fr]/, 0.41],
  [/[1{}_-]/, 0.48],
  [/[a-ln-vx-z0-9"#$&*+<=>?^~ABEFJKLPRSTVXYZ×±]/, 0.74],
  [/[CDGHNOQU]/, 0.78],
];
/** Of w, m, W, M, @, %, and of whatever else a name may hold. */
const WIDEST = 1.25;

/** Of letters that were met. A name may hold any: beyond the usual ones none is kept. */
const known = new Map<string, number>();
const MOST_KNOWN = 1000;

function letterWidth(letter: string): number {
  const met = known.get(letter);
  if (met !== undefined) return met;
  const width = WIDTHS.find(([letters]) => letters.test(letter))?.[1] ?? WIDEST;
  if (known.size < MOST_KNOWN) known.set(letter, width);
  return width;
}

/** Pixels at the charts' usual font size: an upper estimate. */
export function textWidth(text: string): number {
  let width = 0;
  for (const letter of text) width += FONT_SIZE * letterWidth(letter);
  return width;
}

/** The first text that surely fits, or the last. @param texts from the longest to the shortest */
export const fitting = (texts: readonly [string, ...string[]], pixels: number): string =>
  texts.find((text) => textWidth(text) <= pixels) ?? texts.at(-1)!;
