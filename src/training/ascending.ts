// All sets of some costs in the order of their sums, the cheapest first.

import { exact } from '../dim/dim.js';

/** A set that ends with item `last` of the sorted ones. */
interface Partial {
  readonly sum: number;
  readonly last: number;
  readonly before: Partial | undefined;
}

/**
 * Every set whose sum is below `limit`, as a flag for each item, by ascending sums. After `most`
 * sets it yields undefined and ends.
 * @param costs not negative
 */
export function* setsByWork(
  costs: readonly number[],
  limit: number,
  most: number,
): Generator<readonly boolean[] | undefined> {
  const order = costs.map((cost, item) => ({ cost, item })).sort((a, b) => a.cost - b.cost);
  const flags = (partial: Partial | undefined): readonly boolean[] => {
    const chosen = costs.map(() => false);
    for (let at = partial; at; at = at.before) chosen[order[at.last]!.item] = true;
    return chosen;
  };
  if (limit <= 0) return;
  yield flags(undefined);
  let given = 1;
  const heap: Partial[] = [];
  const add = (last: number, before: Partial | undefined): void => {
    const { cost } = order[last] ?? {};
    if (cost === undefined) return;
    const sum = exact((before?.sum ?? 0) + cost);
    if (sum < limit) push(heap, { sum, last, before });
  };
  add(0, undefined);
  // Each set has two followers: with the next item too, and with it in place of its last one.
  for (let least = pop(heap); least; least = pop(heap)) {
    if (given++ >= most) {
      yield undefined;
      return;
    }
    yield flags(least);
    add(least.last + 1, least);
    add(least.last + 1, least.before);
  }
}

function push(heap: Partial[], partial: Partial): void {
  let at = heap.push(partial) - 1;
  for (let above = (at - 1) >> 1; at > 0 && heap[above]!.sum > partial.sum; above = (at - 1) >> 1) {
    heap[at] = heap[above]!;
    at = above;
  }
  heap[at] = partial;
}

function pop(heap: Partial[]): Partial | undefined {
  const [least] = heap;
  const end = heap.pop();
  if (!end || heap.length === 0) return least;
  let at = 0;
  for (;;) {
    let below = 2 * at + 1;
    if (below >= heap.length) break;
    if (below + 1 < heap.length && heap[below + 1]!.sum < heap[below]!.sum) below++;
    if (heap[below]!.sum >= end.sum) break;
    heap[at] = heap[below]!;
    at = below;
  }
  heap[at] = end;
  return least;
}
