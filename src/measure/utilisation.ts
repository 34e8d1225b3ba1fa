// How far the utilisation of another run may lie from that of this one, by the noise of both.

import { percentage } from '../numberText.js';
import type { Run } from './run.js';
import { sessionTimes } from './sessionTimes.js';
import { ALLOWANCE, timeInterval, type Interval } from './significance.js';

type Utilised = Pick<Run, 'times' | 'sessions' | 'utilisation' | 'ceilings'>;

/** Factors between which the utilisation of another run on this device may lie. */
export interface UtilisationNoise {
  readonly least: number;
  readonly most: number;
  /** `allowance`: of one session, which does not tell how much sessions differ. */
  readonly basis: Interval['basis'];
}

/**
 * A busy machine slows the network and the samples of the ceilings, and not always alike. So the
 * factors are those of the time's 95 % interval times those of the ceilings' noise.
 * @returns null without ceilings, and for records of earlier versions, which do not tell the noise
 */
export function utilisationNoise(run: Utilised): UtilisationNoise | null {
  const { value, low, high, basis } = timeInterval(sessionTimes(run));
  if (low === null || high === null) return null;
  const [slower, faster] = [high / value, low / value];
  if (basis === 'sessions') return withCeilings(run, { slower, faster, basis });
  // The windows of one session may lie further apart than is allowed for sessions.
  const seen = quartilesOf(run);
  return withCeilings(run, { slower: Math.max(slower, seen.slower), faster: Math.min(faster, seen.faster), basis });
}

const quartilesOf = ({ times: { median, lowerQuartile, upperQuartile } }: Utilised) => ({
  slower: upperQuartile / median,
  faster: lowerQuartile / median,
});

/** Where the ends are further apart, the figure alone would mislead. */
const WIDEST = ALLOWANCE;

/**
 * "82 %"; "29 to 58 %" where the run itself shows that it is not known better: by its sessions, or
 * by the quartiles of its windows where there is one session.
 * @param of FLOP/s, or bytes/s
 * @returns null where utilisation is not known
 */
export function utilisationText(run: Utilised, of: 'compute' | 'memory' = 'compute', digits = 0): string | null {
  if (run.utilisation === null) return null;
  const value = run.utilisation[of];
  const seen = seenNoise(run);
  if (seen === null || seen.most / seen.least <= WIDEST) return percentage(value, digits);
  const [low, high] = [value * seen.least, Math.min(1, value * seen.most)];
  return `${(100 * low).toFixed(digits)} to ${percentage(high, digits)}`;
}

/** What the run itself shows, without the allowance for what a single session does not show. */
function seenNoise(run: Utilised): UtilisationNoise | null {
  if (run.sessions.length > 1) return utilisationNoise(run);
  return withCeilings(run, { ...quartilesOf(run), basis: 'windows' });
}

/** The best sample of another session may lie as far from this one's as the median does. */
function withCeilings(
  { utilisation, ceilings }: Utilised,
  { slower, faster, basis }: { readonly slower: number; readonly faster: number; readonly basis: Interval['basis'] },
): UtilisationNoise | null {
  if (utilisation === null || ceilings === null || ceilings.noise === null) return null;
  const kept = 1 - ceilings.noise;
  return { least: kept / slower, most: 1 / (kept * faster), basis };
}
