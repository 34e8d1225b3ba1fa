// The stages and layers with most of the cost or time, and what limits each.

import type { Layer, Profile } from '../profile.js';
import type { LayerLimit, Limit } from './layerLimit.js';
import type { LayerTiming, Timing } from './timing.js';
import { groupName } from '../groupName.js';

/** A stage, or a layer, and its shares of the network. */
export interface NetworkPart {
  readonly name: string;
  /** Layers of a stage; the op of a layer. */
  readonly layers: number;
  readonly op: string | null;
  readonly multAdds: number;
  readonly multAddsShare: number;
  /** Memory access in elements, unfused and fused. */
  readonly memoryAccessUnfused: number;
  readonly memoryAccessFused: number;
  readonly memoryAccessUnfusedShare: number;
  /** Null where no times are known. */
  readonly milliseconds: number | null;
  readonly timeShare: number | null;
  /** Null where it is not known. */
  readonly limit: Limit | 'depends' | null;
  /**
   * Only for a single layer: the range of times of equal layers, where they differ too much
   * (layerLimit.ts).
   */
  readonly varies?: LayerLimit['varies'];
}

/** The parts with most of the cost or time, and how many parts have any. */
export interface Largest {
  readonly parts: readonly NetworkPart[];
  readonly inAll: number;
}

/**
 * FLOPs per byte. The ridge of devices from a CPU's core to a data-centre GPU in half precision
 * lies between: 10 (two cores), 13 (A100, fp32), 38 (RTX 3090, fp32), 150 to 300 (tensor cores).
 */
const MEMORY_BELOW = 10;
const COMPUTE_ABOVE = 100;
/** Parts are shown until they make up this share of the whole, and at most so many. */
const [MOST_OF_IT, MOST_STAGES, MOST_LAYERS] = [0.85, 5, 5] as const;

/** Where one stage has more than this share, parts are resolutions instead of stages. */
const TOO_LARGE = 0.7;

export function stagesOf(profile: Profile, timing: Timing | undefined): Largest {
  const stages = partsOf(profile, timing, ({ stage }) => groupName(stage, 'stage'));
  if (partsIt(stages)) return largest(stages, MOST_STAGES);
  // Token sequences have no resolution, so their parts are blocks.
  const blocks = partsOf(profile, timing, ({ block }) => block || '(no block)');
  const mostlyTokens = ofImages(profile) < profile.totals.multAdds / 2;
  return largest(mostlyTokens && partsIt(blocks) ? blocks : partsOf(profile, timing, resolutionOf), MOST_STAGES);
}

const partsIt = (parts: readonly NetworkPart[]): boolean =>
  parts.length > 1 && parts.every((one) => shareOf(one) <= TOO_LARGE);

/** Multiply-adds of layers that make maps of pixels. */
const ofImages = ({ layers }: Profile): number =>
  layers.reduce((sum, { multAdds, outShape }) => sum + (outShape.length === 4 ? multAdds : 0), 0);

export const layersOf = (profile: Profile, timing: Timing | undefined): Largest =>
  largest(partsOf(profile, timing, timing ? leaderIn(timing) : ({ name }) => name), MOST_LAYERS);

/** In order of execution; what ran inside of another layer has no time of its own. */
export const everyLayer = (profile: Profile, timing: Timing | undefined): readonly NetworkPart[] =>
  partsOf(profile, timing, ({ name }) => name);

const resolutionOf = ({ outShape }: Layer): string =>
  outShape.length > 2 ? outShape.slice(2).join('x') : 'no resolution';

/** The layer that a timed kernel is named by. */
function leaderIn({ layers }: Timing): (layer: Layer) => string {
  const leaders = new Map(layers.flatMap(({ layers: names }) => names.map((name) => [name, names[0]!] as const)));
  return ({ name }) => leaders.get(name) ?? name;
}

