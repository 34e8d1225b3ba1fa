// Checkpointing: segments, what they hold, what runs again, and what is still kept.

import { InputError } from '../inputError.js';
import { opOf } from '../ops/table.js';
import type { KeptKind } from './keptKinds.js';
import { isKind, named, spanKey, spansNamed, spansOf, type Kind, type Segment, type Span } from './segment.js';
import type { ForwardStep, Tape } from './tape.js';

export type { Segment } from './segment.js';

/**
 * The segments that kinds and names select, in order of execution. The kind `concat` is each concat
 * with the norm and activation behind it up to the convolution that reads them, inside its block:
 * memory-efficient DenseNet (arXiv 1707.06990), torchvision's memory_efficient=True. A name wins
 * over a kind: where they overlap, the kind's segment is left out.
 * @throws InputError for an unknown name, and for segments that overlap or cannot run again
 */
export function segmentsOf(tape: Tape, wanted: readonly string[]): readonly Segment[] {
  const names = [...new Set(wanted)];
  const byName = names.filter((name) => !isKind(name)).flatMap((name) => named(tape, spansNamed(tape, name), name));
  const byKind = names.filter(isKind).flatMap((kind) => named(tape, spansOfKind(tape, kind).filter(apartFrom(byName))));
  const sorted = [...byName, ...byKind].sort((a, b) => a.first - b.first);
  for (const [i, { name, first }] of sorted.entries()) {
    const before = sorted[i - 1];
    if (before && first <= before.last)
      throw new InputError(`the segments "${before.name}" and "${name}" overlap: checkpoint one of them`);
  }
  for (const segment of sorted) demandRepeatable(tape, segment);
  return sorted;
}

/**
 * The spans of `segmentsOf` as a text to compare; undefined where they overlap or cannot run again.
 */
export function spansMeant(tape: Tape, wanted: readonly string[]): string | undefined {
  try {
    return segmentsOf(tape, wanted).map(spanKey).join();
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** Returns whether a span overlaps none of the segments. */
export function apartFrom(segments: readonly Segment[]): (span: Span) => boolean {
  const taken = segmentAt(segments);
  return ({ first, last }) => {
    for (let i = first; i <= last; i++) if (taken.has(i)) return false;
    return true;
  };
}

const blockOf = ({ stage, block }: ForwardStep): string => (block === '' ? '' : JSON.stringify([stage, block]));

/** Steps of each part of a kind, in order. */
export const spansOfKind = (tape: Tape, kind: Kind): readonly Span[] => {
  if (kind === 'concat') return concats(tape);
  if (kind === 'stage') return spansOf(tape.steps, ({ stage }) => stage);
  return spansOf(tape.steps, blockOf);
};

function concats({ steps }: Tape): readonly Span[] {
  const found: Span[] = [];
  for (const [first, { op, block, stage }] of steps.entries()) {
    if (op !== 'concat') continue;
    let last = first;
    for (let i = first + 1; i < steps.length; i++) {
      const step = steps[i]!;
      const follows = step.inputs.length === 1 && step.inputs[0] === steps[i - 1]!.name;
      if (!follows || step.block !== block || step.stage !== stage) break;
      const compute = step.rule.moves === 'products';
      if (!compute && (step.op === 'dropout' || opOf(step.op).traffic !== 'elementwise')) break;
      last = i;
      if (compute) break;
    }
    if (last > first) found.push({ first, last });
  }
  return found;
}

/** Storages that a segment reads from outside. Its checkpoint keeps them. */
export function heldBy({ steps }: Tape, { first, last }: Span): ReadonlySet<number> {
  const own = new Set<string>();
  const heldStorages = new Set<number>();
  for (const { name, inputs, sources } of steps.slice(first, last + 1)) {
    for (const [index, input] of inputs.entries()) if (!own.has(input)) heldStorages.add(sources[index]!);
    own.add(name);
  }
  return heldStorages;
}

/** A step that overwrites an input of the segment, so that the segment cannot run again. */
function overwriting(tape: Tape, segment: Span): ForwardStep | undefined {
  const heldStorages = heldBy(tape, segment);
  return tape.steps
    .slice(segment.first, segment.last + 1)
    .find(({ inPlace, writes }) => inPlace && heldStorages.has(writes));
}

/** False where a span overwrites its own input. */
export const repeatable = (tape: Tape, span: Span): boolean => overwriting(tape, span) === undefined;

/** @throws InputError for a segment that is not repeatable */
function demandRepeatable(tape: Tape, segment: Segment): void {
  const bad = overwriting(tape, segment);
  if (bad)
    throw new InputError(
      `the segment "${segment.name}" cannot run again: its layer "${bad.name}" overwrites what the segment reads; ` +
        'begin it with the layer before',
    );
}

/** Whether anything is kept in a segment. Without that, a checkpoint has no effect. */
export const savesAnything = ({ steps }: Tape, { first, last }: Span): boolean =>
  steps.slice(first, last + 1).some(saves);

/** Whether autograd saves anything for a step, parameters included. */
const saves = ({ keeps, gradients, rule, shapedNode }: ForwardStep): boolean =>
  keeps.length > 0 ||
  (gradients.inputs.includes(true) && Object.keys(shapedNode.params).length > 0 && rule.moves !== 'sum');

/**
 * The steps that run again: up to the last one that autograd saves something for. Recomputing stops
 * there (torch.utils.checkpoint, early_stop), and before that step where only what it reads is
 * saved: a convolution at the end.
 */
export function rerun({ steps }: Tape, { first, last }: Span): readonly ForwardStep[] {
  let end = last;
  while (end >= first && !saves(steps[end]!)) end--;
  if (end < first) return [];
  const makes = steps[end]!.keeps.some(({ what }) => what !== 'input');
  return steps.slice(first, makes ? end + 1 : end);
}

/** The first step that keeps a storage, and what it keeps it as. */
export interface Keeper {
  readonly step: number;
  readonly what: KeptKind;
}

export interface Keeping {
  /** Every storage that is kept, those of images and parameters included. */
  readonly keepers: ReadonlyMap<number, Keeper>;
  /** Steps that run again. */
  readonly recomputed: ReadonlySet<ForwardStep>;
}

/** What is kept where some segments run under a checkpoint. */
export function keeping(tape: Tape, segments: readonly Segment[]): Keeping {
  const keepers = new Map<number, Keeper>();
  const keep = (storage: number, step: number, what: KeptKind): void => {
    if (!keepers.has(storage)) keepers.set(storage, { step, what });
  };
  const active = segments.filter((segment) => savesAnything(tape, segment));
  const insideOf = segmentAt(active);
  for (const [i, step] of tape.steps.entries()) {
    const segment = insideOf.get(i);
    if (segment === undefined) for (const { storage, what } of step.keeps) keep(storage, i, what);
    else if (segment.first === i) for (const storage of heldBy(tape, segment)) keep(storage, i, 'input');
  }
  return { keepers, recomputed: new Set(active.flatMap((segment) => rerun(tape, segment))) };
}

/** The segment of each step. */
export function segmentAt(segments: readonly Segment[]): ReadonlyMap<number, Segment> {
  const found = new Map<number, Segment>();
  for (const segment of segments) for (let i = segment.first; i <= segment.last; i++) found.set(i, segment);
  return found;
}
