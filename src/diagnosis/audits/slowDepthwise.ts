// The audit slow-depthwise: depthwise and 1x1 pairs that take longer than the full convolution.

import type { Graph, Node } from '../../graph.js';
import { InputError } from '../../inputError.js';
import { milliseconds as ms, percent } from '../../numberText.js';
import { counted } from '../../plural.js';
import type { Layer } from '../../profile.js';
import { again, changed, savingWith } from '../changed.js';
import type { Audit, AuditResult, Subject } from '../finding.js';
import type { LayerTimes } from '../predictor.js';
import type { Timing } from '../timing.js';
import { chainAfter, isDepthwise, surroundingsOf } from '../surroundings.js';

/** The number of full convolutions whose rates predict another one. */
const LEAST_CONVOLUTIONS = 3;

/** Rates of classes differ between devices of a mode by a factor of 1.1 to 1.5. */
const FASTER = 0.8;
/** The least share of the predicted time. Less does not justify training again. */
const WORTH = 0.02;

export const slowDepthwise: Audit = {
  id: 'slow-depthwise',
  title: 'Depthwise and 1x1 pairs are slower than full convolutions',
  source:
    'VoVNet, arXiv 1904.09730, section 3.2, and ShuffleNetV2, arXiv 1807.11164, G2 and G4: few multiply-adds, much memory access',
  find(subject) {
    const { timing } = subject;
    if (timing === undefined) return null;
    const { layerTimes, savedTime } = subject;
    return layerTimes && savedTime ? predicted(subject, timing, layerTimes) : measured(subject, timing);
  },
};

/** Full convolutions in place of pairs, as the record of the device predicts both. */
function predicted(subject: Subject, timing: Timing, layerTimes: LayerTimes): AuditResult | null {
  const times = timesOf(timing);
  const pairs = pairsOf(subject);
  if (pairs.length === 0) return null;
  const all = built(subject.graph, pairs);
  const full = all && layerTimes(all);
  if (full === undefined) return null;
  const taken = ({ depthwise, between, pointwise }: Pair): number =>
    [depthwise, ...between, pointwise].reduce((sum, name) => sum + (times.get(name) ?? 0), 0);
  const slower = pairs.filter((pair) => full.get(pair.pointwise)! < FASTER * taken(pair));
  const after = slower.length === 0 ? undefined : built(subject.graph, slower);
  const saves = after && savingWith(subject, after);
  if (saves?.milliseconds === undefined) return null;
  const [least, most] = saves.milliseconds;
  if ((least + most) / 2 < WORTH * timing.milliseconds) return null;
  const sum = (pick: (pair: Pair) => number): number => slower.reduce((total, pair) => total + pick(pair), 0);
  const [before, instead] = [sum(taken), sum(({ pointwise }) => full.get(pointwise)!)];
  const names = slower.flatMap(({ depthwise, between, pointwise }) => [depthwise, ...between, pointwise]);
  return {
    evidence: `${counted(slower.length, 'depthwise convolution')} with the 1x1 behind ${slower.length === 1 ? 'it' : 'each'}, and what lies between, would take ${ms(before)} ms, ${percent(before, timing.milliseconds)} of the predicted time; ${slower.length === 1 ? 'a full convolution' : 'full convolutions'} in ${slower.length === 1 ? 'its' : 'their'} place ${ms(instead)} ms.`,
    figures: { pairs: slower.length, milliseconds: before, fullMilliseconds: instead },
    layers: inOrder(subject, names),
    fix: 'Use one full convolution for each of these pairs: it does more multiply-adds in less time here; flopscope measure, then flopscope diff, tells whether it holds on your device.',
    saves,
    share: before / timing.milliseconds,
  };
}

