// The audit early-resolution: much of the cost lies before a quarter of the image's sides.

import type { Graph, Node } from '../../graph.js';
import { layerKindOf } from '../../cost.js';
import { percent } from '../../numberText.js';
import { counted } from '../../plural.js';
import type { Layer } from '../../profile.js';
import { again, savingOf, type Edit } from '../changed.js';
import type { Audit } from '../finding.js';
import { surroundingsOf } from '../surroundings.js';

/** The largest stride that is early: 2, with room for rounded odd sides. */
const EARLY = 3;
/** Images of fewer pixels a side (CIFAR) are not brought to a quarter at once. */
const SMALL = 64;
/** The least share of the unfused memory access. A ResNet's stem has 5 %. */
const WORTH = 0.4;

export const earlyResolution: Audit = {
  id: 'early-resolution',
  title: 'Much of the cost lies at high resolution',
  source:
    'Inception-v3, arXiv 1512.00567, section 5, and ResNet, arXiv 1512.03385, Table 1: a stem brings the image to a quarter',
  find(subject) {
    const { graph, profile } = subject;
    const { layers, totals, input } = profile;
    const isEarly = ({ outShape }: Layer): boolean =>
      outShape.length === 4 && outShape[2]! * EARLY > input.h && outShape[3]! * EARLY > input.w;
    if (Math.min(input.h, input.w) < SMALL) return null;
    const early = layers.filter(isEarly);
    const ends = new Set(graph.outputs);
    // An output of this resolution, such as a mask or an image, needs these layers.
    if (early.some(({ name }) => ends.has(name))) return null;
    const memoryAccessUnfused = early.reduce((sum, layer) => sum + layer.memoryAccessUnfused, 0);
    const multAdds = early.reduce((sum, layer) => sum + layer.multAdds, 0);
    const whole = totals.memoryAccess.unfused;
    if (memoryAccessUnfused < WORTH * whole) return null;
    const names = new Set(early.map(({ name }) => name));
    const moved = movedStride(graph, names);
    const saves = moved && savingOf(subject, moved.edit);
    return {
      evidence: `${counted(early.length, 'layer')} at a half of the image's sides or more ${early.length === 1 ? 'makes' : 'make'} ${percent(memoryAccessUnfused, whole)} of the memory access and ${percent(multAdds, totals.multAdds) || '0 %'} of the multiply-adds.`,
      figures: { layers: early.length, memoryAccessUnfused, multAdds },
      layers: early.map(({ name }) => name),
      fix: saves
        ? `Halve the sides earlier: with the stride of ${moved.from} in ${moved.to}, everything between runs at a quarter of the positions.`
        : 'Halve the sides earlier, in the first convolutions, so that fewer layers run at this resolution.',
      saves: saves ?? {},
      share: memoryAccessUnfused / whole,
    };
  },
};

interface Moved {
  readonly from: string;
  readonly to: string;
  readonly edit: Edit;
}

/** The last early stride, moved to the first early window of stride 1. */
function movedStride(graph: Graph, early: ReadonlySet<string>): Moved | undefined {
  const { readersOf } = surroundingsOf(graph);
  const windowOf = ({ attributes }: Node): number =>
    Math.max(...((attributes['kernel'] as readonly number[] | undefined) ?? [1]));
  const strideOf = ({ attributes }: Node): number =>
    Math.max(...((attributes['stride'] as readonly number[] | undefined) ?? [1]));
  const to = graph.nodes.find(
    (node) => early.has(node.name) && layerKindOf(node) === 'conv' && windowOf(node) > 1 && strideOf(node) === 1,
  );
  const leaving = graph.nodes.filter((node) => !early.has(node.name) && node.inputs.some((name) => early.has(name)));
  const [from] = leaving;
  if (to === undefined || from === undefined || leaving.length > 1 || strideOf(from) !== 2) return undefined;
  if (readersOf(from.inputs[0]!).length > 1) return undefined;
  const evenWindow = layerKindOf(from) === undefined && windowOf(from) === 2;
  const edit: Edit = (net, node, inputs) => {
    if (node === to) return again(net, node, inputs, { stride: [2, 2] });
    if (node !== from) return undefined;
    return evenWindow ? inputs[0] : again(net, node, inputs, { stride: [1, 1] });
  };
  return { from: from.name, to: to.name, edit };
}
