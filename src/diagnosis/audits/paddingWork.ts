// The audit padding-work: multiply-adds on the zeros around an image, counted exactly.

import { layerKindOf } from '../../cost.js';
import { percent, short } from '../../numberText.js';
import { counted } from '../../plural.js';
import type { Layer } from '../../profile.js';
import type { Audit } from '../finding.js';

/** The least share of the multiply-adds. ResNet-50 has 6 % at 224 x 224. */
const WORTH = 0.15;

export const paddingWork: Audit = {
  id: 'padding-work',
  title: 'Multiply-adds fall on padding',
  source: 'counted exactly: window positions outside of the image; direct and implicit-GEMM kernels multiply the zeros',
  find({ profile: { layers, totals } }) {
    const padded = layers.map((layer) => ({ layer, zeros: multAddsOnPadding(layer) })).filter(({ zeros }) => zeros > 0);
    const zeros = padded.reduce((sum, one) => sum + one.zeros, 0);
    if (zeros < WORTH * totals.multAdds || padded.length === 0) return null;
    const worst = padded.reduce((a, b) => (b.zeros > a.zeros ? b : a));
    return {
      evidence: `${short(zeros)} multiply-adds, ${percent(zeros, totals.multAdds)} of all, are on zeros around the image in ${counted(padded.length, 'convolution')}; in ${worst.layer.name} ${percent(worst.zeros, worst.layer.multAdds)} of its own.`,
      figures: { multAddsOnPadding: zeros, convolutions: padded.length },
      layers: padded.map(({ layer }) => layer.name),
      fix: 'Use smaller kernels or dilations where maps are small, a larger image, or fewer layers at the smallest resolution.',
      saves: {},
      share: zeros / totals.multAdds,
    };
  },
};

/** 0 for what is no plain convolution. */
export function multAddsOnPadding(layer: Layer): number {
  const { kernel, stride, padding, dilation, groups, inShape, outShape, multAdds } = layer;
  if (layerKindOf(layer) !== 'conv' || !kernel || !stride || !padding || groups === null) return 0;
  const sides = kernel.length;
  const [places, taps] = [outShape.slice(2), kernel].map((list) => list.reduce((all, side) => all * side, 1));
  if (multAdds !== places! * taps! * outShape[0]! * outShape[1]! * (inShape[1]! / groups)) return 0;
  if (padding.length !== 2 * sides) return 0;
  const inside = kernel.reduce((all, size, i) => {
    const window = { size, stride: stride[i]!, before: padding[i]!, dilation: dilation?.[i] ?? 1 };
    return all * insideAlong(inShape[2 + i]!, outShape[2 + i]!, window);
  }, 1);
  return multAdds - (multAdds / (places! * taps!)) * inside;
}

/** Pairs of a window and one of its elements that lie on the image, along one side. */
function insideAlong(
  side: number,
  windows: number,
  { size, stride, before, dilation }: { size: number; stride: number; before: number; dilation: number },
): number {
  let inside = 0;
  for (let tap = 0; tap < size; tap++) {
    const offset = tap * dilation - before;
    const first = Math.max(0, Math.ceil(-offset / stride));
    const last = Math.min(windows - 1, Math.floor((side - 1 - offset) / stride));
    inside += Math.max(0, last - first + 1);
  }
  return inside;
}
