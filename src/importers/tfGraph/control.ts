// Branches and loops of TensorFlow: which branch constants choose, and what a loop reads.

import type { NodeDef } from './graphDef.js';

/** Ops of one branch each: a list of functions, or two of them. */
export const BRANCHES: ReadonlySet<string> = new Set(['If', 'StatelessIf', 'Case', 'StatelessCase']);
const TESTS: ReadonlySet<string> = new Set(['If', 'StatelessIf']);

/** A node with the body that contains it. */
export interface ScopedNode<S> {
  readonly scope: S;
  readonly node: NodeDef;
  readonly output: number;
}

/** @returns undefined for a reference to no node */
type Resolve<S> = (scope: S, reference: string) => ScopedNode<S> | undefined;

/** Ops that pass a condition on. */
const PASSES: ReadonlySet<string> = new Set(['Identity', 'StopGradient', 'Snapshot', 'PlaceholderWithDefault', 'Cast']);
/** The most nodes that are followed back. A branch of a real graph has a few thousand. */
const MOST_STEPS = 20_000;
const MOST_PASSES = 64;

/** The value of a condition, where the file holds it. */
export function conditionOf<S>(resolve: Resolve<S>, scope: S, reference: string): number | undefined {
  let place = resolve(scope, reference);
  let negated = false;
  for (let steps = 0; place && steps < MOST_PASSES; steps++) {
    const { node, output } = place;
    const [first] = node.inputs.filter((input) => !input.startsWith('^'));
    if (node.op === 'Const') {
      const item = output === 0 ? node.attributes.tensor?.values?.[0] : undefined;
      return item === undefined ? undefined : negated ? Number(item === 0) : item;
    }
    if (first === undefined || !(PASSES.has(node.op) || node.op === 'LogicalNot')) return undefined;
    if (node.op === 'LogicalNot') negated = !negated;
    place = resolve(place.scope, first);
  }
  return undefined;
}

/**
 * The function of the branch that a condition chooses. A Case runs its last branch where the number
 * is out of range.
 */
export function branchOf({ op, attributes }: NodeDef, condition: number): string | undefined {
  if (TESTS.has(op)) return attributes.function(condition === 0 ? 'else_branch' : 'then_branch');
  const all = attributes.functions('branches');
  return Number.isInteger(condition) && condition >= 0 && condition < all.length ? all[condition] : all.at(-1);
}

/**
 * The input that a Merge passes on, where constants choose it. The other inputs come from the side
 * of a Switch that does not run.
 * @returns undefined where the network chooses
 */
export function givenTo<S>(resolve: Resolve<S>, scope: S, { inputs }: NodeDef): string | undefined {
  const data = inputs.filter((input) => !input.startsWith('^'));
  const alive = data.filter((input) => !isDead(resolve, scope, input));
  return alive.length === 1 ? alive[0] : undefined;
}

/** Whether a value comes from the side of a Switch that its constant condition does not take. */
function isDead<S>(resolve: Resolve<S>, scope: S, reference: string): boolean {
  let dead = false;
  walk(resolve, [[scope, reference]], (place) => {
    if (!isSwitch(place.node)) return true;
    const condition = place.node.inputs[1];
    const taken = condition === undefined ? undefined : conditionOf(resolve, place.scope, condition);
    if (taken !== undefined && Number(taken !== 0) !== place.output) dead = true;
    return false;
  });
  return dead;
}

export const isSwitch = ({ op }: NodeDef): boolean => op === 'Switch' || op === 'RefSwitch';
export const isMerge = ({ op }: NodeDef): boolean => op === 'Merge' || op === 'RefMerge';
export const isExit = ({ op }: NodeDef): boolean => op === 'Exit' || op === 'RefExit';
const isEnter = ({ op }: NodeDef): boolean => op === 'Enter' || op === 'RefEnter';

/**
 * The inputs of a loop that ends at a node, or of branches that join there, each with the body that
 * contains it. The first is the initial value of the node's own variable.
 */
export function enteringTo<S>(resolve: Resolve<S>, { scope, node }: ScopedNode<S>): readonly (readonly [S, string])[] {
  const ends = isExit(node) ? isEnter : isSwitch;
  const found = new Map<string, readonly [S, string]>();
  const starts = node.inputs.filter((input) => !input.startsWith('^')).map((input) => [scope, input] as const);
  walk(resolve, starts, (place) => {
    if (!ends(place.node)) return true;
    for (const input of isExit(node) ? place.node.inputs.slice(0, 1) : place.node.inputs)
      if (!input.startsWith('^')) found.set(`${place.node.name} ${input}`, [place.scope, input]);
    return false;
  });
  return [...found.values()];
}

/** Follows references back, breadth first, as long as `goOn` returns true. */
function walk<S>(
  resolve: Resolve<S>,
  starts: readonly (readonly [S, string])[],
  goOn: (place: ScopedNode<S>) => boolean,
): void {
  const open = [...starts];
  const seen = new Set<NodeDef>();
  for (let at = 0; at < open.length && at < MOST_STEPS; at++) {
    const [scope, reference] = open[at]!;
    const place = resolve(scope, reference.startsWith('^') ? reference.slice(1) : reference);
    if (!place || !goOn(place) || seen.has(place.node)) continue;
    seen.add(place.node);
    for (const input of place.node.inputs) open.push([place.scope, input]);
  }
}
