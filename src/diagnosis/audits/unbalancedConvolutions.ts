// The audit unbalanced-convolutions: widths so uneven that memory access is far above its bound.

import { percent } from '../../numberText.js';
import { counted } from '../../plural.js';
import { adviceFor } from '../../redesign/advice.js';
import type { Audit } from '../finding.js';

/**
 * The least memory access over its bound. Channels of 4:1, as in a ResNet's bottleneck, have 1.25
 * and are deliberate. 1.4 is 6:1, for which ShuffleNetV2's Table 1 has a slowdown of 1.69x on a
 * GPU.
 */
const UNEVEN = 1.39;
/** The least share of the unfused memory access. Less does not justify other widths. */
const WORTH = 0.03;

export const unbalancedConvolutions: Audit = {
  id: 'unbalanced-convolutions',
  title: 'Convolutions have uneven widths',
  source: 'ShuffleNetV2, arXiv 1807.11164, Eq. 1 and Table 1 (G1); VoVNet, arXiv 1904.09730, section 3.1',
  find({ graph, profile }) {
    const uneven = adviceFor(profile, graph).filter(({ balance }) => balance >= UNEVEN);
    const whole = profile.totals.memoryAccess.unfused;
    const memoryAccessUnfused = uneven.reduce((sum, { saved }) => sum + saved, 0);
    const [worst] = uneven;
    if (worst === undefined || memoryAccessUnfused < WORTH * whole) return null;
    const [[input, output], [evenInput, evenOutput]] = [worst.channels, worst.balanced];
    const names = new Set(uneven.map(({ layer }) => layer));
    return {
      evidence: `${counted(names.size, 'convolution')} with ${names.size === 1 ? 'uneven widths moves' : 'uneven widths move'} ${percent(memoryAccessUnfused, whole)} of all memory access more than even ones would; ${worst.layer} has ${input} -> ${output} channels, ${worst.balance.toFixed(2)}x its bound.`,
      figures: { convolutions: names.size, memoryAccessUnfused, balanceOfLargest: worst.balance },
      layers: profile.layers.filter(({ name }) => names.has(name)).map(({ name }) => name),
      fix: `Each of them alone does the same multiply-adds at even widths, ${worst.layer} at ${evenInput} -> ${evenOutput}; flopscope redesign lists them all.`,
      saves: { memoryAccessUnfused },
      share: memoryAccessUnfused / whole,
    };
  },
};
