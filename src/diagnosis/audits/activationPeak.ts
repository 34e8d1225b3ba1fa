// The audit activation-peak: a few layers need far more activation memory than all others.

import { percent, short } from '../../numberText.js';
import { counted } from '../../plural.js';
import type { Audit } from '../finding.js';

/**
 * A finding needs all other layers below this part of the peak: half of the memory is enough for
 * them.
 */
const OTHERS = 0.5;
/**
 * The largest part of the layers at the peak. If more layers are near the peak, no few of them
 * cause it.
 */
const NARROW = 0.1;

/** Findings that cost time come before findings of memory. */
const WEIGHT = 0.25;

export const activationPeak: Audit = {
  id: 'activation-peak',
  title: 'A few layers need most of the activation memory',
  source: 'MCUNetV2, arXiv 2110.15352, section 3: the first blocks set the peak, and can run in patches',
  find({ profile: { layers: all, totals, bytesPerElement } }) {
    // Views hold what the layer before them made.
    const layers = all.filter(({ memoryAccessUnfused }) => memoryAccessUnfused > 0);
    const peak = totals.peakActivations;
    const high = layers.flatMap(({ aliveElements }, i) => (aliveElements > OTHERS * peak ? [i] : []));
    const [first, last] = [high[0], high.at(-1)];
    if (first === undefined || last === undefined) return null;
    const length = last - first + 1;
    if (length > NARROW * layers.length) return null;
    const others = layers.reduce(
      (most, { aliveElements }, i) => (i < first || i > last ? Math.max(most, aliveElements) : most),
      0,
    );
    const mebibytes = (elements: number): string => `${((elements * bytesPerElement) / 2 ** 20).toFixed(1)} MiB`;
    return {
      evidence: `${counted(length, 'layer')} of ${layers.length} ${length === 1 ? 'needs' : 'need'} up to ${mebibytes(peak)} of activations (${short(peak)} elements), every other at most ${mebibytes(others)}, ${percent(others, peak)} of it.`,
      figures: { layers: length, peakActivations: peak, peakOfOthers: others },
      layers: layers.slice(first, last + 1).map(({ name }) => name),
      fix: `${layers.some(({ op, aliveElements }) => aliveElements === peak && op === 'concat') ? JOINED : 'Run these layers in tiles of the image, or make them narrower or coarser'}; it matters where memory is short, not for speed.`,
      saves: { peakActivations: peak - others },
      share: (WEIGHT * (peak - others)) / peak,
    };
  },
};

const JOINED =
  'A concat holds its inputs and their copy at the peak: use a runtime in which the layers before it write into its memory (TensorRT, oneDNN), or join fewer channels';
