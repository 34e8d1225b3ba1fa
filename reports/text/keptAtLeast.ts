// The sentence of a training step whose kept bytes are a lower bound.

/** @param why the reason, which stands in a sentence */
export const keptAtLeastText = (why: string): string =>
  `Bytes kept, the peak and the sum in memory are lower bounds: ${why}.`;
