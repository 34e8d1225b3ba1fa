// The audit unfolded-norms: batch norms behind convolutions in a file that is made for inference.

import { percent } from '../../numberText.js';
import { counted } from '../../plural.js';
import { savingOf } from '../changed.js';
import type { Audit } from '../finding.js';
import { foldable, folding } from '../folding.js';

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
    const saves = savingOf(subject, folding(pairs));
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
