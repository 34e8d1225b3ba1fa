// The audit unread-weights: a file that stores learnt numbers that no layer reads.

import { percent, short } from '../../numberText.js';
import type { Audit } from '../finding.js';

/** The least share of the parameters that are read. */
const WORTH = 0.01;

export const unreadWeights: Audit = {
  id: 'unread-weights',
  title: 'The file stores weights that no layer reads',
  source: 'a runtime loads them, and a download carries them',
  find({ profile: { unread = 0, totals, lowerBound } }) {
    // Ops that are left out of the graph may read them.
    if (lowerBound || unread === 0 || unread < WORTH * totals.params) return null;
    return {
      evidence: `The file holds ${short(unread)} learnt numbers beside the ${short(totals.params)} that its layers read, ${percent(unread, totals.params)} as many.`,
      figures: { unread, params: totals.params },
      layers: [],
      fix: 'Export only what the outputs need: a head for training, a second copy (EMA) or an unused branch stays behind.',
      saves: {},
      share: unread / (unread + totals.params),
    };
  },
};
