// The engine onnxruntime: sends runs to ONNX Runtime's process, and waits for them.

import { InputError } from '../../inputError.js';
import { writerOf } from '../../exporters/onnx/writeOps.js';
import type { Graph, RunnableFile } from '../../graph.js';
import type { CeilingWorkload, Device, Engine, Executable, LoadOptions, Memory, Workload } from '../engine.js';
import { DeviceFailure } from '../engine.js';
import { batchOf } from '../../inputSize.js';
import { advice, demandFits, type Sized } from '../fits.js';
import { demandRuns } from '../gaps.js';
import type { Heap } from '../heap.js';
import { isOutOfMemory } from '../outOfMemory.js';
import { demandNoFailure } from '../platform.js';
import type { OpName } from '../../ops/table.js';
import type { Kernel } from '../kernels/kernel.js';
import { kernelOf } from '../kernels/table.js';
import { plan } from '../plan.js';
import type { CallName, Calls } from './calls.js';
import { STEPS } from './ceilingModels.js';
import { LoadedNetwork } from './executable.js';
import type { Provider } from './providers.js';
import { CallFailure, ProcessEnded, type RuntimeProcess } from './runtimeProcess.js';
import { firstLine } from '../problem.js';

export interface EngineParts {
  readonly process: RuntimeProcess;
  readonly provider: Provider;
  readonly device: Device;
  readonly heap: Heap | null;
  readonly versions: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, string | number | boolean>>;
}

const TRAITS = { padsMaxPool: true, cheapLaunches: false };

export class OnnxRuntimeEngine implements Engine {
  readonly name = 'onnxruntime';
  readonly runsFiles = true;
  readonly handsOver = true;
  readonly throughCuda;
  readonly device;
  readonly maxTensorBytes = null;
  readonly maxTotalBytes;
  readonly versions;
  readonly settings;
  readonly allocatedIs = 'what the process of ONNX Runtime has resident, with its code and the weights';
  private handles = 0;
  private peak: number | null = null;
  private readonly problems: string[] = [];
  /** Runs that are enqueued and not sent. */
  private queue: { readonly handle: number; count: number }[] = [];
  /** Calls that were sent and not answered. */
  private sent: Promise<unknown>[] = [];

  constructor(private readonly parts: EngineParts) {
    this.device = parts.device;
    this.throughCuda = parts.provider === 'cuda' || parts.provider === 'tensorrt';
    this.maxTotalBytes = parts.heap?.limit ?? null;
    this.versions = parts.versions;
    this.settings = parts.settings;
  }

  demandFits(graph: Graph, { eager = false, file }: Pick<LoadOptions, 'eager' | 'file'> = {}): void {
    this.fitting(graph, eager, file);
  }

  async load(graph: Graph, { seed = 0, eager = false, file }: LoadOptions = {}): Promise<Executable> {
    const largest = this.fitting(graph, eager, file);
    const handle = this.handles++;
    try {
      await this.parts.process.call('load', { handle, graph, seed, eager, file });
    } catch (error) {
      throw this.notLoaded(error, graph, file?.path);
    }
    const { provider } = this.parts;
    return new LoadedNetwork(graph, file ? 'file' : 'seeded', provider, this.handled(handle), largest);
  }

  matmul(side: number): CeilingWorkload {
    return { ...this.ceiling('flop', side), amount: STEPS * 2 * side ** 3, unit: 'flop' };
  }

  copy(elements: number): CeilingWorkload {
    // The steps before the passes write as many floats once.
    return { ...this.ceiling('byte', elements), amount: (2 * STEPS + 1) * 4 * elements, unit: 'byte' };
  }

  flush(): void {
    for (const { handle, count } of this.queue) this.send('run', { handle, count });
    this.queue = [];
  }

  async done(): Promise<void> {
    this.flush();
    const sent = this.sent;
    this.sent = [];
    await Promise.all(sent);
    this.notePeak();
    demandNoFailure({ failures: this.problems });
  }

