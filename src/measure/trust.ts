// Rejects a measured time if outputs are not numbers or layers do not add up to the whole.

import type { Executable, LayerTimes, Output } from '../engines/engine.js';
import type { Graph } from '../graph.js';
import { milliseconds } from '../numberText.js';

/** A run whose times are not valid; exit code 3. */
export class UntrustedRun extends Error {
  override name = 'UntrustedRun';
}

/**
 * Whole numbers may be 0, and an output may have no elements. In a file with its own weights an
 * output may be all zero where the network clips. There only zeros in all outputs are taken for
 * dropped work.
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

/** The time of a whole inference. */
export interface WholeInference {
  /** Milliseconds. */
  readonly median: number;
  /** The device waited for the host, so the sum of the layers may be far less. */
  readonly hostBound: boolean;
}

type Timed = Exclude<LayerTimes, { readonly clock: null }>;

/** How far a time may be from another: factors, and milliseconds on top. */
interface Tolerance {
  readonly least: number;
  readonly most: number;
  /** Milliseconds more for each layer or kernel. */
  readonly perLayer: number;
  /** Milliseconds of an inference that its profile may miss. */
  readonly perInference: number;
}

const TOLERANCES: Readonly<Record<Timed['clock'], Tolerance>> = {
  /** By the clock of the device, each layer is submitted alone and does not overlap with others. */
  device: { least: 1 / 4, most: 4, perLayer: 0, perInference: 0 },
  /** By the clock of the host, the same calls are timed with a wait after each. */
  host: { least: 1 / 2, most: 2, perLayer: 0.5, perInference: 0 },
};

/**
 * A profiled inference against one that is not profiled. With a busy neighbour one was 5.6 times as
 * slow as another, because other work may run between any two kernels. Handing tensors over, which
 * the profile does not contain, took up to 0.1 ms.
 */
const PROFILED: Tolerance = { least: 1 / 4, most: 4, perLayer: 0.2, perInference: 0.25 };
/**
 * The kernels of a profiled inference against that inference. Measured: 66 to 99.8 %, and less
 * where other work ran between the kernels. Medians of kernels may add up to a little more than the
 * median of the inferences.
 */
const KERNELS = { least: 1 / 4, most: 5 / 4, perLayer: 0.02 };

/** The parts of a timed pass that are summed. */
interface TimedPass {
  readonly clock: Timed['clock'];
  readonly layers: readonly { readonly ms: number }[];
  /** Milliseconds of steps that are not layers. */
  readonly others?: readonly { readonly ms: number }[];
  /** The profiled inference by the same clock, with the runtime's work between kernels. */
  readonly whole?: number | undefined;
}

export const sumOf = ({ layers, others = [] }: Pick<TimedPass, 'layers' | 'others'>): number =>
  [...layers, ...others].reduce((all, { ms }) => all + ms, 0);

/** Two times that contradict each other. */
export interface Contradiction {
  /**
   * `above`, `below`: the layers take far more or far less than the inference. `apart`: the kernels
   * of a profile do not add up to its inference.
   */
  readonly side: 'above' | 'below' | 'apart';
  /** Both times, as the beginning of a sentence. */
  readonly words: string;
}

/** Null where the times of layers agree with each other and with the whole. */
export function contradiction(times: TimedPass, whole: WholeInference): Contradiction | null {
  const sum = sumOf(times);
  if (times.whole === undefined)
    return beside(
      times,
      sum,
      TOLERANCES[times.clock],
      whole,
      (median) => `the layers add up to ${ms(sum)} where one inference takes ${median}`,
    );
  const against = beside(
    times,
    times.whole,
    PROFILED,
    whole,
    (median) => `an inference takes ${ms(times.whole!)} while it is profiled and ${median} without`,
  );
  if (against?.side === 'above') return against;
  const steps = stepsOf(times);
  const covered =
    sum <= KERNELS.most * times.whole + KERNELS.perLayer * steps &&
    sum > KERNELS.least * times.whole - KERNELS.perLayer * steps;
  if (!covered)
    return {
      side: 'apart',
      words: `the kernels add up to ${ms(sum)} of a profiled inference that takes ${ms(times.whole)}`,
    };
  return against;
}

function beside(
  times: TimedPass,
  time: number,
  { least, most, perLayer, perInference }: Tolerance,
  { median, hostBound }: WholeInference,
  words: (median: string) => string,
): Contradiction | null {
  const said = words(ms(median));
  if (!(time <= most * median + perLayer * stepsOf(times))) return { side: 'above', words: said };
  const low = hostBound ? 0 : least * median - perInference;
  return time > low ? null : { side: 'below', words: said };
}

const stepsOf = ({ layers, others = [] }: TimedPass): number => layers.length + others.length;

const ms = (time: number): string => `${milliseconds(time)} ms`;

/** @throws UntrustedRun when the times of the layers contradict the whole, or each other */
export function demandAgreement(times: Timed, whole: WholeInference): void {
  const found = contradiction(times, whole);
  if (found === null) return;
  throw new UntrustedRun(
    `${found.words}: a clock is wrong, or something else took this machine; measure again when it has nothing else to do`,
  );
}
