// The audit squeeze-excitations: channel gates that cost many launches and compute almost nothing.

import type { Graph, Node } from '../../graph.js';
import { percent } from '../../numberText.js';
import { counted } from '../../plural.js';
import { changed, savingWith, type Edit } from '../changed.js';
import type { Audit } from '../finding.js';

/** Of the ops that are launched. */
const LAUNCHES = 0.1;
/** Of the multiply-adds: a gate that computes more is work. */
const WORK = 0.02;

export const squeezeExcitations: Audit = {
  id: 'squeeze-excitations',
  title: 'Channel gates are launches without work',
  source:
    'ShuffleNetV2, arXiv 1807.11164, Table 8: SE slows 2x from 217 to 161 batches/s on a GPU for 1 % more multiply-adds',
  find(subject) {
    const {
      graph,
      profile: { totals },
    } = subject;
    const gates = gatesOf(graph);
    if (gates.size === 0) return null;
    const after = changed(graph, withoutGates(gates));
    const left = new Set(after.nodes.map(({ name }) => name));
    const saves = savingWith(subject, after);
    const [launches, multAdds] = [saves.launches ?? 0, saves.multAdds ?? 0];
    if (launches < LAUNCHES * totals.ops || multAdds > WORK * totals.multAdds) return null;
    return {
      evidence: `${counted(gates.size, 'gate')} of channels (squeeze and excitation) ${gates.size === 1 ? 'is' : 'are'} ${launches} of ${totals.ops} ops and ${percent(multAdds, totals.multAdds) || '0 %'} of the multiply-adds.`,
      figures: { gates: gates.size, launches, multAdds },
      layers: graph.nodes.filter(({ name }) => !left.has(name)).map(({ name }) => name),
      fix: 'Gate fewer blocks (the last of each stage, as timm does for VoVNet), or with one layer instead of two (eSE); accuracy must be trained again.',
      saves,
      share: launches / totals.ops,
    };
  },
};

/** Products of a map and one number for each channel that is computed from means of channels. */
function gatesOf({ nodes }: Graph): ReadonlyMap<string, number> {
  const known = new Map(nodes.map((node) => [node.name, node]));
  const positions = (node: Node | undefined): number =>
    node === undefined ? Infinity : (node.shape.slice(2) as readonly number[]).reduce((all, side) => all * side, 1);
  const gates = new Map<string, number>();
  for (const node of nodes) {
    if (node.op !== 'multiply' || positions(node) <= 1) continue;
    const gate = node.inputs.findIndex((name) => {
      const made = known.get(name);
      return made?.shape.length === 4 && positions(made) === 1 && isSqueezed(made, known, positions);
    });
    if (gate >= 0) gates.set(node.name, 1 - gate);
  }
  return gates;
}

/** Whether one path of ops on single positions leads back to a mean over a map. */
function isSqueezed(
  gate: Node,
  known: ReadonlyMap<string, Node>,
  positions: (node: Node | undefined) => number,
): boolean {
  let node: Node | undefined = gate;
  for (let steps = 0; node !== undefined && steps < MOST_STEPS; steps++) {
    const source: Node | undefined = known.get(node.inputs[0] ?? '');
    if (source !== undefined && positions(source) > 1) return node.op === 'globalAvgPool' || node.op === 'reduce';
    node = source;
  }
  return false;
}

/** Squeeze, two layers, two activations, and some views between them. */
const MOST_STEPS = 12;

const withoutGates =
  (gates: ReadonlyMap<string, number>): Edit =>
  (_, node, inputs) => {
    const kept = gates.get(node.name);
    return kept === undefined ? undefined : inputs[kept];
  };
