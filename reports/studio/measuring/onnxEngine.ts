// The engine of ONNX Runtime in this browser. It runs dropped files as they are.

import type { InferenceSession } from 'onnxruntime-web/webgpu';
import { oneLine } from '../../../src/engines/adapter.js';
import {
  DeviceFailure,
  type CeilingWorkload,
  type Engine,
  type Executable,
  type LayerTimes,
  type LoadOptions,
  type Workload,
} from '../../../src/engines/engine.js';
import { copyModel, FACTOR, matmulModel, STEPS } from '../../../src/engines/onnxruntime/ceilingModels.js';
import { paramsOf } from '../../../src/engines/onnxruntime/executable.js';
import { fileFeeds, graphFeeds, readTensors } from '../../../src/engines/onnxruntime/tensors.js';
import { writeOnnx } from '../../../src/exporters/onnx/writeOnnx.js';
import type { Graph, RunnableFile } from '../../../src/graph.js';
import { InputError } from '../../../src/inputError.js';
import { product, sizesOf } from '../../../src/weights/weights.js';
import type { ModelBytes, OpenedRuntime } from './onnxSession.js';

/** A session with its inputs. */
interface Loaded {
  readonly session: InferenceSession;
  readonly feeds: InferenceSession.FeedsType;
}

const NO_LAYERS: LayerTimes = { clock: null, reason: 'ONNX Runtime tells no times of layers in a browser' };

/** @param bytesOf the bytes of a file that was dropped */
export function onnxEngine(
  { runtime, provider, device, noGpu, failures, create }: OpenedRuntime,
  facts: Pick<Engine, 'versions' | 'settings'>,
  bytesOf: (file: RunnableFile) => ModelBytes,
): Engine {
  /** Runs are done one after the other, when they are awaited. */
  let queue: (() => Promise<unknown>)[] = [];
  let working: Promise<void> = Promise.resolve();

  function flush(): void {
    const now = queue;
    queue = [];
    working = working.then(async () => {
      for (const run of now) await run();
    });
    working = working.catch((error: unknown) => {
      failures.push(oneLine(error));
    });
  }
  async function done(): Promise<void> {
    flush();
    await working;
    if (failures.length > 0) throw new DeviceFailure(`ONNX Runtime reported: ${failures.join('; ')}`);
  }
  function workload(loaded: Promise<Loaded>): Workload {
    let disposed = false;
    return {
      run() {
        queue.push(async () => {
          const { session, feeds } = await loaded;
          await session.run(feeds);
        });
      },
      dispose() {
        if (disposed) return;
        disposed = true;
        queue.push(async () => {
          await (await loaded).session.release();
        });
        flush();
      },
    };
  }
  function ceiling(model: Uint8Array): Workload {
    const loaded = create({ model, beside: [] }).then((session) => ({
      session,
      feeds: { [FACTOR]: new runtime.Tensor('float32', Float32Array.of(1), [1]) },
    }));
    // It is told when the work is awaited.
    loaded.catch(() => undefined);
    return workload(loaded);
  }
  async function load(graph: Graph, { seed = 0, file }: LoadOptions = {}): Promise<Executable> {
    const session = await create(file ? bytesOf(file) : written(graph, seed)).catch((error: unknown) => {
      throw new InputError(`${graph.name}: ONNX Runtime does not run it in this browser (${oneLine(error)})`);
    });
    const feeds = file ? fileFeeds(runtime, session, file, seed) : graphFeeds(runtime, session, graph, seed);
    return {
      ...workload(Promise.resolve({ session, feeds })),
      params: paramsOf(graph),
      steps: null,
      weights: file ? 'file' : 'seeded',
      emulated: [],
      largestTensor: largestOf(graph),
      async outputs() {
        await done();
        const tensors = readTensors(session, await session.run(feeds));
        // A file has outputs that the graph leaves out, such as those of ops that are not counted.
        const named = tensors.length === graph.outputs.length ? graph.outputs : [];
        return tensors.map((tensor, i) => ({ ...tensor, name: named[i] ?? `output ${i + 1}` }));
      },
      layerTimes: () => Promise.resolve(NO_LAYERS),
      // The runtime does not tell what it fused.
      asRun: () => Promise.resolve(null),
    };
  }
  return {
    name: 'onnxruntime',
    device,
    runsFiles: true,
    handsOver: true,
    throughCuda: false,
    maxTensorBytes: null,
    maxTotalBytes: null,
    allocatedIs: 'not known: ONNX Runtime does not tell in a browser',
    versions: { 'onnxruntime-web': runtime.env.versions.web ?? runtime.env.versions.common, ...facts.versions },
    settings: {
      ...{ provider, threads: 1, graphOptimization: 'all' },
      ...(noGpu === null ? {} : { noWebgpu: noGpu }),
      ...facts.settings,
    },
    // The runtime knows no limit before it runs.
    demandFits: () => undefined,
    ...{ load, flush, done },
    matmul: (side): CeilingWorkload => ({ ...ceiling(matmulModel(side)), amount: STEPS * 2 * side ** 3, unit: 'flop' }),
    // The steps before the passes write as many floats once.
    copy: (elements): CeilingWorkload => ({
      ...ceiling(copyModel(elements)),
      ...{ amount: (2 * STEPS + 1) * 4 * elements, unit: 'byte' },
    }),
    memory: () => ({ tensors: null, inUse: null, peak: null, allocated: null, peakAllocated: null }),
    resetPeak: () => undefined,
    failures: () => failures,
    close: () => working,
  };
}

function written(graph: Graph, seed: number): ModelBytes {
  const { model } = writeOnnx(graph, { seed, weights: 'inside', producer: ['flopscope', ''] });
  const bytes = new Uint8Array(model.size);
  let at = 0;
  for (const piece of model.pieces()) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return { model: bytes, beside: [] };
}

function largestOf({ nodes }: Graph): Executable['largestTensor'] {
  const sized = nodes.map(({ name, shape }) => ({ node: name, bytes: 4 * product(sizesOf(shape)) }));
  return sized.reduce((a, b) => (b.bytes > a.bytes ? b : a));
}
