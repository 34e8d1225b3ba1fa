// The audit costly-bottlenecks: a 1x1 convolution that costs more than it saves the next one.

import { percent, short } from '../../numberText.js';
import { counted } from '../../plural.js';
import type { Graph, Node } from '../../graph.js';
import { again, savingOf, type Edit } from '../changed.js';
import type { Audit } from '../finding.js';
import { chainAfter, surroundingsOf } from '../surroundings.js';

/**
 * The least share of the unfused memory access. A single layer (ResNet's first block) is below it.
 */
const WORTH = 0.02;

export const costlyBottlenecks: Audit = {
  id: 'costly-bottlenecks',
  title: '1x1 bottlenecks cost more than they save',
  source: 'VoVNet, arXiv 1904.09730, section 3.1: a 1x1 before a 3x3 adds memory access and a step',
  find(subject) {
    const {
      graph,
      profile: { totals },
    } = subject;
    const bottlenecks = bottlenecksOf(graph);
    if (bottlenecks.length === 0) return null;
    const saves = savingOf(subject, without(bottlenecks));
    const whole = totals.memoryAccess.unfused;
    const saved = saves?.memoryAccessUnfused ?? 0;
    if (saves === undefined || (saves.multAdds ?? 0) < 0 || saved < WORTH * whole) return null;
    const multAdds = saves.multAdds ?? 0;
    const layers = bottlenecks.map(([{ name }]) => name);
    return {
      evidence: `${counted(layers.length, '1x1 convolution')} ${layers.length === 1 ? 'costs' : 'cost'} more multiply-adds than ${layers.length === 1 ? 'it spares' : 'they spare'} the next convolution: without ${layers.length === 1 ? 'it' : 'them'} the network has ${short(multAdds)} fewer and ${percent(saved, whole)} less memory access.`,
      figures: { convolutions: layers.length, multAdds, memoryAccessUnfused: saved },
      layers,
      fix:
        layers.length === 1
          ? 'Leave it out, with the norm and the activation behind it, so that the next convolution reads the wider input.'
          : 'Leave them out, with the norm and the activation behind each, so that the next convolution reads the wider input.',
      saves,
      share: saved / whole,
    };
  },
};

/** Each 1x1 convolution with what goes with it. */
type Bottleneck = readonly [Node, ...Node[]];

function bottlenecksOf(graph: Graph): readonly Bottleneck[] {
  const around = surroundingsOf(graph);
  const shapes = new Map(
    [...graph.inputs, ...graph.nodes].map(({ name, shape }) => [name, shape as readonly number[]]),
  );
  return graph.nodes.flatMap((node): readonly Bottleneck[] => {
    if (!isPlain(node) || !(node.attributes['kernel'] as readonly number[]).every((side) => side === 1)) return [];
    if (!(node.attributes['stride'] as readonly number[]).every((step) => step === 1)) return [];
    const { passed, end } = chainAfter(node, around);
    if (end === undefined || !isPlain(end)) return [];
    const area = (end.attributes['kernel'] as readonly number[]).reduce((all, side) => all * side, 1);
    if (area === 1) return [];
    const [[, input, h, w], [, width]] = [shapes.get(node.inputs[0]!)!, node.shape as readonly number[]];
    const [, output, ho, wo] = end.shape as readonly number[];
    const spared = area * (input! - width!) * output! * ho! * wo!;
    const paid = input! * width! * h! * w!;
    return paid > spared ? [[node, ...passed]] : [];
  });
}

/** Of two sides, with weights of its own: a computed kernel has no size in the attributes. */
const isPlain = (node: Node): boolean => node.op === 'conv' && node.attributes['groups'] === 1;

function without(bottlenecks: readonly Bottleneck[]): Edit {
  const dropped = new Set(bottlenecks.flat().map(({ name }) => name));
  const widened = new Set<string>();
  return (net, node, inputs) => {
    if (dropped.has(node.name)) {
      widened.add(node.name);
      return inputs[0];
    }
    return node.inputs.some((name) => widened.has(name)) ? again(net, { ...node, tensors: {} }, inputs) : undefined;
  };
}
