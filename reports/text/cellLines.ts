// Breaks the text of a cell: a sentence at words, a polynomial at terms, a name at its parts.

import stringWidth from 'string-width';

const PLAIN = /^[\x20-\x7e]*$/;

/** Screen columns of a text: wide and combining characters count as they are drawn. */
export const widthOf = (text: string): number => (PLAIN.test(text) ? text.length : stringWidth(text));

/** Places where a text may be broken, the best first. */
const PLACES: readonly RegExp[] = [/(?<= )(?=[+-] )/, /(?<= )/, /(?<=[./_:,@-])/];
const [TERMS, WORDS] = [0, 1];
/** The indent of further lines of one word. */
const INDENT = '  ';

/**
 * @param width at least 2
 * @param terms whether the text may be a polynomial
 */
export function cellLines(text: string, width: number, terms = false): readonly string[] {
  return widthOf(text) <= width ? [text] : broken(text, width, terms ? TERMS : WORDS);
}

function broken(text: string, width: number, place: number): readonly string[] {
  if (place === PLACES.length) return pieces(text, width);
  const lines: string[] = [];
  let line = '';
  const indent = place > WORDS ? INDENT : '';
  for (const part of text.split(PLACES[place]!)) {
    if (widthOf((line + part).trimEnd()) <= width) {
      line += part;
      continue;
    }
    if (line !== '') lines.push(line.trimEnd());
    const start = lines.length > 0 && widthOf(indent + part.trimEnd()) <= width ? indent : '';
    if (widthOf(part.trimEnd()) <= width) line = start + part;
    else {
      const [last = '', ...before] = [...broken(part, width, place + 1)].reverse();
      lines.push(...before.reverse());
      line = part.endsWith(' ') ? `${last} ` : last;
    }
  }
  return line === '' ? lines : [...lines, line.trimEnd()];
}

/** A word without parts. */
function pieces(text: string, width: number): readonly string[] {
  const found: string[] = [];
  let piece = '';
  for (const letter of text) {
    if (widthOf(piece + letter) > width) {
      found.push(piece);
      piece = letter;
    } else piece += letter;
  }
  return [...found, piece].map((one) => one.trimEnd());
}
