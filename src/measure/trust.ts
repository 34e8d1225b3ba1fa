// Rejects a measured time if outputs are not numbers or layers do not add up to the whole.

import type { Executable, LayerTimes, Output } from '../engines/engine.js';
import type { Graph } from '../graph.js';

/** A run whose times are not valid; exit code 3. */
export class UntrustedRun extends Error {
  override name = 'UntrustedRun';
}

/**
 * Whole numbers may be 0, and an output may have no elements. A file with its own weights may have
 * zeros wherever it clips, and among its outputs: only zeros everywhere are dropped work there.
 * @throws UntrustedRun for an output that is not finite or all zero, as after dropped work
 */
export function checkOutputs(
  outputs: readonly Output[],
  graph: Pick<Graph, 'nodes'>,
  weights: Executable['weights'] = 'seeded',
): void {
  for (const { name, values } of outputs) {
    const odd = values.findIndex((value) => !Number.isFinite(value));
    if (odd >= 0)
      throw new UntrustedRun(
        `the output "${name}" is ${values[odd]!} at element ${odd}: the device computed no network, so its times mean nothing`,
      );
  }
  const real = outputs.filter(({ integers, values }) => !integers && values.length > 0);
  const zero = real.filter(({ values }) => values.every((value) => value === 0));
  if (weights === 'file') {
    if (real.length === 0 || zero.length < real.length || zero.some(({ name }) => zeroing(name, graph))) return;
    throw new UntrustedRun(
      'all outputs are zero everywhere: the device dropped work (try a smaller --batch), or the file itself gives zeros for random inputs',
    );
  }
  const dropped = zero.find(({ name, values }) => !(values.length < FEW && zeroing(name, graph)));
  if (dropped)
    throw new UntrustedRun(
      `the output "${dropped.name}" is all zero: the device dropped work (try a smaller --batch), or the network itself ends in zeros with these seeded weights, as a last ReLU may (try another --seed)`,
    );
}

/**
 * Ops that often return exactly 0: a sigmoid of very negative inputs, a ReLU of half of its inputs.
 */
const ZEROING: ReadonlySet<string> = new Set([
  'sigmoid',
  'hardSigmoid',
  'hardSwish',
  'relu',
  'relu6',
  'clip',
  'softmax',
]);
/** All zeros after a ReLU have a chance of 1 in 256 at this number of elements. */
const FEW = 8;

const zeroing = (name: string, { nodes }: Pick<Graph, 'nodes'>): boolean =>
  ZEROING.has(nodes.find((node) => node.name === name)?.op ?? '');

/** The inference that layers are parts of. */
export interface Whole {
  /** Milliseconds. */
  readonly median: number;
  /** The device waited for the host, so the sum of the layers may be far less. */
  readonly hostBound: boolean;
}

type Timed = Exclude<LayerTimes, { readonly clock: null }>;

/**
 * How far the sum of layers may be from the whole: parts of it, and milliseconds more for each
 * layer.
 */
interface Tolerance {
  readonly least: number;
  readonly most: number;
  readonly perLayer: number;
}

const TOLERANCES: Readonly<Record<Timed['clock'], Tolerance>> = {
  /** Timed without the overlap that they have in the whole, and with a submit of their own. */
  device: { least: 1 / 4, most: 4, perLayer: 0 },
  /** The same calls by the same clock, and a wait after each. */
  host: { least: 1 / 2, most: 2, perLayer: 0.5 },
};

/** Of a timed pass, what its sum needs. */
interface Sum {
  readonly clock: Timed['clock'];
  readonly layers: readonly { readonly ms: number }[];
  /** Milliseconds of steps that are not layers. */
  readonly others?: readonly { readonly ms: number }[];
  /** The inference that was timed, by the same clock: a runtime works between its kernels, too. */
  readonly whole?: number | undefined;
}

export const sumOf = ({ layers, others = [] }: Pick<Sum, 'layers' | 'others'>): number =>
  [...layers, ...others].reduce((all, { ms }) => all + ms, 0);

/**
 * A call into the process of a runtime, which is in the time of one inference and not in its
 * profile.
 */
const CALL_MS = 5;

/**
 * On which side the sum of the layers is out of all proportion to the whole; null where it is not.
 */
export function contradiction(times: Sum, { median, hostBound }: Whole): 'above' | 'below' | null {
  const { least, most, perLayer } = TOLERANCES[times.clock];
  const sum = times.whole ?? sumOf(times);
  if (!(sum <= most * median + perLayer * times.layers.length)) return 'above';
  const low = hostBound ? 0 : least * median - (times.whole === undefined ? 0 : CALL_MS);
  return sum > low ? null : 'below';
}

/** @throws UntrustedRun when the sum of the layers contradicts the whole */
export function demandAgreement(times: Timed, whole: Whole): void {
  if (contradiction(times, whole) === null) return;
  throw new UntrustedRun(
    `the layers add up to ${(times.whole ?? sumOf(times)).toPrecision(3)} ms where one inference takes ${whole.median.toPrecision(3)} ms: a clock is wrong, or something else took this machine; measure again when it has nothing else to do`,
  );
}
