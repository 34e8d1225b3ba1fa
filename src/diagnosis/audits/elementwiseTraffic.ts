// The audit elementwise-traffic: norms, activations and sums that move more than they compute.

import { percent } from '../../numberText.js';
import { isOpName, opOf } from '../../ops/table.js';
import type { Layer } from '../../profile.js';
import { changed } from '../changed.js';
import type { Audit, AuditResult, Subject } from '../finding.js';

/**
 * Part of the fused memory access. In most networks only residual sums remain after a compiler: 13
 * % in ResNet-50.
 */
const STAYS = 0.25;
/** Of the time of a run that fuses nothing. */
const EAGER = 0.25;

export const elementwiseTraffic: Audit = {
  id: 'elementwise-traffic',
  title: 'Elementwise ops move much and compute little',
  source: 'ShuffleNetV2, arXiv 1807.11164, section 2 (G4) and Table 4',
  find(subject) {
    const { totals, layers } = subject.profile;
    const elementwise = layers.filter(({ op }) => isOpName(op) && opOf(op).traffic === 'elementwise');
    const sum = (part: 'memoryAccessUnfused' | 'memoryAccessFused'): number =>
      elementwise.reduce((all, layer) => all + layer[part], 0);
    const [memoryAccessUnfused, stays] = [sum('memoryAccessUnfused'), sum('memoryAccessFused')];
    const { unfused, fused } = totals.memoryAccess;
    return (
      ranEagerly(subject, elementwise, memoryAccessUnfused, stays) ??
      staysFused(elementwise, memoryAccessUnfused, stays, unfused, fused)
    );
  },
};

/** Time that a compiler would save: only where a run of every op as written shows it. */
function ranEagerly(
  { graph, timing, profile, savedTime }: Subject,
  elementwise: readonly Layer[],
  memoryAccessUnfused: number,
  stays: number,
): AuditResult | null {
  if (timing?.eager !== true) return null;
  const names = new Set(elementwise.map(({ name }) => name));
  const all = timing.layers.reduce((sum, layer) => sum + layer.milliseconds, 0);
  const spent = timing.layers
    .filter(({ layers: [name] }) => names.has(name!))
    .reduce((sum, layer) => sum + layer.milliseconds, 0);
  if (spent < EAGER * all) return null;
  const whole = profile.totals.memoryAccess.unfused;
  const absorbed = elementwise.filter((layer) => layer.memoryAccessFused < layer.memoryAccessUnfused);
  const gone = new Set(absorbed.filter(({ memoryAccessFused }) => memoryAccessFused === 0).map(({ name }) => name));
  // A sum that is absorbed still reads its other operand, so its time stays here.
  const milliseconds =
    savedTime?.(
      changed(graph, (_, { name, inputs: { length } }, inputs) =>
        gone.has(name) && length === 1 ? inputs[0] : undefined,
      ),
    ) ?? null;
  return {
    evidence: `${elementwise.length} elementwise ops take ${percent(spent, all)} of the ${timing.kind} time of the layers and ${percent(memoryAccessUnfused, whole)} of the memory access; fused, ${percent(stays, whole) || 'nothing'} of it would stay.`,
    figures: { ops: elementwise.length, memoryAccessUnfused, staysFused: stays, milliseconds: spent },
    layers: elementwise.map(({ name }) => name),
    fix: 'Run it through a compiler that fuses (torch.compile, TensorRT, ONNX Runtime), or fold the norms.',
    saves: {
      memoryAccessUnfused: memoryAccessUnfused - stays,
      launches: absorbed.length,
      ...(milliseconds === null ? {} : { milliseconds }),
    },
    share: spent / all,
  };
}

function staysFused(
  elementwise: readonly Layer[],
  memoryAccessUnfused: number,
  stays: number,
  unfused: number,
  fused: number,
): AuditResult | null {
  if (stays < STAYS * fused) return null;
  const left = elementwise.filter(({ memoryAccessFused }) => memoryAccessFused > 0);
  return {
    evidence: `${left.length} of ${elementwise.length} elementwise ops still move data where a compiler fuses all that it can: ${percent(stays, fused)} of the fused memory access (of every op, ${percent(memoryAccessUnfused, unfused)}).`,
    figures: { ops: elementwise.length, opsThatStay: left.length, memoryAccessUnfused, staysFused: stays },
    layers: left.map(({ name }) => name),
    fix: 'Leave out activations, norms and shortcuts that several ops read, or move them to where one op reads the result.',
    saves: {},
    share: stays / fused,
  };
}
