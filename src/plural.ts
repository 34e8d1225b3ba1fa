// Counts and lists things in a sentence: "2 models", "a, b and c".

/** @param shown the count's text, if it is not the plain digits */
export const counted = (count: number, noun: string, shown = String(count)): string =>
  `${shown} ${noun}${count === 1 ? '' : 's'}`;

/** "a", "a and b", "a, b and c"; "" of none. */
export const listed = (items: readonly string[], word: 'and' | 'or' = 'and'): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} ${word} ${items.at(-1)!}`;

/** "a, b, c, d"; of more than four only the first three: "a, b, c and 2 more". */
export const abridged = (items: readonly string[]): string =>
  items.length <= 4 ? items.join(', ') : `${items.slice(0, 3).join(', ')} and ${items.length - 3} more`;
