// What limits each measured layer, by the roofline, where its time can be relied on.

import type { Run } from '../measure/run.js';
import { quantile } from '../measure/statistics.js';
import type { Layer } from '../profile.js';
import type { LayerLimit } from './layerLimit.js';

/** A timed kernel, with the work of its layer and of the layers fused into it. */
export interface MeasuredLayer {
  /** Names of layers; the one that did the work comes first. */
  readonly members: readonly Layer[];
  readonly milliseconds: number;
  /** How an op that the engine lacks was made of others. */
  readonly emulation: string | null;
  readonly flops: number;
  readonly bytes: number;
}

/** Where the roofline explains less than this part of its time, something else limits the layer. */
const FILLED = 0.25;
/**
 * An upper bound of a launch in milliseconds: engines take 0.002 to 0.1. A launch also takes no
 * longer than the fastest layers of a run, since each of them has one.
 */
const [FASTEST, LONGEST_LAUNCH] = [0.1, 0.1] as const;
/** Where times of equal layers differ by more than this factor, none of them is relied on. */
const VARIES = 3;

/**
 * Limits by the roofline (Williams et al., CACM 52(4), 2009): arithmetic or memory, whichever takes
 * longer under the measured ceilings. Where both explain less than a quarter of the time, a layer
 * waits for its launch if its work takes less than a launch; else its limit is not known.
 * @returns a limit for each layer, and in one sentence how they were found
 */
export function measuredLimits(
  run: Pick<Run, 'ceilings' | 'warnings'>,
  layers: readonly MeasuredLayer[],
): { readonly limits: readonly LayerLimit[]; readonly how: string } {
  const { ceilings } = run;
  const doubt = doubtOf(run);
  const ranges = rangesOf(layers);
  if (ceilings === null)
    return {
      limits: ranges.map((varies) => ({ limit: null, ...(varies ? { varies } : {}) })),
      how: 'the run has no ceilings, so limits are not known',
    };
  const roofs = layers.map(({ flops, bytes }) => ({
    compute: (1e3 * flops) / ceilings.flopsPerSecond,
    memory: (1e3 * bytes) / ceilings.bytesPerSecond,
  }));
  const launch = launchOf(layers);
  const limits = roofs.map(({ compute, memory }, i): LayerLimit => {
    const { milliseconds } = layers[i]!;
    const varies = ranges[i];
    if (varies) return { limit: null, varies };
    const work = Math.max(compute, memory);
    if (milliseconds === 0 || doubt?.ofAll === true) return { limit: null };
    if (work >= FILLED * milliseconds) return { limit: compute >= memory ? 'compute' : 'memory' };
    return { limit: doubt === undefined && work < launch ? 'launches' : null };
  });
  return { limits, how: howOf(doubt) };
}

/** Why the times of a run's layers cannot be relied on. */
interface Doubt {
  /**
   * Whether no time can be relied on. Otherwise noise made some times longer, and a layer that
   * reaches a ceiling does so all the same.
   */
  readonly ofAll: boolean;
  /** The flag that helps; null where none does. */
  readonly flag: string | null;
}

const NOISE: readonly string[] = ['noisy', 'drifting', 'too-short'];

function doubtOf({ warnings }: Pick<Run, 'warnings'>): Doubt | undefined {
  const differ = warnings.find(({ kind }) => kind === 'layers-differ');
  const doubtful = differ ?? warnings.find(({ kind }) => NOISE.includes(kind));
  return doubtful && { ofAll: differ !== undefined, flag: doubtful.flag };
}

function howOf(doubt: Doubt | undefined): string {
  if (doubt === undefined)
    return "limits by the roofline of the measured ceilings; where that explains less than a quarter of a layer's time, launches if its work is shorter than a launch, else not known";
  const again = `measure again${doubt.flag === null ? '' : ` with ${doubt.flag}`}`;
  return doubt.ofAll
    ? `limits are not known, since the times of its layers do not fit the time of the whole: ${again}`
    : `limits by the roofline of the measured ceilings, and not known where that explains less than a quarter of a layer's time, since the run was not steady: ${again}`;
}

/** Milliseconds that a launch takes at most. */
function launchOf(layers: readonly MeasuredLayer[]): number {
  // A layer that moves nothing may not run at all.
  const times = layers.flatMap(({ bytes, milliseconds }) => (bytes > 0 ? [milliseconds] : []));
  return times.length === 0 ? 0 : Math.min(LONGEST_LAUNCH, quantile(times, FASTEST));
}

/** For each layer the range of times of equal layers, where they differ too much. */
function rangesOf(layers: readonly MeasuredLayer[]): readonly LayerLimit['varies'][] {
  const keys = layers.map(keyOf);
  const times = new Map<string, number[]>();
  for (const [i, key] of keys.entries()) times.set(key, [...(times.get(key) ?? []), layers[i]!.milliseconds]);
  return keys.map((key) => {
    const [least, most] = [Math.min(...times.get(key)!), Math.max(...times.get(key)!)];
    return most > VARIES * least ? [least, most] : undefined;
  });
}

/** A key that is the same for layers with the same kernels and shapes. */
const keyOf = ({ members, emulation }: MeasuredLayer): string =>
  JSON.stringify([
    emulation,
    ...members.map(({ op, inShape, inShapes, outShape, kernel, stride, padding, dilation, groups, bias, params }) => [
      ...[op, inShape, inShapes, outShape, kernel, stride],
      ...[padding, dilation, groups, bias, params],
    ]),
  ]);
