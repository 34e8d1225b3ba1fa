// The audit of first layers that run at the resolution of the image.

import type { Graph, Node } from '../../graph.js';
import { InputError } from '../../inputError.js';
import { bytes, percent } from '../../numberText.js';
import { counted } from '../../plural.js';
import { showShape, type Shape } from '../../shape.js';
import { countsOfSteps } from '../../training/counts.js';
import { stepCost } from '../../training/stepCost.js';
import { again, changed } from '../changed.js';
import type { Audit } from '../finding.js';
import { trainedAs, type Trained } from '../trained.js';
import { savedOfStep } from '../trainedSubject.js';

/** Images of fewer rows or columns are not halved in a first layer: a CIFAR image is 32 x 32. */
const LEAST_SIDE = 64;
/** The part of all kept bytes below which nothing is said. */
const WORTH = 0.15;

export const stemAtFullResolution: Audit = {
  id: 'stem-at-full-resolution',
  title: 'The first layers run at the full resolution of the image',
  source:
    'what is kept of a layer grows with height x width; ResNet, arXiv 1512.03385, Table 1, halves both in its first convolution',
  find({ graph, training }) {
    const stem = training && stemOf(graph);
    if (!training || !stem) return null;
    const { tape, segments } = training;
    const before = stepCost(tape, segments);
    const kept = keptBy(training, new Set(stem.layers));
    if (kept < WORTH * before.keptBytes) return null;
    const moved = halved(graph, stem, training);
    if (!moved) return null;
    const saves = savedOfStep(before, stepCost(moved.tape, moved.segments));
    if ((saves.keptBytes ?? 0) <= 0) return null;
    return {
      evidence: `${counted(stem.layers.length, 'layer')} at the resolution of the image ${stem.layers.length === 1 ? 'keeps' : 'keep'} ${bytes(kept)} for the backward pass: ${percent(kept, before.keptBytes)} of what the step keeps.`,
      figures: { layers: stem.layers.length, keptBytes: kept, stepKeptBytes: before.keptBytes },
      layers: stem.layers,
      fix: `Halve the image in the first convolution: stride 2 for ${stem.first.join(' and ')}, none for ${stem.ends.map(({ name }) => name).join(' and ')}. Layers behind keep their sizes; the accuracy changes, so train again.`,
      saves,
      share: kept / before.keptBytes,
    };
  },
};

interface Stem {
  /** Layers whose output has the image's height and width. */
  readonly layers: readonly string[];
  /** The convolutions of them that read the image. */
  readonly first: readonly string[];
  /** The layers that halve what those make. */
  readonly ends: readonly Node[];
}

const sideOf = ([, , h, w]: Shape): string => showShape([h ?? 1, w ?? 1]);

/** Undefined where nothing runs at full resolution, or the layers after it do not halve it. */
function stemOf({ inputs, nodes }: Graph): Stem | undefined {
  const image = inputs[0]!;
  const [, , h = 1, w = 1] = image.shape;
  if (inputs.length !== 1 || Number(h) < LEAST_SIDE || Number(w) < LEAST_SIDE) return undefined;
  const full = new Set([image.name]);
  const layers: Node[] = [];
  const ends: Node[] = [];
  for (const node of nodes) {
    if (!node.inputs.some((input) => full.has(input))) continue;
    if (sideOf(node.shape) === sideOf(image.shape)) {
      full.add(node.name);
      layers.push(node);
    } else ends.push(node);
  }
  const first = layers.filter(({ op, inputs }) => op === 'conv' && inputs[0] === image.name);
  const others = [...layers, ...ends].filter(({ inputs }) => inputs.includes(image.name)).length;
  if (first.length === 0 || others > first.length || ends.length === 0) return undefined;
  if (!first.every((node) => strideOf(node) === 1 && wide(node)) || !ends.every((node) => strideOf(node) === 2))
    return undefined;
  return { layers: layers.map(({ name }) => name), first: first.map(({ name }) => name), ends };
}

/** Of both sides; undefined where they differ, or the op has none. */
function strideOf({ attributes }: Node): number | undefined {
  const { stride } = attributes as { readonly stride?: readonly number[] };
  return stride?.length === 2 && stride[0] === stride[1] ? stride[0] : undefined;
}

/** A 1x1 kernel with stride 2 would skip three of four pixels. */
const wide = ({ attributes }: Node): boolean =>
  ((attributes['kernel'] as readonly number[] | undefined) ?? []).every((side) => side > 1);

function keptBy({ tape, segments }: Trained, layers: ReadonlySet<string>): number {
  return countsOfSteps(tape, segments, 'sgd').reduce(
    (sum, { keptBytes }, i) => sum + (layers.has(tape.steps[i]!.node) ? Number(keptBytes) : 0),
    0,
  );
}

/** Training with the stride moved to the first convolutions; undefined where that does not fit. */
function halved(
  graph: Graph,
  { layers, first, ends }: Stem,
  training: Trained,
): ReturnType<typeof trainedAs> | undefined {
  const [firsts, last] = [new Set(first), new Set(ends.map(({ name }) => name))];
  try {
    const moved = changed(graph, (net, node, inputs) => {
      if (firsts.has(node.name)) return again(net, node, inputs, { stride: [2, 2] });
      if (!last.has(node.name)) return undefined;
      // Without its stride a pool only smooths, so it is removed; a convolution still computes.
      return node.op === 'conv' ? again(net, node, inputs, { stride: [1, 1] }) : inputs[0]!;
    });
    const stem = new Set([...layers, ...last]);
    const shapes = new Map(graph.nodes.map(({ name, shape }) => [name, showShape(shape)]));
    const others = moved.nodes.some(({ name, shape }) => !stem.has(name) && shapes.get(name) !== showShape(shape));
    return others ? undefined : trainedAs(training, moved);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
