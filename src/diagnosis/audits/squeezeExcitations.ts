// The audit squeeze-excitations: channel gates that cost many launches and compute almost nothing.

import { layerKindOf } from '../../cost.js';
import type { Graph, Node } from '../../graph.js';
import { percent } from '../../numberText.js';
import { counted } from '../../plural.js';
import { changed, savingWith, type Edit } from '../changed.js';
import type { Audit } from '../finding.js';

/** The least share of the launched ops. */
const LAUNCHES = 0.1;
/** The largest share of the multiply-adds. Gates above it do real work. */
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
      fix: fixOf(gates, graph),
      saves,
      share: launches / totals.ops,
    };
  },
};

/** What can still be done: fewer gates in a stage, fewer layers in a gate, or none at all. */
function fixOf(gates: ReadonlyMap<string, Gate>, { nodes }: Graph): string {
  const stages = nodes.filter(({ name }) => gates.has(name)).map(({ stage }) => stage);
  const several = new Set(stages).size < stages.length;
  const deep = [...gates.values()].some(({ layers }) => layers > 1);
  const fewer = 'Gate fewer blocks (the last of each stage, as timm does for VoVNet)';
  const shallower = 'one layer instead of two (eSE)';
  const trained = 'accuracy must be trained again.';
  if (several) return deep ? `${fewer}, or with ${shallower}; ${trained}` : `${fewer}; ${trained}`;
  if (deep) return `Gate with ${shallower}, or leave the gates out; ${trained}`;
  return `Leave the gates out, those at the highest resolution first, which move the most: each stage has only one, of one layer; ${trained}`;
}

interface Gate {
  /** Which input of the product is the map. */
  readonly map: number;
  /** Convolutions and linear layers that compute the gate. */
  readonly layers: number;
}

/** Products of a map and one number for each channel that is computed from means of channels. */
function gatesOf({ nodes }: Graph): ReadonlyMap<string, Gate> {
  const known = new Map(nodes.map((node) => [node.name, node]));
  const positions = (node: Node | undefined): number =>
    node === undefined ? Infinity : (node.shape.slice(2) as readonly number[]).reduce((all, side) => all * side, 1);
  const gates = new Map<string, Gate>();
  for (const node of nodes) {
    if (node.op !== 'multiply' || positions(node) <= 1) continue;
    for (const [i, name] of node.inputs.entries()) {
      const made = known.get(name);
      if (made?.shape.length !== 4 || positions(made) !== 1) continue;
      const layers = layersAfterSqueeze(made, known, positions);
      if (layers === undefined) continue;
      gates.set(node.name, { map: 1 - i, layers });
      break;
    }
  }
  return gates;
}

/**
 * The convolutions and linear layers of one path on single positions back to a mean over a map;
 * undefined where it leads to none.
 */
function layersAfterSqueeze(
  gate: Node,
  known: ReadonlyMap<string, Node>,
  positions: (node: Node | undefined) => number,
): number | undefined {
  let node: Node | undefined = gate;
  let layers = 0;
  for (let steps = 0; node !== undefined && steps < MOST_STEPS; steps++) {
    const source: Node | undefined = known.get(node.inputs[0] ?? '');
    if (source !== undefined && positions(source) > 1)
      return node.op === 'globalAvgPool' || node.op === 'reduce' ? layers : undefined;
    if (layerKindOf(node) !== undefined) layers++;
    node = source;
  }
  return undefined;
}

/** Squeeze, two layers, two activations, and some views between them. */
const MOST_STEPS = 12;

const withoutGates =
  (gates: ReadonlyMap<string, Gate>): Edit =>
  (_, node, inputs) => {
    const kept = gates.get(node.name);
    return kept === undefined ? undefined : inputs[kept.map];
  };