  memory(): Memory {
    this.notePeak();
    const { resident } = this.parts.process;
    return { tensors: null, inUse: null, peak: null, allocated: resident, peakAllocated: this.peak };
  }

  resetPeak(): void {
    this.peak = null;
    this.notePeak();
  }

  failures(): readonly string[] {
    return this.problems;
  }

  close(): Promise<void> {
    return this.parts.process.close();
  }

  private handled(handle: number) {
    return {
      ...this.workload(handle),
      outputs: () => this.asked('outputs', { handle }),
      profile: (passes: number) => this.asked('profile', { handle, passes }),
    };
  }

  private workload(handle: number): Workload {
    let disposed = false;
    return {
      run: () => {
        const last = this.queue.at(-1);
        if (last?.handle === handle) last.count++;
        else this.queue.push({ handle, count: 1 });
      },
      dispose: () => {
        if (disposed) return;
        disposed = true;
        this.flush();
        this.send('release', { handle });
      },
    };
  }

  private ceiling(unit: CeilingWorkload['unit'], size: number): Workload {
    const handle = this.handles++;
    this.send('ceiling', { handle, unit, size });
    return this.workload(handle);
  }

  /** Errors are reported when the engine is awaited. */
  private send<N extends CallName>(name: N, given: Calls[N][0]): void {
    this.sent.push(
      this.parts.process.call(name, given).catch((error: unknown) => {
        this.note(error);
      }),
    );
  }

  private async asked<N extends CallName>(name: N, given: Calls[N][0]): Promise<Calls[N][1]> {
    this.flush();
    try {
      return await this.parts.process.call(name, given);
    } catch (error) {
      this.note(error);
      demandNoFailure({ failures: this.problems });
      throw error;
    }
  }

  private note(error: unknown): void {
    this.problems.push(firstLine(error));
  }

  private notePeak(): void {
    const { resident } = this.parts.process;
    if (resident !== null) this.peak = Math.max(this.peak ?? 0, resident);
  }

  private fitting(graph: Graph, eager: boolean, file: RunnableFile | undefined): Sized {
    const unwritten = file ? undefined : graph.nodes.find(({ op }) => !writerOf(op));
    if (unwritten)
      throw new DeviceFailure(
        `flopscope cannot write the op ${unwritten.op} of node "${unwritten.name}" as ONNX: it is counted, not measured`,
      );
    demandRuns(graph, this.parts.provider === 'webgpu' ? 'onnxruntime-webgpu' : undefined);
    const steps = plan(graph, eager, TRAITS, kernelLike);
    return demandFits(graph, steps, { maxTensorBytes: null, heap: this.parts.heap });
  }

  private notLoaded(error: unknown, graph: Graph, path: string | undefined): unknown {
    if (error instanceof ProcessEnded) {
      this.note(error);
      return new DeviceFailure(`ONNX Runtime broke while it loaded ${graph.name}: ${error.message}`);
    }
    if (!(error instanceof CallFailure)) return error;
    if (isOutOfMemory(error) || MEMORY.test(error.message))
      return new DeviceFailure(`${firstLine(error)}: ${advice(Math.floor(batchOf(graph) / 2))}`);
    return path === undefined
      ? new DeviceFailure(`ONNX Runtime does not take ${graph.name}: ${firstLine(error)}`)
      : new InputError(
          `${path}: ONNX Runtime does not run it (${firstLine(error)}); use another --engine, or export it again`,
        );
  }
}

/**
 * A kernel of the plan for every op. The runtime has all ops and fuses at least what other engines
 * fuse.
 */
function kernelLike(op: OpName): Kernel {
  const absorbs = kernelOf(op)?.absorbs;
  return {
    ...(absorbs ? { absorbs } : {}),
    run: () => {
      throw new Error('only the runtime runs it');
    },
  };
}

/** ONNX Runtime's messages. */
const MEMORY = /failed to allocate memory/i;
