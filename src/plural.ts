// Counts things in a sentence: "1 model", "2 models".

/** @param shown the count's text, if it is not the plain digits */
export const counted = (count: number, noun: string, shown = String(count)): string =>
  `${shown} ${noun}${count === 1 ? '' : 's'}`;
