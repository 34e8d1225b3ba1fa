// Breaks a sentence into lines of a screen.

import { visible } from '../../src/visible.js';

/** The width of a terminal where none is known. */
export const SCREEN = 80;

/** A space at which a line may break: not between a number and its unit, as in "15.7 %". */
const BETWEEN = /(?<!\d) | (?!(?:%|[kMGT]|ms|s|min|[kKMGT]i?B)(?!\w))/;

/** @param first the start of the first line; other lines are indented as far */
export function wrapped(text: string, first = '', width = SCREEN): string {
  const indent = ' '.repeat(first.length);
  const lines: string[] = [];
  let line = '';
  for (const word of visible(text).split(BETWEEN)) {
    if (line !== '' && indent.length + line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((one, i) => `${i === 0 ? first : indent}${one}`.trimEnd()).join('\n');
}