/** Undefined where the changed network cannot be built. */
function built(graph: Graph, pairs: readonly Pair[]): Graph | undefined {
  const dropped = new Set(pairs.flatMap(({ depthwise, between }) => [depthwise, ...between]));
  const windows = new Map(pairs.map(({ depthwise, pointwise }) => [pointwise, depthwise]));
  const nodes = new Map(graph.nodes.map((node) => [node.name, node]));
  try {
    return changed(graph, (net, node, inputs) => {
      if (dropped.has(node.name)) return inputs[0];
      const depthwise = nodes.get(windows.get(node.name) ?? '');
      if (depthwise === undefined) return undefined;
      const { kernel, stride, padding, dilation } = depthwise.attributes;
      return again(net, node, inputs, { kernel, stride, padding, dilation });
    });
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

const timesOf = ({ layers }: Timing): ReadonlyMap<string, number> =>
  new Map(layers.map(({ layers: [name], milliseconds }) => [name!, milliseconds]));

function inOrder({ profile: { layers } }: Subject, names: readonly string[]): readonly string[] {
  const wanted = new Set(names);
  return layers.filter(({ name }) => wanted.has(name)).map(({ name }) => name);
}

/** Full convolutions, at the rates that those of the network reach in its run. */
function measured(subject: Subject, timing: Timing): AuditResult | null {
  const times = timesOf(timing);
  const rates = ratesOf(subject, times);
  if (rates.length < LEAST_CONVOLUTIONS) return null;
  const [slow, fast] = [rates[Math.floor((rates.length - 1) / 4)]!, rates[Math.ceil((3 * (rates.length - 1)) / 4)]!];
  const slower = pairsOf(subject).flatMap(({ depthwise, pointwise, multAdds }) => {
    const [one, two] = [times.get(depthwise), times.get(pointwise)];
    if (one === undefined || two === undefined) return [];
    const pair = one + two;
    return pair > multAdds / slow
      ? [{ depthwise, pointwise, pair, full: [multAdds / fast, multAdds / slow] as const }]
      : [];
  });
  if (slower.length === 0) return null;
  const sum = (pick: (one: (typeof slower)[number]) => number): number =>
    slower.reduce((all, one) => all + pick(one), 0);
  const all = timing.layers.reduce((total, layer) => total + layer.milliseconds, 0);
  const [pairs, least, most] = [sum(({ pair }) => pair), sum(({ full }) => full[0]), sum(({ full }) => full[1])];
  const names = slower.flatMap(({ depthwise, pointwise }) => [depthwise, pointwise]);
  return {
    evidence: `${counted(slower.length, 'pair')} of a depthwise and a 1x1 convolution took ${ms(pairs)} ms, ${percent(pairs, all)} of the layers' time; full convolutions, at the rates that those of this network reach, ${ms(least)} to ${ms(most)} ms.`,
    figures: { pairs: slower.length, milliseconds: pairs, fullLeast: least, fullMost: most },
    layers: inOrder(subject, names),
    fix: 'Use one full convolution, or grouped ones with wide groups, and measure it: flopscope measure, then flopscope diff.',
    saves: { milliseconds: [pairs - most, pairs - least] },
    share: pairs / all,
  };
}

/** Multiply-adds per millisecond of full convolutions with a window, the slowest first. */
function ratesOf({ profile: { layers, input } }: Subject, times: ReadonlyMap<string, number>): readonly number[] {
  return layers
    .flatMap((layer) => {
      const milliseconds = times.get(layer.name) ?? 0;
      const full = layer.op === 'conv' && layer.groups === 1 && Math.max(...layer.kernel!) > 1;
      return full && milliseconds > 0 && layer.inShape[1] !== input.c ? [layer.multAdds / milliseconds] : [];
    })
    .sort((a, b) => a - b);
}

interface Pair {
  readonly depthwise: string;
  /** Norms, activations and views. */
  readonly between: readonly string[];
  readonly pointwise: string;
  /** Of the full convolution in their place. */
  readonly multAdds: number;
}

/** Each depthwise convolution with the 1x1 behind it. */
function pairsOf({ graph, profile: { layers } }: Subject): readonly Pair[] {
  const around = surroundingsOf(graph);
  const known = new Map(layers.map((layer) => [layer.name, layer]));
  const pointwise = (node: Node | undefined): Layer | undefined => {
    const layer = node && known.get(node.name);
    return layer?.op === 'conv' && layer.groups === 1 && layer.kernel!.every((side) => side === 1) ? layer : undefined;
  };
  return graph.nodes.flatMap((node): readonly Pair[] => {
    const layer = known.get(node.name)!;
    if (node.op !== 'conv' || !isDepthwise(layer) || Math.max(...layer.kernel!) === 1) return [];
    const { passed, end } = chainAfter(node, around);
    const next = pointwise(end);
    if (next === undefined) return [];
    // A depthwise convolution may make several channels of each.
    const multAdds = (layer.multAdds * layer.inShape[1]! * next.outShape[1]!) / layer.outShape[1]!;
    return [{ depthwise: node.name, between: passed.map(({ name }) => name), pointwise: next.name, multAdds }];
  });
}
