// The process that runs ONNX Runtime. It answers calls in order and ends with its parent.

import { createRequire } from 'node:module';
import type { InferenceSession } from 'onnxruntime-node';
import type { Answer, ChildCall, CallName, Calls, OpenCall } from './calls.js';
import { copyModel, FACTOR, matmulModel } from './ceilingModels.js';
import { openProvider } from './openProvider.js';
import { profiled } from './profiled.js';
import type { Provider } from './providers.js';
import { originOf, type Options, type SessionSource, type Runtime } from './session.js';
import { readTensors } from './tensors.js';

interface Loaded {
  readonly session: InferenceSession;
  readonly feeds: InferenceSession.FeedsType;
  readonly origin: SessionSource | undefined;
  readonly options: Options;
}

interface Open {
  readonly runtime: Runtime;
  readonly provider: Provider;
  readonly given: OpenCall;
}

let open: Open | undefined;
const loaded = new Map<number, Loaded>();

type Answering = { readonly [N in CallName]: (given: Calls[N][0]) => Promise<Calls[N][1]> };

const ANSWERS: Answering = {
  async open(given) {
    const runtime = createRequire(given.manifest)('onnxruntime-node') as Runtime;
    const opened = await openProvider(runtime, given);
    if ('provider' in opened) open = { runtime, given, provider: opened.provider };
    return opened;
  },
  async load({ handle, eager, ...call }) {
    const { runtime } = opened();
    const origin = originOf(call);
    const options = optionsOf(eager);
    const session = await origin.create(runtime, options);
    loaded.set(handle, { session, options, origin, feeds: origin.feeds(runtime, session) });
    globalThis.gc?.();
    return null;
  },
  async ceiling({ handle, unit, size }) {
    const { runtime } = opened();
    const options = optionsOf(false);
    const model = unit === 'flop' ? matmulModel(size) : copyModel(size);
    const session = await runtime.InferenceSession.create(model, options);
    const feeds = { [FACTOR]: new runtime.Tensor('float32', Float32Array.of(1), [1]) };
    loaded.set(handle, { session, feeds, options, origin: undefined });
    return null;
  },
  async run({ handle, count }) {
    const { session, feeds } = at(handle);
    for (let i = 0; i < count; i++) await session.run(feeds);
    return null;
  },
  async outputs({ handle }) {
    const { session, feeds } = at(handle);
    return readTensors(session, await session.run(feeds));
  },
  async profile({ handle, passes }) {
    const { origin, options } = at(handle);
    const { runtime, provider } = opened();
    if (!origin) throw new Error('a ceiling has no layers');
    return profiled(runtime, origin, provider, options, passes);
  },
  async release({ handle }) {
    const { session } = at(handle);
    loaded.delete(handle);
    await session.release();
    return null;
  },
};

function opened(): Open {
  if (!open) throw new Error('no provider is open');
  return open;
}

function at(handle: number): Loaded {
  const found = loaded.get(handle);
  if (!found) throw new Error('it was not loaded');
  return found;
}

function optionsOf(eager: boolean): Options {
  const { given, provider } = opened();
  return {
    executionProviders: [provider],
    graphOptimizationLevel: eager ? 'disabled' : given.optimisation,
    intraOpNumThreads: given.threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
  };
}

let last: Promise<void> = Promise.resolve();
process.on('message', (call: ChildCall) => {
  last = last.then(() => answer(call));
});
// The parent has ended, so no answer is needed.
process.on('disconnect', () => process.exit(0));

/** A root without /proc does not tell. */
function resident(): number | null {
  try {
    return process.memoryUsage.rss();
  } catch {
    return null;
  }
}

async function answer({ id, name, given }: ChildCall): Promise<void> {
  let said: Answer;
  try {
    const result = await (ANSWERS[name] as (given: unknown) => Promise<unknown>)(given);
    said = { id, resident: resident(), result };
  } catch (error) {
    said = { id, resident: resident(), error: error instanceof Error ? error.message : String(error) };
  }
  process.send?.(said);
}
