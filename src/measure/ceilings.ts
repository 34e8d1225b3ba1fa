// Measures an engine's ceilings: the best rates of its own large products, convolutions and copies.

import { Builder } from '../builder.js';
import type { CeilingWorkload, Engine } from '../engines/engine.js';
import { counted } from '../plural.js';
import { profile } from '../profile.js';
import type { Ceilings } from './run.js';
import { timeWindows, type Now, type Progress, type Protocol } from './windows.js';

/** Milliseconds of one run: long enough for the full rate, short enough on a slow device. */
const LONG_MS = 100;
const LARGEST_SIDE = 8192;
const [SMALLEST_COPY, LARGEST_COPY] = [2 ** 16, 2 ** 26];
/** Protocols for a first look at each shape, and for the best shapes. */
const LOOK: Protocol = { warmups: 1, windows: 2, minWindowSeconds: 0.05 };
const CEILING: Protocol = { warmups: 1, windows: 5, minWindowSeconds: 0.2 };
/** The protocol between networks and after the last one. */
const AGAIN: Protocol = { warmups: 1, windows: 2, minWindowSeconds: 0.1 };

/**
 * Convolutions that libraries are tuned for. Some engines compute them with fewer operations than
 * are counted (Winograd). Then a convolution is the ceiling, and no matrix product.
 */
const CONVOLUTIONS = [
  { channels: 64, side: 56, kernel: 3 },
  { channels: 256, side: 14, kernel: 3 },
  { channels: 256, side: 28, kernel: 1 },
] as const;
/** Images of a convolution: one, or what a large device needs. */
const BATCHES = [1, 16] as const;

/** A workload of one shape, which can be made on any engine. */
interface Shape {
  readonly words: string;
  make(engine: Engine): CeilingWorkload | Promise<CeilingWorkload>;
}

interface Best {
  readonly shape: Shape;
  /** The rate of every window so far. */
  readonly rates: number[];
}

/** The ceilings of a device: sampled before, between and after the networks of each session. */
export class CeilingMeter {
  private constructor(
    private readonly products: Best,
    private readonly copies: Best,
    private readonly now: Now | undefined,
    /** Whether time ran out before all shapes were tried. */
    private readonly hurried: boolean,
  ) {}

  /**
   * @param until a time of `now` after which no further shape is looked at
   * @throws DeviceFailure when the device reports an error
   */
  static async open(
    engine: Engine,
    progress: Progress = () => undefined,
    now: Now = () => performance.now(),
    until = Infinity,
  ): Promise<CeilingMeter> {
    const start = now();
    const isUp = (part: number) => (): boolean => now() > start + part * (until - start);
    progress('ceilings', 0, 2);
    const ofProducts = isUp(PRODUCTS);
    const products = await bestOf(engine, await productShapes(engine, now, ofProducts), now, ofProducts);
    progress('ceilings', 1, 2);
    const copies = await bestOf(engine, await copyShapes(engine, now, isUp(1)), now, isUp(1));
    progress('ceilings', 2, 2);
    return new CeilingMeter(products, copies, now, isUp(1)());
  }

  /**
   * Samples the best shapes once more: a device changes its speed while it works.
   * @param engine the same one, or opened anew after an error
   * @returns the ceilings so far
   */
  async again(engine: Engine): Promise<Ceilings> {
    for (const { shape, rates } of [this.products, this.copies])
      rates.push(...(await ratesOf(engine, shape, AGAIN, this.now)));
    return this.ceilings;
  }

  get ceilings(): Ceilings {
    const samples = this.products.rates.length;
    return {
      flopsPerSecond: Math.max(...this.products.rates),
      bytesPerSecond: Math.max(...this.copies.rates),
      noise: Math.max(noiseOf(this.products.rates), noiseOf(this.copies.rates)),
      ...{ raised: null, sampled: null },
      how: `${this.products.shape.words}, ${this.copies.shape.words}, the best of ${counted(samples, 'window')}${this.hurried ? ', without time to look at all shapes' : ''}`,
    };
  }
}

/** The distance of the median sample from the best one, over the best one. */
function noiseOf(rates: readonly number[]): number {
  const sorted = [...rates].sort((a, b) => a - b);
  return 1 - sorted[Math.floor(sorted.length / 2)]! / sorted.at(-1)!;
}

/** The part of the time that products and convolutions may take. */
const PRODUCTS = 0.7;

/** Whether the time is up: no further shape is tried. */
type IsTimeUp = () => boolean;

