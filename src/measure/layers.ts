// The time of each layer: the median of several passes, checked against the time of the whole.

import type { Engine, Executable, LayerTime, LayerTimes } from '../engines/engine.js';
import { roundedTo } from './rounded.js';
import { quantile } from './statistics.js';
import { contradiction, demandAgreement, sumOf, type WholeInference } from './trust.js';
import { timeOnce, type Now, type Progress } from './windows.js';

const PASSES = 5;
/**
 * The number of passes beside whole inferences: enough that both have undisturbed ones on a busy
 * machine.
 */
const BESIDE = { least: 5, most: 50, milliseconds: 250 };
/** Further inferences or passes, where one of the two kinds took far longer than the other. */
const FURTHER = { most: 500, milliseconds: 2000 };

type Timed = Exclude<LayerTimes, { readonly clock: null }>;

/**
 * @param whole the time of the whole inference
 * @throws UntrustedRun where the sum of the layers contradicts it; DeviceFailure where the device
 * reported an error
 */
export async function timeLayers(
  engine: Pick<Engine, 'done'>,
  executable: Executable,
  whole: WholeInference,
  progress: Progress,
  now: Now,
): Promise<LayerTimes> {
  const passes: Timed[] = [];
  for (let i = 0; i < PASSES; i++) {
    progress('layers', i, PASSES);
    const pass = await executable.layerTimes();
    // Detects dropped work, whose times would look like an error of the clock.
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
 * Times each pass next to a whole inference, so that both see the same load of the machine, and
 * compares the shortest of each. Where they agree, the load differed between the windows and the
 * passes, and the times stand.
 */
async function again(
  engine: Pick<Engine, 'done'>,
  executable: Executable,
  whole: WholeInference,
  now: Now,
): Promise<LayerTimes> {
  const [passes, wholes]: [Timed[], number[]] = [[], []];
  /** Null where the pass has times; otherwise the result that says why not. */
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
  const undisturbed = (): WholeInference => ({ ...whole, median: Math.min(...wholes) });
  // Spinning threads wait for each other on a busy machine, so undisturbed inferences are rare.
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
  // Other work between kernels is in the time of a profiled inference and in that of no kernel. The
  // shortest pass has least of it.
  const disturbed =
    shortest.whole !== undefined && ['apart', 'above'].includes(contradiction(times, whole)?.side ?? '');
  const settled = disturbed ? shortest : times;
  if (contradiction(settled, whole)?.side === 'above') demandAgreement(settled, whole);
  return settled;
}

/** The median of several passes: a single pass would show every disturbance. */
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
