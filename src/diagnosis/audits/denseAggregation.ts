// The audit dense-aggregation: concats that copy again what an earlier concat has copied.

import { percent } from '../../numberText.js';
import { counted } from '../../plural.js';
import { osaDesign } from '../osaDesign.js';
import type { Audit, Subject } from '../finding.js';
import { elementsOf } from '../elements.js';

/**
 * The least share of the unfused memory access. Feature pyramids join levels too, and are below it.
 */
const WORTH = 0.1;

export const denseAggregation: Audit = {
  id: 'dense-aggregation',
  title: 'Concats copy the same features again and again',
  source: 'VoVNet, arXiv 1904.09730, section 3: dense connections cost memory access that grows with depth squared',
  find(subject) {
    const { profile } = subject;
    const { concats, copied, memoryAccessUnfused: spent } = copiesOf(subject);
    const whole = profile.totals.memoryAccess.unfused;
    const again = 2 * copied;
    if (again < WORTH * whole) return null;
    const design = osaDesign(subject);
    return {
      evidence: `${counted(concats.length, 'concat')} make ${percent(spent, whole)} of the unfused memory access; ${percent(again, whole)} is copying again what an earlier concat had copied.`,
      figures: { concats: concats.length, memoryAccessUnfused: spent, copiedAgain: copied },
      layers: concats,
      fix: design
        ? `Aggregate once: ${design.about} has ${percent(design.multAdds, profile.totals.multAdds)} of the multiply-adds; flopscope redesign -o FOLDER writes it as YAML (recipe-1).`
        : 'Aggregate once, at the end of each block, as VoVNet does: every feature is then copied once.',
      saves: design ? design.saves : { memoryAccessUnfused: again },
      share: again / whole,
    };
  },
};

/** The concats that copy something again, and the elements that they copy again. */
function copiesOf({ graph, profile: { layers } }: Subject): {
  readonly concats: readonly string[];
  readonly copied: number;
  readonly memoryAccessUnfused: number;
} {
  const joins = new Set(graph.nodes.filter(({ op }) => op === 'concat').map(({ name }) => name));
  const once = new Set<string>();
  const concats: string[] = [];
  let [copied, memoryAccessUnfused] = [0, 0];
  const sizes = new Map([...graph.inputs, ...graph.nodes].map(({ name, shape }) => [name, elementsOf(shape)]));
  for (const { name, inputs } of graph.nodes) {
    if (!joins.has(name)) continue;
    let before = 0;
    for (const input of inputs) {
      if (joins.has(input) || once.has(input)) before += sizes.get(input) ?? 0;
      once.add(input);
    }
    if (before === 0) continue;
    copied += before;
    concats.push(name);
  }
  const named = new Set(concats);
  for (const layer of layers) if (named.has(layer.name)) memoryAccessUnfused += layer.memoryAccessUnfused;
  return { concats, copied, memoryAccessUnfused };
}
