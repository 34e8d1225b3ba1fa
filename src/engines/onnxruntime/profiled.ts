// Profiles inferences in a session of its own, and says which graph nodes each kernel stands for.

import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Profiled, ProfiledKernel, ProfiledTimes } from './calls.js';
import { fusedSets, type KernelNode } from './fusedSets.js';
import { optimisedNodes } from './optimised.js';
import { deviceTimesOf } from './deviceTimes.js';
import { IS_HEAVY } from './fileTensors.js';
import { runsOf, type ProfileEvent, type ProfiledRun, type TimedKernel } from './profile.js';
import { PROVIDER_ROWS, type Provider } from './providers.js';
import type { Options, SessionSource, Runtime } from './session.js';

/**
 * Warm-ups: the first inferences allocate memory and, on a GPU, compile kernels.
 */
const WARMUPS = 2;
/**
 * Errors only: a graph that is optimised for this machine alone is worth a warning to the runtime.
 */
const ERRORS = 3;

/** Profiling adds 5 to 22 % to the time, so it has a session of its own. */
export async function profiled(
  runtime: Runtime,
  origin: SessionSource,
  provider: Provider,
  options: Options,
  passes: number,
): Promise<Profiled> {
  const folder = mkdtempSync(join(tmpdir(), 'flopscope-profile-'));
  try {
    const optimised = join(folder, 'optimised.onnx');
    const profiling: Options = {
      ...options,
      logSeverityLevel: ERRORS,
      enableProfiling: true,
      profileFilePrefix: join(folder, 'profile'),
    };
    // A provider that compiles parts of the graph, as TensorRT and CoreML do, cannot write them.
    const session = await origin
      .create(runtime, { ...profiling, optimizedModelFilePath: optimised })
      .catch(() => origin.create(runtime, profiling));
    const inputs = session.inputNames;
    try {
      const feeds = origin.feeds(runtime, session);
      for (let i = 0; i < WARMUPS + passes; i++) await session.run(feeds);
      session.endProfiling();
    } finally {
      await session.release();
    }
    const file = readdirSync(folder).find((name) => name.endsWith('.json'));
    if (file === undefined) throw new Error('the runtime wrote no profile');
    const events = JSON.parse(readFileSync(join(folder, file), 'utf8')) as readonly ProfileEvent[];
    const runs = runsOf(events);
    return profileOf(
      runs.slice(WARMUPS),
      existsSync(optimised) ? optimisedNodes(optimised) : [],
      { origin, inputs },
      timesOf(provider, events, runs),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Only a CPU has done a kernel when the host's clock stops: a GPU has not begun it then. */
function timesOf(provider: Provider, events: readonly ProfileEvent[], runs: readonly ProfiledRun[]): ProfiledTimes {
  if (provider === 'cpu') {
    const counted = runs.slice(WARMUPS);
    return {
      clock: 'host',
      times: counted.map(({ kernels }) => kernels.map(({ ms }) => ms)),
      wholes: counted.map(({ whole }) => whole),
    };
  }
  const { title } = PROVIDER_ROWS[provider];
  if (provider !== 'webgpu')
    return { clock: null, reason: `${title} runs kernels later than ONNX Runtime's clock stops, and tells no times` };
  const times = deviceTimesOf(events, runs);
  return times
    ? { clock: 'device', times: times.slice(WARMUPS) }
    : { clock: null, reason: `the times that ${title} gave cannot be told apart by kernel` };
}

/**
 * @param optimised the graph that the runtime made; empty where it could not write one
 * @param file what was loaded, and the names of its inputs
 */
export function profileOf(
  runs: readonly ProfiledRun[],
  optimised: readonly KernelNode[],
  { origin, inputs }: { readonly origin: Pick<SessionSource, 'nodes' | 'stands'>; readonly inputs: readonly string[] },
  times: ProfiledTimes,
): Profiled {
  const [first] = runs;
  if (!first || runs.some(({ kernels }) => kernels.length !== first.kernels.length))
    throw new Error('the runtime profiled other kernels in each inference');
  const nodes = origin.nodes();
  const known = matched(first.kernels, optimised);
  // Sets are found in an order in which the kernels can run.
  const ordered = optimised.filter((node) => known.includes(node));
  const sets = fusedSets(nodes, ordered, inputs);
  const setOf = new Map(ordered.map((node, i) => [node, sets[i]!]));
  const setAt = first.kernels.map((_, i) => (known[i] && setOf.get(known[i])) ?? []);
  const kernels = first.kernels.map(({ name, op, provider, elements }, i): ProfiledKernel => {
    const set = setAt[i]!;
    const stands = set.flatMap((index) => origin.stands.get(nodes[index]!.outputs[0] ?? '') ?? []);
    return { name, op, provider, nodes: [...new Set(stands)], elements };
  });
  const lost = first.kernels.find(({ op }, i) => IS_HEAVY.test(op) && setAt[i]!.length === 0);
  const doubt =
    lost === undefined
      ? null
      : `it is not known which layers the kernel "${lost.name}" (${lost.op}) of ONNX Runtime stands for, so no layer is given a time`;
  return { kernels, times, doubt };
}

/**
 * By the order of nodes, which is that of execution; else by names. A name that is empty or is
 * there twice tells nothing.
 */
function matched(
  kernels: readonly TimedKernel[],
  optimised: readonly KernelNode[],
): readonly (KernelNode | undefined)[] {
  const inOrder =
    kernels.length === optimised.length &&
    kernels.every(({ op, name }, i) => op === optimised[i]!.op && ['', name].includes(optimised[i]!.name));
  if (inOrder) return optimised;
  const byName = new Map<string, KernelNode | undefined>();
  for (const node of optimised) byName.set(node.name, byName.has(node.name) ? undefined : node);
  return kernels.map(({ name }) => (name === '' ? undefined : byName.get(name)));
}
