// The audit of dense blocks: each concat keeps all that the concats before it keep, and more.

import type { Graph } from '../../graph.js';
import { bytes, percent } from '../../numberText.js';
import { counted } from '../../plural.js';
import { apartFrom, segmentsOf, spansMeant, type Segment } from '../../training/checkpoint.js';
import { flagOf } from '../../training/flagNames.js';
import { spanKey } from '../../training/segment.js';
import { stepCost } from '../../training/stepCost.js';
import type { Audit } from '../finding.js';
import type { Trained } from '../trained.js';
import { savedOfStep } from '../trainedSubject.js';

/** The fewest concats of a chain. Shorter ones keep no more than one aggregation. */
const LEAST_CONCATS = 3;
/** The part of all kept bytes below which nothing is said. */
const WORTH = 0.05;

export const concatChain: Audit = {
  id: 'concat-chain-kept',
  title: 'Training keeps every concat of a dense chain',
  source: 'memory-efficient DenseNet, arXiv 1707.06990, section 3; VoVNet, arXiv 1904.09730, section 3.2',
  find({ training }) {
    if (!training) return null;
    const { tape, segments } = training;
    const chains = chainsOf(tape.graph).filter(({ length }) => length >= LEAST_CONCATS);
    const more = segmentsAt(training, new Set(chains.flat()));
    if (more.length === 0) return null;
    const before = stepCost(tape, segments);
    const saves = savedOfStep(
      before,
      stepCost(
        tape,
        [...segments, ...more].sort((a, b) => a.first - b.first),
      ),
    );
    const { keptBytes: saved = 0 } = saves;
    if (saved < WORTH * before.keptBytes) return null;
    return {
      evidence: `${counted(more.length, 'concat')}, each of all that the one before it joins, and the norms and activations behind them keep ${bytes(saved)} for the backward pass: ${percent(saved, before.keptBytes)} of what the step keeps. It grows with the square of the layers of a chain.`,
      figures: { chains: chains.length, concats: more.length, keptBytes: saved, stepKeptBytes: before.keptBytes },
      layers: more.map(({ first }) => tape.steps[first]!.name),
      fix: `Run each concat, with the norm and activation behind it, again in the backward pass (${flagFor(training, more)}memory_efficient=True in torchvision), or concatenate once at the end of a block, as an OSA module does.`,
      saves,
      share: saved / before.keptBytes,
    };
  },
};

/** Chains of concats, by names in order: each concat reads the one before, or all that it reads. */
function chainsOf({ nodes }: Graph): readonly (readonly string[])[] {
  const chains: string[][] = [];
  /** Chains by the name of their last concat, and by the last value that it reads. */
  const endsAt = new Map<string, number>();
  const lastInputs = new Map<number, readonly string[]>();
  for (const { op, name, inputs } of nodes) {
    if (op !== 'concat') continue;
    const read = new Set(inputs);
    const before = inputs
      .map((input) => endsAt.get(input))
      .find(
        (chain) =>
          chain !== undefined &&
          (read.has(chains[chain]!.at(-1)!) || lastInputs.get(chain)!.every((input) => read.has(input))),
      );
    const chain = before ?? chains.push([]) - 1;
    chains[chain]!.push(name);
    lastInputs.set(chain, inputs);
    for (const value of [...inputs, name]) endsAt.set(value, chain);
  }
  return chains;
}

/** A segment for each of these concats, without those that an existing segment overlaps. */
function segmentsAt({ tape, segments }: Trained, concats: ReadonlySet<string>): readonly Segment[] {
  if (concats.size === 0) return [];
  const free = apartFrom(segments);
  return segmentsOf(tape, ['concat']).filter(
    (segment) => concats.has(tape.steps[segment.first]!.name) && free(segment),
  );
}

/** The most names that the flag of a fix has. */
const MOST_NAMES = 12;

/**
 * The flag that adds these segments to the existing ones; empty where the kind selects others too
 * and there are too many names.
 */
function flagFor({ tape, segments, options }: Trained, more: readonly Segment[]): string {
  const names = segments.map(({ name }) => name);
  const all = [...segments, ...more].sort((a, b) => a.first - b.first);
  const keys = all.map(spanKey).join();
  const tried = [
    ['concat', ...(options.checkpoint ?? [])],
    ['concat', ...names],
    [...names, ...more.map(({ name }) => name)],
  ].find((wanted) => wanted.length <= MOST_NAMES && spansMeant(tape, wanted) === keys);
  return tried ? `--checkpoint ${tried.map(flagOf).join(' ')}; ` : '';
}
