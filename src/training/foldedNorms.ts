// Tells whether a file has its norms folded. Its training figures are then those of another
// network.

import type { Folding, Graph } from '../graph.js';
import { counted } from '../plural.js';
import type { Source } from '../profile.js';

/** A file for inference. Its training figures are not those of the network that was trained. */
export interface FoldedNorms {
  readonly convolutions: number;
  readonly evidence: Folding['evidence'];
  readonly source: Source;
}

/** Any norm that is left shows that none was folded, unless names show that one was. */
const NORMS: ReadonlySet<string> = new Set(['batchNormAct', 'layerNorm', 'groupNorm', 'instanceNorm', 'rmsNorm']);

/** Undefined where nothing shows it. */
export function foldedNorms({ folding, nodes }: Graph, source: Source): FoldedNorms | undefined {
  if (!folding) return undefined;
  if (folding.evidence === 'possible' && nodes.some(({ op }) => NORMS.has(op))) return undefined;
  return { convolutions: folding.convolutions.length, evidence: folding.evidence, source };
}

/** One sentence: what the figures are not, and how to have them. */
export function foldedNormsText({ convolutions, evidence, source }: FoldedNorms): string {
  const into = counted(convolutions, 'convolution');
  const says =
    evidence === 'named'
      ? `are not those of the network that was trained: it has batch norms folded into ${into}`
      : `may not be those of the network that was trained: it has no norm, and batch norms may be folded into its ${into} with a bias`;
  return `Training figures of this file ${says}; ${REMEDIES[source] ?? PYTORCH}.`;
}

const PYTORCH =
  'write the model in train mode, with torch.export or torch.onnx.export(training=TrainingMode.TRAINING, do_constant_folding=False)';
const BEFORE = 'give the .keras file or SavedModel from before the conversion';
const REMEDIES: Readonly<Partial<Record<Source, string>>> = { tflite: BEFORE, tensorflow: BEFORE, tfjs: BEFORE };
