// The time of each layer: the median of several passes, checked against the time of the whole.

import type { Engine, Executable, LayerTime, LayerTimes } from '../engines/engine.js';
import { roundedTo } from './rounded.js';
import { quantile } from './statistics.js';
import { contradiction, demandAgreement, sumOf, type Whole } from './trust.js';
import { timeOnce, type Now, type Progress } from './windows.js';

const PASSES = 5;
/**
 * The number of passes beside whole inferences: enough that both have undisturbed ones on a busy
 * machine.
 */
const BESIDE = { least: 5, most: 50, milliseconds: 250 };
/** Further inferences or passes, where all of them took far longer than the others did. */
const FURTHER = { most: 500, milliseconds: 2000 };

type Timed = Exclude<LayerTimes, { readonly clock: null }>;

/**
 * @param whole the inference that the layers are parts of
 * @throws UntrustedRun where the sum of the layers contradicts it; DeviceFailure where the device
 * reported an error
 */
export async function timeLayers(
  engine: Pick<Engine, 'done'>,
  executable: Executable,
  whole: Whole,
  progress: Progress,
  now: Now,
): Promise<LayerTimes> {
  const passes: Timed[] = [];
  for (let i = 0; i < PASSES; i++) {
    progress('layers', i, PASSES);
    const pass = await executable.layerTimes();
    // Dropped work is detected here. Otherwise its times would look like an error of the clock.
    await engine.done();
    if (pass.clock === null) return pass;
    passes.push(pass);
  }
  const step = roundedTo(passes);
  if (step !== null)
    return { clock: null, reason: `the GPU's timestamps are rounded to ${step} us, as much as many layers take` };
  const times = medians(passes);
  if (times.clock === 'host' && contradiction(times, whole) !== null) return again(engine, executable, whole, now);
  demandAgreement(times, whole);
  return times;
}

/**
 * Each pass is timed beside a whole inference, so that both see the same load of the machine. The
 * least times are compared: if they agree, the machine was busier during the windows, or is now.
 */
async function again(
  engine: Pick<Engine, 'done'>,
  executable: Executable,
  whole: Whole,
  now: Now,
): Promise<LayerTimes> {
  const [passes, wholes]: [Timed[], number[]] = [[], []];
  /** Null where it has times, else why it has none. */
  const onePass = async (): Promise<LayerTimes | null> => {
    const pass = await executable.layerTimes();
    await engine.done();
    if (pass.clock === null) return pass;
    passes.push(pass);
    return null;
  };
  const start = now();
  while (passes.length < BESIDE.least || (passes.length < BESIDE.most && now() - start < BESIDE.milliseconds)) {
    wholes.push(await timeOnce(engine, executable, now));
    const untimed = await onePass();
    if (untimed) return untimed;
  }
  const shortestOf = (all: readonly Timed[]): Timed =>
    [...all].sort((a, b) => (a.whole ?? sumOf(a)) - (b.whole ?? sumOf(b)))[0]!;
  const undisturbed = (): Whole => ({ ...whole, median: Math.min(...wholes) });
  // Threads that spin wait for each other where others use the machine: few inferences are as fast
  // as they can be.
  const until = now() + FURTHER.milliseconds;
  for (let i = 0; i < FURTHER.most && now() < until; i++) {
    const side = contradiction(shortestOf(passes), undisturbed())?.side;
    if (side === 'below') wholes.push(await timeOnce(engine, executable, now));
    else if (side === 'above') {
      const untimed = await onePass();
      if (untimed) return untimed;
    } else break;
  }
  const shortest = shortestOf(passes);
  demandAgreement(shortest, undisturbed());
  const times = medians(passes);
  // Of a profile, the pass that was disturbed least: other work between the kernels is in the
  // median of the inferences, and in that of no kernel.
  const disturbed =
    shortest.whole !== undefined && ['apart', 'above'].includes(contradiction(times, whole)?.side ?? '');
  const settled = disturbed ? shortest : times;
  if (contradiction(settled, whole)?.side === 'above') demandAgreement(settled, whole);
  return settled;
}

/** One pass would show every disturbance, so the median of several is taken. */
function medians(passes: readonly Timed[]): Timed {
  const [first] = passes;
  const median = (pick: (pass: Timed) => number): number => quantile(passes.map(pick), 0.5);
  const layers = first!.layers.map((layer, i): LayerTime => ({ ...layer, ms: median((pass) => pass.layers[i]!.ms) }));
  const others = first!.others?.map((step, i) => ({ ...step, ms: median((pass) => pass.others![i]!.ms) }));
  return {
    ...{ clock: first!.clock, layers },
    ...(others ? { others } : {}),
    ...(first!.whole === undefined ? {} : { whole: median((pass) => pass.whole!) }),
  };
}
