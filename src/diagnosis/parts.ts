// The stages and layers with most of the cost or time, and what limits each.

import type { Layer, Profile } from '../profile.js';
import type { LayerLimit, Limit } from './layerLimit.js';
import type { LayerTiming, Timing } from './timing.js';
import { groupName } from '../groupName.js';

/** A stage, or a layer, and its shares of the network. */
export interface NetworkPart {
  readonly name: string;
  /** Of a stage, those that move data: views are free. */
  readonly layers: number;
  /** Of one layer, or of the layer that did the work of a kernel. */
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
  /**
   * Of unfused memory access; null where nothing moves. It waits for memory on a device whose
   * FLOP/s are more than so many times its bytes/s.
   */
  readonly flopsPerByte: number | null;
  /** Null where it is not known: always by counts alone. */
  readonly limit: Limit | null;
  /**
   * Only for a single layer: the range of times of equal layers, where they differ too much
   * (layerLimit.ts).
   */
  readonly varies?: LayerLimit['varies'];
}

/**
 * Where the roofline (Williams et al., CACM 52(4), 2009) bends: peak FLOP/s over bytes/s of their
 * datasheets. CPUs: Core i7 to EPYC and Xeon. GPUs in fp32: A100 13, V100 17, H100 20, RTX 3090 38,
 * RTX 4090 82. Tensor cores in half precision: RTX 3090 76, A100 153, RTX 4090 164, H100 295.
 */
export const BELOW_BALANCE =
  'a layer waits for memory rather than arithmetic where its FLOPs/byte are below what the device does (CPUs 10 to 35, GPUs 15 to 80 in fp32, tensor cores 75 to 300)';

/** What layers are gathered by: resolutions, or blocks, where one stage is nearly all. */
export type Gathered = 'stage' | 'block' | 'resolution';

/** The parts with most of the cost or time, and how many parts have any. */
export interface Largest {
  readonly parts: readonly NetworkPart[];
  readonly inAll: number;
}

/** Parts are shown until they make up this share of the whole, and at most so many. */
const [MOST_OF_IT, MOST_STAGES, MOST_LAYERS] = [0.85, 5, 5] as const;

/** Where one stage has more than this share, parts are resolutions instead of stages. */
const TOO_LARGE = 0.7;

export function stagesOf(profile: Profile, timing: Timing | undefined): Largest & { readonly by: Gathered } {
  const by = (one: Gathered, parts: readonly NetworkPart[]) => ({ ...largest(parts, MOST_STAGES), by: one });
  const stages = partsOf(profile, timing, ({ stage }) => groupName(stage, 'stage'));
  if (partsIt(stages)) return by('stage', stages);
  // Token sequences have no resolution, so their parts are blocks.
  const blocks = partsOf(profile, timing, ({ block }) => block || '(no block)');
  const mostlyTokens = ofImages(profile) < profile.totals.multAdds / 2;
  return mostlyTokens && partsIt(blocks)
    ? by('block', blocks)
    : by('resolution', partsOf(profile, timing, resolutionOf));
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
      ...{ name, layers: members.filter(costs).length, multAdds, memoryAccessUnfused, memoryAccessFused, milliseconds },
      op: members.length === 1 || timing ? members[0]!.op : null,
      multAddsShare: part(multAdds, totals.multAdds),
      memoryAccessUnfusedShare: part(memoryAccessUnfused, totals.memoryAccess.unfused),
      timeShare: milliseconds === null ? null : part(milliseconds, all),
      flopsPerByte: memoryAccessUnfused === 0 ? null : flops / (bytesPerElement * memoryAccessUnfused),
      limit: times ? longestLimit(members, times) : null,
      ...(varies ? { varies } : {}),
    };
  });
}

const costs = ({ memoryAccessUnfused, multAdds }: Layer): boolean => memoryAccessUnfused > 0 || multAdds > 0;

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
