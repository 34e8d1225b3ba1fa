// The parts of a network as a tree: stages, their blocks, their layers, each with its cost.

import type { CountName } from '../../../src/metrics/countNames.js';
import type { Layer } from '../../../src/profile.js';
import { partOf } from '../state/metrics.js';

export interface Part {
  /** The names that lead to it, joined; unique in its network. */
  readonly key: string;
  readonly name: string;
  readonly kind: 'network' | 'stage' | 'block' | 'layer';
  readonly cost: number;
  readonly parts: readonly Part[];
  /** The place of its stage, which sets its colour. */
  readonly stage: number;
  /** Of a layer: its place among all layers. */
  readonly layer?: number;
}

/** A stage of one block has its layers at once, and so have layers that stand in no block. */
export function partsOf(name: string, layers: readonly Layer[], metric: CountName): Part {
  const all = layers.map((layer, place) => ({ layer, place }));
  const stages = gathered(all, ({ layer }) => layer.stage).map(([stage, rows], at): Part => {
    const key = `${at} ${stage}`;
    const blocks = gathered(rows, ({ layer }) => layer.block);
    const leaf = ({ layer, place }: (typeof all)[number]): Part => ({
      ...{ key: `layer ${place}`, name: layer.name, kind: 'layer', cost: partOf(metric, layer), parts: [] },
      ...{ stage: at, layer: place },
    });
    const parts =
      blocks.length === 1
        ? rows.map(leaf)
        : blocks.flatMap(([block, members], i): readonly Part[] =>
            block === '' ? members.map(leaf) : [whole(`${key}/${i} ${block}`, block, 'block', members.map(leaf), at)],
          );
    return whole(key, stage, 'stage', parts, at);
  });
  return whole('', name, 'network', stages, 0);
}

const whole = (key: string, name: string, kind: Part['kind'], parts: readonly Part[], stage: number): Part => ({
  ...{ key, name, kind, parts, stage },
  cost: parts.reduce((sum, { cost }) => sum + cost, 0),
});

function gathered<T>(rows: readonly T[], keyOf: (row: T) => string): readonly (readonly [string, readonly T[]])[] {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return [...groups];
}

/** The way from the network to a part, both included; the network alone where it is not there. */
export function pathTo(root: Part, key: string): readonly Part[] {
  for (const part of root.parts) {
    if (part.key === key) return [root, part];
    const inner = part.parts.length > 0 ? pathTo(part, key) : [part];
    if (inner.length > 1) return [root, ...inner];
  }
  return [root];
}

/** The places of a part's layers. */
export const placesIn = ({ layer, parts }: Part): readonly number[] =>
  layer === undefined ? parts.flatMap(placesIn) : [layer];

/** A bar of an icicle: from left to right as parts of the width, from top to bottom in rows. */
export interface Bar {
  readonly part: Part;
  readonly from: number;
  readonly to: number;
  readonly row: number;
  /** Rows that it fills: what has no parts goes down to the bottom. */
  readonly rows: number;
  /** Parts that are too narrow to be drawn each; they are drawn as one. */
  readonly small?: readonly Part[];
}

/**
 * @param least the narrowest bar, as a part of the width
 * @param folded keys of parts whose own parts are not shown
 */
export function barsOf(root: Part, least: number, folded: ReadonlySet<string>): readonly Bar[] {
  const depth = depthOf(root, folded);
  const bars: Bar[] = [];
  const lay = (part: Part, from: number, to: number, row: number): void => {
    const open = part.parts.length > 0 && !folded.has(part.key) && part.cost > 0;
    bars.push({ part, from, to, row, rows: open ? 1 : depth - row });
    if (!open) return;
    let at = from;
    let small: Part[] = [];
    let smallFrom = at;
    const flush = (): void => {
      if (small.length > 0)
        bars.push({ part: small[0]!, small, from: smallFrom, to: at, row: row + 1, rows: depth - row - 1 });
      small = [];
    };
    for (const inner of part.parts) {
      if (inner.cost <= 0) continue;
      const end = at + ((to - from) * inner.cost) / part.cost;
      if (end - at < least) {
        if (small.length === 0) smallFrom = at;
        small.push(inner);
        at = end;
        continue;
      }
      flush();
      lay(inner, at, end, row + 1);
      at = end;
    }
    flush();
  };
  lay(root, 0, 1, 0);
  return bars;
}

const depthOf = (part: Part, folded: ReadonlySet<string>): number =>
  folded.has(part.key)
    ? 1
    : 1 + part.parts.reduce((most, one) => (one.cost > 0 ? Math.max(most, depthOf(one, folded)) : most), 0);
