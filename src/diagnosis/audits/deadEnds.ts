// The audit dead-ends: layers whose results no output of the network reads.

import { counted } from '../../plural.js';
import { savingWith } from '../changed.js';
import type { Audit } from '../finding.js';

export const deadEnds: Audit = {
  id: 'dead-ends',
  title: 'Layers feed no output',
  source: 'a runtime removes them when it loads the file; an eager framework runs them',
  find(subject) {
    const {
      graph,
      profile: { deadEnds, layers, totals },
    } = subject;
    if (!deadEnds) return null;
    const names = new Set(deadEnds.layers);
    const dead = layers.filter(({ name }) => names.has(name));
    const { multAdds, params } = deadEnds;
    const memoryAccessUnfused = dead.reduce((all, layer) => all + layer.memoryAccessUnfused, 0);
    return {
      evidence: `No output depends on ${counted(names.size, 'layer')}.`,
      figures: { layers: names.size, multAdds, params, memoryAccessUnfused },
      layers: dead.map(({ name }) => name),
      fix: 'Remove them, or connect them to an output if they were meant to be used.',
      saves: savingWith(subject, { ...graph, nodes: graph.nodes.filter(({ name }) => !names.has(name)) }),
      share: totals.memoryAccess.unfused === 0 ? 0 : memoryAccessUnfused / totals.memoryAccess.unfused,
    };
  },
};
