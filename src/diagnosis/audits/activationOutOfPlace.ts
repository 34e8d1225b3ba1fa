// The audit of activations that keep their input and could overwrite it instead.

import { bytes, percent } from '../../numberText.js';
import { counted } from '../../plural.js';
import { stepCost } from '../../training/stepCost.js';
import type { ForwardStep, Tape } from '../../training/tape.js';
import { tapeFrom } from '../../training/training.js';
import type { Audit } from '../finding.js';
import type { Trained } from '../trained.js';
import { savedOfStep } from '../trainedSubject.js';

/** The part of all kept bytes below which nothing is said. */
const WORTH = 0.02;

/**
 * A ReLU keeps its output, which the next convolution keeps too: overwriting its input saves
 * nothing that is kept. A leaky ReLU, ELU or CELU keeps its input, but its in-place form keeps its
 * output. SiLU, GELU and hard-swish need their input in either form.
 */
export const activationOutOfPlace: Audit = {
  id: 'activation-out-of-place',
  title: 'Activations keep their input, and could overwrite it',
  source: 'PyTorch 2.13: tools/autograd/derivatives.yaml, leaky_relu_, elu_ and celu_ are written with their result',
  find({ training }) {
    const changed = training && inPlaceWhereItSaves(training);
    if (!training || !changed) return null;
    const { tape, segments } = training;
    const before = stepCost(tape, segments);
    const saves = savedOfStep(before, stepCost(changed.tape, segments));
    const { keptBytes: saved = 0 } = saves;
    if (saved < WORTH * before.keptBytes) return null;
    return {
      evidence: `${counted(changed.layers.length, 'activation')} could overwrite their input, and keep it beside their output: ${bytes(saved)}, ${percent(saved, before.keptBytes)} of what the step keeps.`,
      figures: { activations: changed.layers.length, keptBytes: saved, stepKeptBytes: before.keptBytes },
      layers: changed.layers,
      fix: 'Give these activations inplace=True: they then keep their output, which the next layer keeps in any case.',
      saves,
      share: saved / before.keptBytes,
    };
  },
};

/**
 * The same training with activations in place, where these then keep their output instead of their
 * input.
 */
function inPlaceWhereItSaves({
  tape,
  implementation,
  options,
}: Trained): { readonly tape: Tape; readonly layers: readonly string[] } | undefined {
  if (options.inPlace === true) return undefined;
  const before = new Map(tape.steps.map((step) => [step.name, step]));
  const keepsOnly = (step: ForwardStep, what: 'input' | 'output'): boolean =>
    step.keeps.length > 0 && step.keeps.every((kept) => kept.what === what);
  const layers = tapeFrom(tape.graph, implementation, { ...options, inPlace: true })
    .steps.filter((step) => {
      const now = before.get(step.name)!;
      return step.inPlace && !now.inPlace && keepsOnly(now, 'input') && keepsOnly(step, 'output');
    })
    .map(({ name }) => name);
  if (layers.length === 0) return undefined;
  return { tape: tapeFrom(tape.graph, implementation, { ...options, inPlace: new Set(layers) }), layers };
}
