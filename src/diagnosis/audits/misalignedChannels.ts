// The audit misaligned-channels: widths that kernels pad with zeros.

import { layerKindOf } from '../../cost.js';
import { percent } from '../../numberText.js';
import { counted } from '../../plural.js';
import { fixedByTask } from '../../redesign/advice.js';
import type { Layer } from '../../profile.js';
import type { Audit, Subject } from '../finding.js';

/** Tensor cores take 8 half-precision values at a time. */
const TENSOR_CORES = 8;
/** oneDNN's layout nChw16c: one AVX-512 register of 16 floats. */
const SIMD = 16;
/** Narrower layers (an image, a mask) are not the designer's choice. */
const LEAST = 8;
/** The least share of work on zeros. */
const WORTH = 0.03;

export const misalignedChannels: Audit = {
  id: 'misaligned-channels',
  title: 'Channels are not a multiple of what kernels take',
  source:
    'NVIDIA, Deep Learning Performance Guide (convolutional layers: multiples of 8 in fp16); oneDNN, layout nChw16c',
  find(subject) {
    const { graph, profile } = subject;
    const step = stepOf(subject);
    const fixed = fixedByTask(graph);
    const odd = profile.layers.filter((layer) => !fixed.has(layer.name) && isOdd(layer, step));
    const more = odd.reduce((sum, layer) => sum + padded(layer, step) - layer.multAdds, 0);
    const { multAdds } = profile.totals;
    if (odd.length === 0 || more < WORTH * multAdds) return null;
    const worst = odd.reduce((a, b) => (padded(b, step) - b.multAdds > padded(a, step) - a.multAdds ? b : a));
    const [input, output] = widths(worst);
    const up = (width: number): number => step * Math.ceil(width / step);
    return {
      evidence: `${counted(odd.length, 'layer')} ${odd.length === 1 ? 'has' : 'have'} channels that are not a multiple of ${step}; padded with zeros ${odd.length === 1 ? 'it does' : 'they do'} ${percent(more, multAdds)} more multiply-adds, most in ${worst.name} (${input} -> ${output}).`,
      figures: { layers: odd.length, step, multAddsOnZeros: more },
      layers: odd.map(({ name }) => name),
      fix: `Use multiples of ${step}: ${up(input)} -> ${up(output)} for ${worst.name} costs the same on a device that pads.`,
      saves: {},
      share: more / (multAdds + more),
    };
  },
};

/** The step of a CPU where a run on one is known, else that of tensor cores. */
const stepOf = ({ timing }: Subject): number => (timing?.device === 'cpu' ? SIMD : TENSOR_CORES);

const widths = ({ inShape, outShape, op }: Layer): readonly [number, number] =>
  layerKindOf({ op }) === 'linear' ? [inShape.at(-1)!, outShape.at(-1)!] : [inShape[1]!, outShape[1]!];

/** Grouped and depthwise convolutions have kernels of their own. */
function isOdd(layer: Layer, step: number): boolean {
  if (layerKindOf(layer) === undefined || (layer.groups ?? 1) !== 1) return false;
  const [input, output] = widths(layer);
  return Math.min(input, output) >= LEAST && (input % step > 0 || output % step > 0);
}

/** Multiply-adds of the layer with both widths filled up. */
function padded(layer: Layer, step: number): number {
  const [input, output] = widths(layer);
  const [wideInput, wideOutput] = [step * Math.ceil(input / step), step * Math.ceil(output / step)];
  return (layer.multAdds / (input * output)) * wideInput * wideOutput;
}
