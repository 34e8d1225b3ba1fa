// Sums up several verdicts: a headline with counts, and a sentence on the others.

import type { Outcome, ClaimVerdict } from '../../src/lab/outcome.js';
import { counted } from '../../src/plural.js';

/** @param what is claimed, one of them: "claim" */
export function verdictWords(
  outcomes: readonly Pick<Outcome, 'verdict'>[],
  device: string | null,
  command: string,
): { readonly headline: string; readonly explanation: string } {
  const claims = counted(outcomes.length, 'claim');
  if (device === null)
    return {
      headline: `${claims}, counted and not measured`,
      explanation: `Nothing was measured here, so there is no verdict: flopscope ${command} --measure times every variant on your device.`,
    };
  const number = (verdict: ClaimVerdict | null): number =>
    outcomes.filter((outcome) => outcome.verdict === verdict).length;
  const unjudged = number(null);
  return {
    headline: `Of ${claims}, ${number('holds')} ${number('holds') === 1 ? 'holds' : 'hold'} on ${device}`,
    explanation: `Not borne out: ${number('does not hold')}. Mixed: ${number('mixed')}. Not to be told from noise: ${number('within noise')}.${unjudged === 0 ? '' : ` Not judged, because this engine lacks the op: ${unjudged}.`} A variant counts where its ratio to the first lies more than two standard uncertainties from what the claim denies.`,
  };
}
