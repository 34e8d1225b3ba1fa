// The audit unfolded-norms: batch norms behind convolutions in a file that is made for inference.

import { layerKindOf } from '../../cost.js';
import { percent } from '../../numberText.js';
import { counted } from '../../plural.js';
import type { Graph, Node } from '../../graph.js';
import { again, savingOf, type Edit } from '../changed.js';
import type { Audit } from '../finding.js';
import { surroundingsOf } from '../surroundings.js';

/** Files that a runtime loads to run a network, not to train it. */
const FOR_INFERENCE: readonly string[] = ['onnx', 'tflite', 'tfjs'];

export const unfoldedNorms: Audit = {
  id: 'unfolded-norms',
  title: 'Batch norms are not folded into their convolutions',
  source: 'Jacob et al., arXiv 1712.05877, section 3.2: at inference a norm is a scale and a shift of the weights',
  find(subject) {
    const {
      graph,
      profile: { source, totals },
    } = subject;
    if (!FOR_INFERENCE.includes(source)) return null;
    const pairs = foldable(graph);
    if (pairs.length === 0) return null;
    const saves = savingOf(subject, folded(pairs));
    if (saves === undefined) return null;
    const whole = totals.memoryAccess.unfused;
    const saved = saves.memoryAccessUnfused ?? 0;
    return {
      evidence: `${counted(pairs.length, 'batch norm')} ${pairs.length === 1 ? 'stands' : 'stand'} behind a convolution or a linear layer of this inference file, ${percent(saved, whole) || '0 %'} of the unfused memory access.`,
      figures: { norms: pairs.length, memoryAccessUnfused: saved },
      layers: pairs.map(([, { name }]) => name),
      fix: "Export with folding (PyTorch: model.eval() and do_constant_folding), or let the runtime's optimiser write the file.",
      saves,
      share: saved / whole,
    };
  },
};

type Pair = readonly [layer: Node, norm: Node];

function foldable(graph: Graph): readonly Pair[] {
  const { onlyReader } = surroundingsOf(graph);
  return graph.nodes.flatMap((node): readonly Pair[] => {
    if (layerKindOf(node) === undefined) return [];
    const next = onlyReader(node.name);
    return next?.op === 'batchNorm' ? [[node, next]] : [];
  });
}

/** The layer gets a bias, and the norm is gone. */
function folded(pairs: readonly Pair[]): Edit {
  const layers = new Set(pairs.map(([{ name }]) => name));
  const norms = new Set(pairs.map(([, { name }]) => name));
  return (net, node, inputs) => {
    if (layers.has(node.name) && node.attributes['bias'] === false) return again(net, node, inputs, { bias: true });
    return norms.has(node.name) ? inputs[0] : undefined;
  };
}
