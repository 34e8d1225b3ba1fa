// Opens the engine that the user names, or the best that works here. Each is probed first.

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
  onnxruntime: () => import('./onnxruntime/open.js'),
  webgpu: () => import('./webgpu.js'),
  wasm: () => import('./wasm.js'),
  cpu: () => import('./cpu.js'),
};

export const isEngineName = (name: string): name is EngineName => (ENGINE_NAMES as readonly string[]).includes(name);

/**
 * Opens one engine, or says in one sentence why not and what to do. Never throws for a missing or
 * broken engine.
 */
export async function openEngine(name: EngineName, options: OpenOptions = {}): Promise<Available | Unavailable> {
  try {
    return await (await OPENERS[name]()).open(options);
  } catch (error) {
    const [line] = (error instanceof Error ? error.message : String(error)).split('\n');
    return {
      available: false,
      name,
      problem: `the engine ${name} broke while it was opened: ${line ?? ''}`,
      remedy: isOutOfMemory(error) ? GIVE_MEMORY : 'install flopscope again, or choose another engine with --engine',
    };
  }
}

/** An engine that passed its probe, or the reason why there is none. */
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

/** The engine that `auto` chose, and why not a better one. */
export interface Choice {
  readonly engine: Engine;
  /** One sentence for the user. */
  readonly reason: string;
  readonly passedOver: readonly Unavailable[];
}

/**
 * A real GPU with tensorflow, onnxruntime or webgpu; else onnxruntime on the CPU, else tensorflow,
 * else wasm.
 */
export async function chooseEngine(options: OpenOptions = {}): Promise<Choice> {
  const passedOver: Unavailable[] = [];
  const opened: Available[] = [];
  const tryOne = async (name: EngineName): Promise<Available | undefined> => {
    const found = await openTrusted(name, { ...options, allowSoftware: false });
    if (found.available) opened.push(found);
    else passedOver.push(found);
    return found.available ? found : undefined;
  };
  const choice = async ({ engine }: Available, why: string): Promise<Choice> => {
    for (const other of opened) if (other.engine !== engine) await other.engine.close();
    // `doctor` reports missing engines. An engine that computes wrong numbers is reported at once.
    const wrong = passedOver.filter(({ computes }) => computes === false);
    const reason = [why, ...wrong.map(({ name, problem }) => `${name} was passed over because ${problem}`)].join('; ');
    return { engine, reason, passedOver };
  };
  const runsOn = (found: Available): Promise<Choice> =>
    choice(found, `${found.engine.name} runs on ${found.engine.device.name}`);

  const tensorflow = await tryOne('tensorflow');
  if (tensorflow?.engine.device.kind === 'gpu') return runsOn(tensorflow);
  const onnxruntime = await tryOne('onnxruntime');
  if (onnxruntime?.engine.device.kind === 'gpu') return runsOn(onnxruntime);
  // Dawn writes to stderr if it finds no GPU, so it is asked once in a process.
  const webgpu = onnxruntime?.noGpu === undefined ? await tryOne('webgpu') : undefined;
  if (webgpu) return runsOn(webgpu);
  if (onnxruntime?.noGpu !== undefined) passedOver.push(noWebgpu(onnxruntime.noGpu));
  const noGpu = 'no GPU was found';
  if (onnxruntime) return choice(onnxruntime, `${noGpu}; onnxruntime is the fastest on a CPU`);
  const { problem, remedy } = passedOver.find(({ name }) => name === 'onnxruntime')!;
  const better = `onnxruntime would be faster, but ${problem}: ${remedy}`;
  if (tensorflow) return choice(tensorflow, `${noGpu}; tensorflow is the fastest here; ${better}`);
  const wasm = await tryOne('wasm');
  if (wasm) return choice(wasm, `${noGpu}; wasm works everywhere; ${better}`);
  const cpu = await tryOne('cpu');
  if (cpu) return choice(cpu, 'nothing else works here; cpu is plain JavaScript and slow');
  throw new Error(passedOver.map(({ problem }) => problem).join('; '));
}

const noWebgpu = (problem: string): Unavailable => ({
  available: false,
  name: 'webgpu',
  problem,
  remedy: "install the GPU's driver, and on Linux the Vulkan loader (on Debian libvulkan1)",
});
