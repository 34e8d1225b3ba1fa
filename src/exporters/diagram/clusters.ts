// Groups the boxes of a diagram into a tree of stages and blocks, in order of first appearance.

import type { Box } from './diagram.js';

export interface Cluster {
  readonly name: string;
  /** Indices of boxes, and clusters inside this one. */
  readonly members: readonly (number | Cluster)[];
}

interface Growing {
  readonly name: string;
  readonly members: (number | Growing)[];
  readonly inner: Map<string, Growing>;
}

const empty = (name: string): Growing => ({ name, members: [], inner: new Map() });

export function clusters(boxes: readonly Box[]): readonly (number | Cluster)[] {
  const root = empty('');
  for (const [i, { inside }] of boxes.entries()) {
    let at = root;
    for (const name of inside) {
      let next = at.inner.get(name);
      if (!next) {
        next = empty(name);
        at.inner.set(name, next);
        at.members.push(next);
      }
      at = next;
    }
    at.members.push(i);
  }
  return root.members;
}
