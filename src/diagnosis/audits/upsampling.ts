// The audit upsampling: 1x1 convolutions behind an enlargement, and enlargements that move much.

import type { Graph, Node } from '../../graph.js';
import { percent } from '../../numberText.js';
import { counted } from '../../plural.js';
import { again, savingOf, type Edit } from '../changed.js';
import type { Audit } from '../finding.js';
import { surroundingsOf } from '../surroundings.js';

const ENLARGES: readonly string[] = ['upsample', 'resize'];
/** The least share of the multiply-adds, or of the unfused memory access. */
const WORTH = 0.01;

export const upsampling: Audit = {
  id: 'upsampling',
  title: '1x1 convolutions run on enlarged maps',
  source:
    'a 1x1 convolution is one product for each position, so it commutes with interpolation (Long et al., arXiv 1411.4038)',
  find(subject) {
    const {
      graph,
      profile: { totals },
    } = subject;
    const pairs = swappable(graph);
    if (pairs.length === 0) return null;
    const saves = savingOf(subject, swapped(pairs));
    const [multAdds, memoryAccessUnfused] = [saves?.multAdds ?? 0, saves?.memoryAccessUnfused ?? 0];
    const share = Math.max(multAdds / totals.multAdds, memoryAccessUnfused / totals.memoryAccess.unfused);
    if (saves === undefined || share < WORTH) return null;
    return {
      evidence: `${counted(pairs.length, '1x1 convolution')} ${pairs.length === 1 ? 'reads' : 'read'} what was just enlarged: done before, ${percent(multAdds, totals.multAdds)} of the multiply-adds and ${percent(memoryAccessUnfused, totals.memoryAccess.unfused) || '0 %'} of the memory access go.`,
      figures: { convolutions: pairs.length, multAdds, memoryAccessUnfused },
      layers: pairs.flatMap(([enlarged, { name }]) => [enlarged.name, name]),
      fix: 'Convolve first and enlarge the result: the outputs are the same, since interpolation and a 1x1 convolution commute.',
      saves,
      share,
    };
  },
};

type Pair = readonly [enlarged: Node, convolution: Node];

function swappable(graph: Graph): readonly Pair[] {
  const { onlyReader } = surroundingsOf(graph);
  return graph.nodes.flatMap((node): readonly Pair[] => {
    if (!ENLARGES.includes(node.op)) return [];
    const next = onlyReader(node.name);
    return next?.op === 'conv' && isPointwise(next) ? [[node, next]] : [];
  });
}

const isPointwise = ({ attributes }: Node): boolean =>
  ['kernel', 'stride'].every((field) => (attributes[field] as readonly number[]).every((side) => side === 1)) &&
  (attributes['padding'] as readonly number[]).every((side) => side === 0);

function swapped(pairs: readonly Pair[]): Edit {
  const enlarged = new Set(pairs.map(([{ name }]) => name));
  const before = new Map(pairs.map(([node, { name }]) => [name, node]));
  return (net, node, inputs) => {
    if (enlarged.has(node.name)) return inputs[0];
    const enlargement = before.get(node.name);
    return enlargement && again(net, enlargement, [again(net, node, inputs)]);
  };
}
