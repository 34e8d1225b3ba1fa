// The random order in which networks run within a round of windows.

import { mulberry32, streamSeed } from '../weights/random.js';

/** Orders by seed and session. Each call gives the next round. */
export function orderOf(session: number, seed: number): (places: readonly number[]) => readonly number[] {
  const random = mulberry32(streamSeed(`order of session ${session}`, seed));
  return (places) => shuffled(places, random);
}

/** A shuffle after Fisher and Yates. */
function shuffled(places: readonly number[], random: () => number): readonly number[] {
  const mixed = [...places];
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = Math.floor((random() / 2 ** 32) * (i + 1));
    [mixed[i], mixed[j]] = [mixed[j]!, mixed[i]!];
  }
  return mixed;
}
