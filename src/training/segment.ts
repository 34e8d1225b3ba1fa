// Segments of a forward pass, and their names, which --checkpoint and --freeze take.

import { InputError } from '../inputError.js';
import { nodesNamed, RANGE } from './part.js';
import type { ForwardStep, Tape } from './tape.js';

/**
 * Steps that run under one torch.utils.checkpoint call (use_reentrant=False): from first to last,
 * both included.
 */
export interface Segment {
  readonly name: string;
  readonly first: number;
  readonly last: number;
}

export type Span = Pick<Segment, 'first' | 'last'>;

export const spanKey = ({ first, last }: Span): string => `${first} ${last}`;

/** Names that select all segments of a kind. No single segment has such a name. */
export const KINDS = ['stage', 'block', 'concat'] as const;
export type Kind = (typeof KINDS)[number];
export const isKind = (name: string): name is Kind => (KINDS as readonly string[]).includes(name);

/** Runs of consecutive steps of the same part. Steps of part "" are in none. */
export function spansOf(
  steps: readonly ForwardStep[],
  part: (step: ForwardStep, index: number) => string,
): readonly Span[] {
  const parts = steps.map(part);
  const found: Span[] = [];
  let first = 0;
  for (let i = 1; i <= steps.length; i++) {
    if (i < steps.length && parts[i] === parts[first]) continue;
    if (parts[first] !== '') found.push({ first, last: i - 1 });
    first = i;
  }
  return found;
}

/**
 * The spans that a name selects: runs of its nodes, or one range of steps.
 * @throws InputError as `nodesNamed` does
 */
export function spansNamed({ graph, steps }: Tape, name: string): readonly Span[] {
  const range = rangeOf(steps, name);
  if (range) return [range];
  const nodes = nodesNamed(graph, name);
  return spansOf(steps, ({ node }) => (nodes.has(node) ? name : ''));
}

/** "FIRST..LAST" of steps, which tell a dropout from its layer. */
function rangeOf(steps: readonly ForwardStep[], name: string): Span | undefined {
  for (let at = name.indexOf(RANGE); at >= 0; at = name.indexOf(RANGE, at + 1)) {
    const first = steps.findIndex((step) => step.name === name.slice(0, at));
    const last = steps.findIndex((step) => step.name === name.slice(at + RANGE.length));
    if (first >= 0 && first <= last) return { first, last };
  }
  return undefined;
}

/**
 * The spans, each with a name that selects exactly it.
 * @param given the name by which the user called them
 */
export const named = (tape: Tape, spans: readonly Span[], given?: string): readonly Segment[] =>
  spans.map((span) => ({ name: nameOf(tape, span, given), ...span }));

/**
 * A name that selects exactly this span.
 * @param path above its layers
 */
export function nameOf(tape: Tape, { first, last }: Span, given?: string, path?: string): string {
  const [from, to] = [tape.steps[first]!, tape.steps[last]!];
  const { stage, block } = from;
  const range = `${from.name}${RANGE}${to.name}`;
  const short = [
    ...(given === undefined ? [] : [given]),
    ...(block === '' ? [stage, `${stage}/rest`] : [block, `${stage}/${block}`, stage]),
    ...(path === undefined ? [] : [path]),
  ];
  return short.find((name) => name !== '' && !isKind(name) && means(tape, name, { first, last })) ?? range;
}

function means(tape: Tape, name: string, { first, last }: Span): boolean {
  try {
    const [span, ...others] = spansNamed(tape, name);
    return others.length === 0 && span?.first === first && span.last === last;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}
