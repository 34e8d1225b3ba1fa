// Counts things in a sentence: "1 model", "2 models".

/** @param shown the count as it is written, where that is not its digits alone */
export const counted = (count: number, noun: string, shown = String(count)): string =>
  `${shown} ${noun}${count === 1 ? '' : 's'}`;
