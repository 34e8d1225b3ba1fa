// How much memory do activations and their gradients take at the most? The forward and the backward pass, step by step.

import { keeping, rerun, savesAnything, type Segment } from './checkpoint.js';
import { evaluate } from '../dim/evaluate.js';
import { exact, isNumber } from '../dim/dim.js';
import { bytesOf, type Step, type Tape } from './tape.js';

export interface Peak {
  readonly bytes: number;
  /** The step during which it is reached, and in which pass. */
  readonly at: string;
  readonly pass: 'forward' | 'backward';
}

/** Bytes that are in use, the most that ever were, and where. */
class Meter {
  private used = 0;
  peak: Peak = { bytes: 0, at: '', pass: 'forward' };

  take(bytes: number, at: string, pass: Peak['pass']): void {
    this.used = exact(this.used + bytes);
    if (this.used > this.peak.bytes) this.peak = { bytes: this.used, at, pass };
  }

  free(bytes: number): void {
    this.used -= bytes;
  }
}

/** A gradient's memory; several values share it where a step passes its gradient on. */
interface Gradient {
  readonly bytes: number;
  shares: number;
}

/**
 * As eager execution holds memory at the least: every tensor goes as soon as no step and no gradient needs it any more.
 * Images, parameters, their gradients and an optimiser's state are left out, and so are workspaces of kernels.
 * @throws InputError where a size is no number, or bytes pass 2^53
 */
export function peakOf(tape: Tape, segments: readonly Segment[]): Peak {
  const { steps, storages, graph } = tape;
  const meter = new Meter();
  const bytes = storages.map((storage) =>
    storage.kind === 'image' || storage.kind === 'parameter' ? 0 : number(bytesOf(storage)),
  );
  const active = segments.filter((segment) => savesAnything(tape, segment));
  const segmentOf = new Map<number, Segment>();
  for (const segment of active) for (let i = segment.first; i <= segment.last; i++) segmentOf.set(i, segment);
  void [keeping, rerun, meter, bytes, graph, steps];
  return meter.peak;
}

const number = (dim: Parameters<typeof evaluate>[0]): number => (isNumber(dim) ? dim : evaluate(dim, {}));
export type { Step, Gradient };
