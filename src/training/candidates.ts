// What a search may put under checkpoints: stages, blocks, groups of layers, concats with norms.

import { repeatable, savesAnything, segmentsOf, spansOfKind } from './checkpoint.js';
import { nameOf, spanKey, spansOf, type Segment, type Span } from './segment.js';
import type { Tape } from './tape.js';

/** What is searched by default, as tables name it. */
export const SEARCHED = ['stage', 'block', 'layer group', 'concat'] as const;

/**
 * The spans that a search may checkpoint, each once. They may overlap. Spans that cannot run again,
 * and spans in which nothing is kept, are left out. By default these are the stages, the blocks,
 * what a stage has outside of its blocks, the layers under one path at every depth, and the kind
 * `concat`.
 * @param wanted names as `segmentsOf` takes them; two of them may overlap
 * @throws InputError as `segmentsOf` does for one name
 */
export function candidatesOf(tape: Tape, wanted?: readonly string[]): readonly Span[] {
  const spans: readonly Span[] = wanted
    ? [...new Set(wanted)].flatMap((name) => segmentsOf(tape, [name]))
    : [...spansOfKind(tape, 'stage'), ...spansOfKind(tape, 'block'), ...rests(tape), ...groups(tape), ...concats(tape)];
  const known = new Map<string, Span>();
  for (const { first, last } of spans) {
    const span = { first, last };
    if (!known.has(spanKey(span)) && savesAnything(tape, span) && repeatable(tape, span))
      known.set(spanKey(span), span);
  }
  return [...known.values()].sort((a, b) => a.first - b.first || a.last - b.last);
}

const concats = (tape: Tape): readonly Span[] => spansOfKind(tape, 'concat');

/** What a stage has outside of its blocks. */
const rests = ({ steps }: Tape): readonly Span[] => spansOf(steps, ({ stage, block }) => (block === '' ? stage : ''));

/** Layers in a row under one path, at each depth: "layer1" and "layer1.0" of layer1.0.conv1. */
function groups({ steps }: Tape): readonly Span[] {
  const paths = steps.map(({ node }) => pathsAbove(node));
  const depth = Math.max(0, ...paths.map(({ length }) => length));
  return Array.from({ length: depth }, (_, level) => spansOf(steps, (_step, i) => paths[i]![level] ?? ''))
    .flat()
    .filter(({ first, last }) => last > first);
}

/** The most levels of a path that are searched. */
const DEEPEST = 16;

const pathsAbove = (name: string): readonly string[] =>
  [...name.matchAll(/[./]/g)]
    .map(({ index }) => name.slice(0, index))
    .filter((path) => path !== '')
    .slice(0, DEEPEST);

/** Names spans, each by a name that selects exactly it. */
export function namer(tape: Tape): (span: Span) => Segment {
  const known = new Map<string, Segment>();
  return (span) => {
    const segment = known.get(spanKey(span)) ?? {
      name: nameOf(tape, span, undefined, commonPath(tape, span)),
      ...span,
    };
    known.set(spanKey(span), segment);
    return segment;
  };
}

/** The longest path that contains all layers of a span. */
function commonPath({ steps }: Tape, { first, last }: Span): string | undefined {
  const [from, to] = [pathsAbove(steps[first]!.node), pathsAbove(steps[last]!.node)];
  return from.filter((path, i) => to[i] === path).at(-1);
}