/** Tries each shape, and measures the best one again for longer. */
async function bestOf(engine: Engine, shapes: readonly Shape[], now: Now, isUp: IsTimeUp): Promise<Best> {
  let best: { readonly shape: Shape; readonly rate: number } | undefined;
  for (const shape of shapes) {
    if (best && isUp()) break;
    const rate = Math.max(...(await ratesOf(engine, shape, LOOK, now)));
    if (!best || rate > best.rate) best = { shape, rate };
  }
  const { shape, rate } = best!;
  return { shape, rates: [rate, ...(await ratesOf(engine, shape, isUp() ? AGAIN : CEILING, now))] };
}

async function ratesOf(
  engine: Engine,
  shape: Shape,
  protocol: Protocol,
  now: Now | undefined,
): Promise<readonly number[]> {
  const workload = await shape.make(engine);
  try {
    const { windows } = await timeWindows(engine, workload, protocol, undefined, now);
    return windows.map((ms) => workload.amount / (ms / 1000));
  } finally {
    workload.dispose();
  }
}

const fits = ({ maxTensorBytes }: Engine, floats: number): boolean =>
  maxTensorBytes === null || floats * 4 <= maxTensorBytes;

async function productShapes(engine: Engine, now: Now, isUp: IsTimeUp): Promise<readonly Shape[]> {
  const product = (side: number): Shape => ({
    words: `matrix product of two ${side} x ${side} matrices`,
    make: (engine) => engine.matmul(side),
  });
  const largest = await grown(
    engine,
    256,
    2,
    (side) => side <= LARGEST_SIDE && fits(engine, side * side),
    product,
    now,
    isUp,
  );
  const convolutions = BATCHES.flatMap((batch) =>
    CONVOLUTIONS.filter(({ channels, side }) => fits(engine, batch * channels * side * side)).map((each) =>
      convolution(batch, each),
    ),
  );
  // The largest comes first: it is the fastest on most devices.
  return [...new Set([largest, largest / 2, 256])]
    .filter((side) => side >= 256)
    .map(product)
    .concat(await short(engine, convolutions, now, isUp));
}

/** Shapes with a short run. A slow device reaches its full rate with the smaller ones. */
async function short(engine: Engine, shapes: readonly Shape[], now: Now, isUp: IsTimeUp): Promise<readonly Shape[]> {
  const found: Shape[] = [];
  for (const shape of shapes) if (!isUp() && (await once(engine, shape, now)) < LONG_MS) found.push(shape);
  return found;
}

function convolution(batch: number, { channels, side, kernel }: (typeof CONVOLUTIONS)[number]): Shape {
  const padding = (kernel - 1) / 2;
  return {
    words: `convolution ${kernel} x ${kernel} of ${channels} channels at ${side} x ${side}, batch ${batch}`,
    async make(engine) {
      const builder = Builder.start();
      const image = builder.input([batch, channels, side, side]);
      const output = builder.apply('conv', 'conv', image, {
        channels,
        kernel: [kernel, kernel],
        padding: [padding, padding, padding, padding],
        bias: false,
      });
      const graph = builder.finish('ceiling', output);
      const executable = await engine.load(graph, { seed: 1 });
      return {
        amount: 2 * profile(graph).totals.multAdds,
        unit: 'flop',
        run: () => {
          executable.run();
        },
        dispose: () => {
          executable.dispose();
        },
      };
    },
  };
}

/** Small copies stay in caches, as small layers do; large ones show the memory. */
async function copyShapes(engine: Engine, now: Now, isUp: IsTimeUp): Promise<readonly Shape[]> {
  const copy = (elements: number): Shape => ({
    words: `copy of ${elements.toLocaleString('en-US')} floats`,
    make: (engine) => engine.copy(elements),
  });
  const largest = await grown(
    engine,
    2 ** 20,
    4,
    (size) => size <= LARGEST_COPY && fits(engine, size),
    copy,
    now,
    isUp,
  );
  const sizes: number[] = [];
  for (let size = SMALLEST_COPY; size <= largest; size *= 4) sizes.push(size);
  return sizes.map(copy);
}

/** The largest size that is allowed, or the first whose run is long. */
async function grown(
  engine: Engine,
  start: number,
  factor: number,
  allowed: (size: number) => boolean,
  shape: (size: number) => Shape,
  now: Now,
  isUp: IsTimeUp,
): Promise<number> {
  for (let size = start; ; size *= factor)
    if (isUp() || (await once(engine, shape(size), now)) >= LONG_MS || !allowed(size * factor)) return size;
}

/** Milliseconds of one run, after a first one. */
async function once(engine: Engine, shape: Shape, now: Now = () => performance.now()): Promise<number> {
  const workload = await shape.make(engine);
  try {
    workload.run();
    await engine.done();
    const before = now();
    workload.run();
    await engine.done();
    return now() - before;
  } finally {
    workload.dispose();
  }
}
