// Where the cost of one network lies: its stages, blocks and layers, by a cost that is chosen.

import { ALONE, PROFILED } from '../text/layerClock.js';
import { milliseconds, short } from '../text/number.js';
import type { Answer } from './answer.js';
import type { ReportLayer } from './layerRow.js';

/** A part of the network: a stage, a block or a layer. */
export interface Part {
  readonly name: string;
  readonly cost: number;
  readonly parts: readonly Part[];
  /** What it is: "stage", "block", or the kind of a layer. */
  readonly words: string;
}

export interface Cost {
  readonly title: string;
  readonly show: (value: number) => string;
  /** What a sum of it is called, where that is not the whole. */
  readonly sum: string;
  readonly of: (layer: ReportLayer, place: number) => number;
}

/** Time first, where it is known. */
export function costsOf({ kind, layers, profiled = false }: Answer): readonly Cost[] {
  const time: Cost = {
    title: kind === 'measured' ? 'time, measured' : 'time, predicted (not measured)',
    show: (value) => `${milliseconds(value)} ms${kind === 'predicted' ? ' predicted' : ''}`,
    sum: kind === 'measured' ? ` (the sum of its layers, ${profiled ? PROFILED : ALONE})` : '',
    of: (_, place) => layers[place]?.[1] ?? 0,
  };
  return [
    ...(kind === 'counts' ? [] : [time]),
    { title: 'memory access, unfused', show: elements, sum: '', of: ({ memoryAccessUnfused }) => memoryAccessUnfused },
    { title: 'memory access, fused', show: elements, sum: '', of: ({ memoryAccessFused }) => memoryAccessFused },
    { title: 'multiply-adds', show: short, sum: '', of: ({ multAdds }) => multAdds },
    { title: 'parameters', show: short, sum: '', of: ({ params }) => params },
  ];
}

const elements = (value: number): string => `${short(value)} elements`;

/** Stages of blocks of layers; a stage of one block has its layers at once. */
export function partsOf(
  layers: readonly ReportLayer[],
  cost: Cost,
): { readonly cost: number; readonly parts: readonly Part[] } {
  const leaves = layers.map((layer, place) => ({
    ...{ stage: layer.stage, block: layer.block, name: layer.name, words: layer.kind },
    cost: cost.of(layer, place),
  }));
  const gathered = (rows: typeof leaves, key: 'stage' | 'block'): readonly (readonly [string, typeof leaves])[] => {
    const groups = new Map<string, typeof leaves>();
    for (const row of rows) {
      const group = groups.get(row[key]);
      if (group) group.push(row);
      else groups.set(row[key], [row]);
    }
    return [...groups];
  };
  const part = (name: string, parts: readonly Part[], words: string): Part => ({
    name,
    cost: totalOf(parts),
    parts,
    words,
  });
  const leaf = ({ name, cost: own, words }: (typeof leaves)[number]): Part => ({ name, cost: own, parts: [], words });
  const stages = gathered(leaves, 'stage').map(([stage, rows]) => {
    const blocks = gathered(rows, 'block');
    const parts =
      blocks.length === 1 ? rows.map(leaf) : blocks.map(([block, members]) => part(block, members.map(leaf), 'block'));
    return part(stage, parts, 'stage');
  });
  return { cost: totalOf(stages), parts: stages };
}

export const totalOf = (parts: readonly Pick<Part, 'cost'>[]): number => parts.reduce((sum, { cost }) => sum + cost, 0);

/** A name without the name of the part around it. */
export const briefName = (name: string, around: string): string =>
  name.startsWith(`${around}.`) ? name.slice(around.length + 1) : name;
