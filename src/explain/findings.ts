// The sentences of an explanation: the best cost, the fitted device, the most surprising network.

import type { CostFit } from './costs.js';
import type { Explained, Explanation } from './explanation.js';
import type { PhysicalFit } from './physical.js';

type Found = Pick<Explanation, 'device' | 'networks' | 'costs' | 'models'>;

/** With fewer networks no best of six costs is named. */
const FEW = 20;
/** A network with a larger relative error is named in a sentence. */
const FAR = 0.5;

export function explainFindings(found: Found): readonly string[] {
  const { networks } = found;
  return [
    rankingOf(found),
    fitOf(found),
    ...surpriseOf(networks),
    ...strangerOf(networks),
    ...(networks.length < FEW
      ? [
          `${networks.length} networks are few: correlations and rates may change with the next one; ${FEW} make a firm answer.`,
        ]
      : []),
  ];
}

function rankingOf({ device, networks, costs }: Found): string {
  const [first, second] = costs;
  const work = costs.find(({ cost }) => cost === 'multAdds')!;
  const others = [second!, work].filter((cost, i, all) => cost !== first && all.indexOf(cost) === i);
  const where = device === null ? '' : ` on ${device}`;
  const rest = others.map(({ words, spearman }) => `${rounded(spearman)} for ${words}`).join(' and ');
  if (first!.spearman === second!.spearman)
    return `Over ${networks.length} networks${where}, ${first!.words} and ${second!.words} order the times equally well: rank correlation ${rounded(first!.spearman)}.`;
  const close = first!.interval !== null && second!.spearman !== null && second!.spearman > first!.interval[0];
  return `Over ${networks.length} networks${where}, ${first!.words} ${plural(first!)} the times best: rank correlation ${rounded(first!.spearman)}, against ${rest}${close ? `; ${networks.length} networks cannot tell the first two apart` : ''}.`;
}

const plural = ({ cost }: CostFit): string => (cost === 'params' || cost === 'multAdds' ? 'order' : 'orders');
const rounded = (correlation: number | null): string => correlation?.toFixed(2) ?? 'none';

function fitOf({ costs, models }: Found): string {
  const [best] = models;
  const single = costs.reduce((a, b) => (b.leaveOneOut < a.leaveOneOut ? b : a));
  const only = single.leaveOneOut <= best!.leaveOneOut ? 'only ' : '';
  return `${modelWords(best!)} predicts a network that it has not seen within ${share(best!.leaveOneOut)} (median); the best single cost, ${single.words}, is ${only}${share(single.leaveOneOut)} off.`;
}

const share = (error: number): string => `${(100 * error).toFixed(error < 0.0995 ? 1 : 0)} %`;

/**
 * "A device of 116 GFLOP/s and 9.1 GB/s, the slower of the two in each op, and 31 us per launch".
 */
function modelWords({
  overlap,
  flopsPerSecond,
  bytesPerSecond,
  secondsPerLaunch,
  launchInterval,
}: PhysicalFit): string {
  const rates = [
    ...(flopsPerSecond === null ? [] : [`${giga(flopsPerSecond)}FLOP/s`]),
    ...(bytesPerSecond === null ? [] : [`${giga(bytesPerSecond)}B/s`]),
  ];
  const both =
    rates.length === 2 ? (overlap === 'sum' ? ', one after the other' : ', whichever is slower in each op') : '';
  const launch =
    secondsPerLaunch > 0
      ? `${rates.length > 0 ? ', and ' : ''}${microseconds(secondsPerLaunch)} us per launch${launchInterval === null ? '' : ` (95 %: ${launchInterval.map(microseconds).join(' to ')})`}`
      : '';
  return `A device of ${rates.join(' and ')}${both}${launch}`;
}

/** Rounded to the digits that the fit can support. */
const microseconds = (seconds: number): string => String(Number((1e6 * seconds).toPrecision(2)));

const giga = (rate: number): string =>
  rate >= 1e12 ? `${(rate / 1e12).toPrecision(3)} T` : `${(rate / 1e9).toPrecision(3)} G`;

/** The pair where fewer multiply-adds take longest in comparison, with the model's explanation. */
function surpriseOf(networks: readonly Explained[]): readonly string[] {
  let worst: { readonly slow: Explained; readonly fast: Explained; readonly size: number } | undefined;
  for (const slow of networks)
    for (const fast of networks) {
      if (!sameInput(slow, fast)) continue;
      const [work, time] = [slow.totals.multAdds / fast.totals.multAdds, slow.milliseconds / fast.milliseconds];
      if (work >= 1 || time <= 1) continue;
      const size = Math.min(1 / work, time);
      if (worst === undefined || size > worst.size) worst = { slow, fast, size };
    }
  if (worst === undefined) return ['No network with fewer multiply-adds took longer than one with more.'];
  const { slow, fast } = worst;
  const moved = (['compute', 'traffic', 'launches'] as const)
    .map((part) => ({ part, by: slow.parts[part] - fast.parts[part] }))
    .filter(({ by }) => Math.abs(by) >= 0.005 * slow.milliseconds)
    .map(({ part, by }) => `${by > 0 ? '+' : '-'}${Math.abs(by).toPrecision(3)} ms ${WORDS[part]}`);
  return [
    `${slow.model} has ${ratio(slow.totals.multAdds / fast.totals.multAdds)} the multiply-adds of ${fast.model} and takes ${ratio(slow.milliseconds / fast.milliseconds)} the time: by the model, ${moved.length === 0 ? 'nothing it knows of explains it' : moved.join(', ')}.`,
  ];
}

const WORDS = { compute: 'of compute', traffic: 'of memory traffic', launches: 'of launches' } as const;
const ratio = (value: number): string => `${value.toFixed(2)}x`;

/** The same batch and input, so that only the networks differ. */
const sameInput = (a: Explained, b: Explained): boolean =>
  a !== b && (['n', 'h', 'w'] as const).every((side) => a.input[side] === b.input[side]);

function strangerOf(networks: readonly Explained[]): readonly string[] {
  const off = ({ milliseconds, predicted }: Explained): number => milliseconds / predicted;
  const distance = (network: Explained): number => Math.abs(Math.log(off(network)));
  const strangest = networks.reduce((a, b) => (distance(b) > distance(a) ? b : a));
  if (distance(strangest) < Math.log(1 + FAR)) return [];
  return [
    `${strangest.model} takes ${ratio(off(strangest))} what the model says: something other than work, traffic and launches decides there; measure it with --layers.`,
  ];
}