function partsOf(
  { layers, totals, bytesPerElement }: Profile,
  timing: Timing | undefined,
  nameOf: (layer: Layer) => string,
): readonly NetworkPart[] {
  const groups = new Map<string, Layer[]>();
  for (const layer of layers) {
    const name = nameOf(layer);
    const group = groups.get(name);
    if (group) group.push(layer);
    else groups.set(name, [layer]);
  }
  const times = timing && timesIn(timing);
  const all = timing?.layers.reduce((sum, { milliseconds }) => sum + milliseconds, 0) ?? 0;
  return [...groups].map(([name, members]) => {
    const sum = (pick: (layer: Layer) => number): number => members.reduce((total, layer) => total + pick(layer), 0);
    const [multAdds, memoryAccessUnfused] = [sum((layer) => layer.multAdds), sum((layer) => layer.memoryAccessUnfused)];
    const memoryAccessFused = sum((layer) => layer.memoryAccessFused);
    const milliseconds = times ? sum((layer) => times.get(layer.name)?.milliseconds ?? 0) : null;
    const flops = sum((layer) => layer.flops);
    const varies = times && rangeOf(members, times);
    return {
      ...{ name, layers: members.length, multAdds, memoryAccessUnfused, memoryAccessFused, milliseconds },
      op: members.length === 1 || timing ? members[0]!.op : null,
      multAddsShare: part(multAdds, totals.multAdds),
      memoryAccessUnfusedShare: part(memoryAccessUnfused, totals.memoryAccess.unfused),
      timeShare: milliseconds === null ? null : part(milliseconds, all),
      limit: times
        ? longestLimit(members, times)
        : limitOfCounts(flops, bytesPerElement * memoryAccessUnfused, bytesPerElement * memoryAccessFused),
      ...(varies ? { varies } : {}),
    };
  });
}

const part = (value: number, whole: number): number => (whole === 0 ? 0 : value / whole);

type Timed = Omit<LayerTiming, 'layers'>;

/** The time of each kernel, under the name of the layer that did the work. */
const timesIn = ({ layers }: Timing): ReadonlyMap<string, Timed> =>
  new Map(layers.map(({ layers: names, ...timed }) => [names[0]!, timed]));

/** Of the one kernel that ran these layers; undefined for several. */
function rangeOf(layers: readonly Layer[], times: ReadonlyMap<string, Timed>): LayerLimit['varies'] {
  const timed = layers.flatMap(({ name }) => times.get(name) ?? []);
  return timed.length === 1 ? timed[0]!.varies : undefined;
}

/** The limit of the layers that take most of the time; null where that of most is not known. */
function longestLimit(layers: readonly Layer[], times: ReadonlyMap<string, Timed>): Limit | null {
  const spent = new Map<Limit | null, number>();
  for (const { name } of layers) {
    const timed = times.get(name);
    if (timed) spent.set(timed.limit, (spent.get(timed.limit) ?? 0) + timed.milliseconds);
  }
  return [...spent].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}

function limitOfCounts(flops: number, bytes: number, fusedBytes: number): NetworkPart['limit'] {
  if (bytes === 0) return null;
  // An op that a compiler would absorb moves data where it runs by itself.
  if (flops < MEMORY_BELOW * (fusedBytes > 0 ? fusedBytes : bytes)) return 'memory';
  return flops > COMPUTE_ABOVE * bytes ? 'compute' : 'depends';
}

/** The sort key of a part: its time, or the larger of its two shares. */
export const shareOf = ({ timeShare, multAddsShare, memoryAccessUnfusedShare }: NetworkPart): number =>
  timeShare ?? Math.max(multAddsShare, memoryAccessUnfusedShare);

function largest(parts: readonly NetworkPart[], most: number): Largest {
  const sorted = [...parts].sort((a, b) => shareOf(b) - shareOf(a)).filter((one) => shareOf(one) > 0);
  const kept: NetworkPart[] = [];
  let [work, access] = [0, 0];
  for (const one of sorted.slice(0, most)) {
    if (work >= MOST_OF_IT && access >= MOST_OF_IT) break;
    kept.push(one);
    work += one.timeShare ?? one.multAddsShare;
    access += one.timeShare ?? one.memoryAccessUnfusedShare;
  }
  return { parts: kept, inAll: sorted.length };
}
