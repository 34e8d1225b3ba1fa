// Which engine runs the graph? The one asked for, or the best that works here; none is loaded before it is tried.

import {
  ENGINE_NAMES,
  type Available,
  type Engine,
  type EngineName,
  type OpenOptions,
  type Unavailable,
} from './engine.js';
import { tryConvolution } from './knownConvolution.js';
import { GIVE_MEMORY, isOutOfMemory } from './outOfMemory.js';

type Open = (options: OpenOptions) => Promise<Available | Unavailable>;

/** Each engine's own file, imported when the engine is first asked for. */
const OPENERS: Readonly<Record<EngineName, () => Promise<{ readonly open: Open }>>> = {
  tensorflow: () => import('./tensorflow.js'),
  webgpu: () => import('./webgpu.js'),
  wasm: () => import('./wasm.js'),
  cpu: () => import('./cpu.js'),
};

export const isEngineName = (name: string): name is EngineName => (ENGINE_NAMES as readonly string[]).includes(name);

/** Opens one engine, or says in one sentence why not and what to do. Never throws for a missing or broken engine. */
export async function openEngine(name: EngineName, options: OpenOptions = {}): Promise<Available | Unavailable> {
  try {
    return await (await OPENERS[name]()).open(options);
  } catch (error) {
    const [line] = (error instanceof Error ? error.message : String(error)).split('\n');
    return {
      available: false,
      name,
      problem: `the engine ${name} broke while it was opened: ${line ?? ''}`,
      remedy: isOutOfMemory(error)
        ? GIVE_MEMORY
        : 'install the dependencies again (npm ci), or choose another engine with --engine',
    };
  }
}

/** An engine that computes what it should, or why there is none. */
export async function openTrusted(name: EngineName, options: OpenOptions = {}): Promise<Available | Unavailable> {
  const opened = await openEngine(name, options);
  if (!opened.available) return opened;
  const { problem } = await tryConvolution(opened.engine);
  if (problem === null) return opened;
  await opened.engine.close();
  return {
    ...{ available: false, computes: false, name, problem: `it ${problem}` },
    remedy: 'update its driver, or choose another engine with --engine',
  };
}

/** What `auto` found, and what it would have liked better. */
export interface Choice {
  readonly engine: Engine;
  /** One sentence for the user. */
  readonly reason: string;
  readonly passedOver: readonly Unavailable[];
}

/** tensorflow on a GPU, else webgpu on a real GPU, else tensorflow on the CPU, else wasm. */
export async function chooseEngine(options: OpenOptions = {}): Promise<Choice> {
  const passedOver: Unavailable[] = [];
  const tryOne = async (name: EngineName): Promise<Engine | undefined> => {
    const opened = await openTrusted(name, { ...options, allowSoftware: false });
    if (opened.available) return opened.engine;
    passedOver.push(opened);
    return undefined;
  };
  const choice = (engine: Engine, why: string): Choice => {
    // What is not there is doctor's to tell; what is there and computes nothing is said at once.
    const wrong = passedOver.filter(({ computes }) => computes === false);
    const reason = [why, ...wrong.map(({ name, problem }) => `${name} was passed over because ${problem}`)].join('; ');
    return { engine, reason, passedOver };
  };
  const tensorflow = await tryOne('tensorflow');
  if (tensorflow?.device.kind === 'gpu') return choice(tensorflow, `tensorflow runs on ${tensorflow.device.name}`);
  const webgpu = await tryOne('webgpu');
  if (webgpu) {
    await tensorflow?.close();
    return choice(webgpu, `webgpu runs on ${webgpu.device.name}`);
  }
  const noGpu = 'no GPU was found';
  if (tensorflow) return choice(tensorflow, `${noGpu}; tensorflow is the fastest on a CPU`);
  const wasm = await tryOne('wasm');
  if (wasm) return choice(wasm, `${noGpu} and tensorflow is not installed; wasm works everywhere`);
  const cpu = await tryOne('cpu');
  if (cpu) return choice(cpu, 'nothing else works here; cpu is plain JavaScript and slow');
  throw new Error(passedOver.map(({ problem }) => problem).join('; '));
}
