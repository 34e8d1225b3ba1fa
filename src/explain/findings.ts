// The sentences of an explanation: the best cost, the fitted device, the most surprising network.

import type { CostFit } from './costs.js';
import type { Explained, Explanation } from './explanation.js';
import type { DeviceFit } from './deviceFits.js';
import { errorPercentage } from '../numberText.js';

type Summary = Pick<Explanation, 'device' | 'networks' | 'costs' | 'models' | 'distinct'>;

/** With fewer networks no best cost is named. */
const FEW = 20;
/** A network with a larger relative error is named in a sentence. */
const FAR = 0.5;

/** @param bandwidth bytes per second that the device's memory has at most; null where unknown */
export function explainFindings(found: Summary, bandwidth: number | null): readonly string[] {
  const { networks, distinct } = found;
  return [
    rankingOf(found),
    fitOf(found),
    ...tooFast(found, bandwidth),
    ...surpriseOf(networks),
    ...farthestFromModel(networks),
    ...(distinct < FEW
      ? [
          `${distinct} networks are few: correlations and rates may change with the next one; ${FEW} make a firm answer.`,
        ]
      : []),
  ];
}

function rankingOf({ device, networks, costs, distinct }: Summary): string {
  const [first, second] = costs;
  const work = costs.find(({ cost }) => cost === 'multAdds')!;
  const others = [second!, work].filter((cost, i, all) => cost !== first && all.indexOf(cost) === i);
  const where = device === null ? '' : ` on ${device}`;
  const sizes = networks.length > distinct ? ` at ${networks.length} sizes and batches` : '';
  const over = `Over ${distinct} networks${sizes}${where}`;
  const rest = others.map(({ words, spearman }) => `${rounded(spearman)} for ${words}`).join(' and ');
  if (first!.spearman === second!.spearman)
    return `${over}, ${first!.words} and ${second!.words} order the times equally well: rank correlation ${rounded(first!.spearman)}.`;
  const close = first!.interval !== null && second!.spearman !== null && second!.spearman > first!.interval[0];
  return `${over}, ${first!.words} ${verb(first!)} the times best: rank correlation ${rounded(first!.spearman)}, against ${rest}${close ? `; ${distinct} networks cannot tell the first two apart` : ''}.`;
}

const verb = ({ plural }: CostFit): string => (plural ? 'order' : 'orders');
const rounded = (correlation: number | null): string => correlation?.toFixed(2) ?? 'none';

function fitOf({ costs, models }: Summary): string {
  const [best] = models;
  const single = costs.reduce((a, b) => (b.unseen < a.unseen ? b : a));
  const only = single.unseen <= best!.unseen ? 'only ' : '';
  return `${modelWords(best!)} predicts networks of a family that it has not seen within ${errorPercentage(best!.unseen)} (median; 90th percentile ${errorPercentage(best!.p90)}); the best single cost, ${single.words}, is ${only}${errorPercentage(single.unseen)} off.`;
}

/** "A device of 116 TFLOP/s, 436 GB/s and 31 us per launch (PyTorch, eager, NCHW)". */
function modelWords({ words, rates, bytesPerSecond, launchInterval }: DeviceFit): string {
  const launch = `${microseconds(rates.secondsPerLaunch)} us per launch${launchInterval === null ? '' : ` (95 %: ${launchInterval.map(microseconds).join(' to ')})`}`;
  return `A device of ${giga(rates.flopsPerSecond)}FLOP/s, ${giga(bytesPerSecond)}B/s and ${launch}, as ${words},`;
}

/** A rate of bytes above the bandwidth shows that elements are smaller than was assumed. */
function tooFast({ models }: Summary, bandwidth: number | null): readonly string[] {
  const rate = models[0]!.bytesPerSecond;
  if (bandwidth === null || rate <= bandwidth) return [];
  return [
    `${giga(rate)}B/s is more than the ${giga(bandwidth)}B/s of the device's memory: an element has fewer bytes than was taken (--bytes-per-element), or caches serve the traffic.`,
  ];
}

/** Rounded to the digits that the fit can support. */
export const microseconds = (seconds: number): string =>
  1e6 * seconds < 0.005 ? '0' : String(Number((1e6 * seconds).toPrecision(2)));

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

function farthestFromModel(networks: readonly Explained[]): readonly string[] {
  const off = ({ milliseconds, predicted }: Explained): number => milliseconds / predicted;
  const distance = (network: Explained): number => Math.abs(Math.log(off(network)));
  const farthest = networks.reduce((a, b) => (distance(b) > distance(a) ? b : a));
  if (distance(farthest) < Math.log(1 + FAR)) return [];
  return [
    `${farthest.model} takes ${ratio(off(farthest))} what the model says: something other than work, traffic and launches decides there; measure it with --layers.`,
  ];
}
