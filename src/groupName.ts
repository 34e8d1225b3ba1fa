// The name of a group of layers where its layers are in none: "(no stage)".

/** @param grouping "stage", "block" or "op" */
export const groupName = (name: string, grouping: string): string => name || `(no ${grouping})`;

interface Grouped {
  readonly stage: string;
  readonly block: string;
  readonly op: string;
}

/**
 * The group of each layer, "" for none. A block's name that several stages have stands behind its
 * stage: "stage2/blocks.0".
 */
export function groupOf(layers: readonly Grouped[], grouping: keyof Grouped): (layer: Grouped) => string {
  if (grouping !== 'block') return (layer) => layer[grouping];
  const stages = new Map<string, string>();
  const several = new Set<string>();
  for (const { stage, block } of layers) {
    if (stages.has(block) && stages.get(block) !== stage) several.add(block);
    stages.set(block, stage);
  }
  return ({ stage, block }) => (block !== '' && several.has(block) ? `${stage}/${block}` : block);
}
