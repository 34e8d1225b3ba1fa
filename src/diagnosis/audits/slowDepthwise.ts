// The audit slow-depthwise: depthwise and 1x1 pairs that take longer than the full convolution.

import type { Node } from '../../graph.js';
import { milliseconds as ms, percent } from '../../numberText.js';
import { counted } from '../../plural.js';
import type { Layer } from '../../profile.js';
import type { Audit, Subject } from '../finding.js';
import { chainAfter, isDepthwise, surroundingsOf } from '../surroundings.js';

/** Full convolutions whose rate says what another one would take. */
const LEAST_CONVOLUTIONS = 3;

export const slowDepthwise: Audit = {
  id: 'slow-depthwise',
  title: 'Depthwise and 1x1 pairs are slower than full convolutions',
  source:
    'VoVNet, arXiv 1904.09730, section 3.2, and ShuffleNetV2, arXiv 1807.11164, G2 and G4: few multiply-adds, much memory access',
  find(subject) {
    const { timing, profile } = subject;
    if (timing === undefined) return null;
    const times = new Map(timing.layers.map((layer) => [layer.layers[0]!, layer.milliseconds]));
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
    const names = new Set(slower.flatMap(({ depthwise, pointwise }) => [depthwise, pointwise]));
    return {
      evidence: `${counted(slower.length, 'pair')} of a depthwise and a 1x1 convolution ${timing.kind === 'measured' ? 'took' : 'would take'} ${ms(pairs)} ms, ${percent(pairs, all)} of the layers' time; full convolutions, at the rates that those of this network reach, ${ms(least)} to ${ms(most)} ms.`,
      figures: { pairs: slower.length, milliseconds: pairs, fullLeast: least, fullMost: most },
      layers: profile.layers.filter(({ name }) => names.has(name)).map(({ name }) => name),
      fix: 'Use one full convolution, or grouped ones with wide groups, and measure it: flopscope measure, then flopscope diff.',
      saves: { milliseconds: [pairs - most, pairs - least] },
      share: pairs / all,
    };
  },
};

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

/** Each depthwise convolution with the 1x1 behind it, and the multiply-adds of the full one. */
function pairsOf({ graph, profile: { layers } }: Subject): readonly {
  readonly depthwise: string;
  readonly pointwise: string;
  readonly multAdds: number;
}[] {
  const around = surroundingsOf(graph);
  const known = new Map(layers.map((layer) => [layer.name, layer]));
  const pointwise = (node: Node | undefined): Layer | undefined => {
    const layer = node && known.get(node.name);
    return layer?.op === 'conv' && layer.groups === 1 && layer.kernel!.every((side) => side === 1) ? layer : undefined;
  };
  return graph.nodes.flatMap((node) => {
    const layer = known.get(node.name)!;
    if (node.op !== 'conv' || !isDepthwise(layer) || Math.max(...layer.kernel!) === 1) return [];
    const next = pointwise(chainAfter(node, around).end);
    if (next === undefined) return [];
    return [{ depthwise: node.name, pointwise: next.name, multAdds: layer.multAdds * next.outShape[1]! }];
  });
}
