// What all TensorFlow.js engines share: loading, ceilings, memory and the check for failures.

import type { Graph } from '../graph.js';
import type { CeilingWorkload, Engine, Executable, LoadOptions, Memory } from './engine.js';
import { fittingPlan, load } from './load.js';
import type { Tensor } from './kernels/kernel.js';
import { demandNoFailure, type Platform } from './platform.js';
import { repeatedNormals } from '../weights/random.js';

export function tfjsEngine(platform: Platform): Engine {
  return new TfjsEngine(platform);
}

class TfjsEngine implements Engine {
  readonly name;
  readonly runsFiles = false;
  readonly throughCuda;
  readonly device;
  readonly maxTensorBytes;
  readonly maxTotalBytes;
  readonly versions;
  readonly settings;
  readonly allocatedIs;
  private peak = 0;
  private peakAllocated = 0;

  constructor(private readonly platform: Platform) {
    this.name = platform.name;
    this.device = platform.device;
    this.throughCuda = platform.throughCuda ?? false;
    this.maxTensorBytes = platform.maxTensorBytes;
    this.maxTotalBytes = platform.heap?.limit ?? null;
    this.allocatedIs = platform.allocatedIs;
    this.versions = platform.versions;
    this.settings = platform.settings;
  }

  demandFits(graph: Graph, { eager = false }: Pick<LoadOptions, 'eager'> = {}): void {
    this.activate();
    fittingPlan(graph, eager, this.platform);
  }

  load(graph: Graph, { seed = 0, eager = false }: LoadOptions = {}): Promise<Executable> {
    // Cached buffers of an earlier graph would count as this one's, and fill the device.
    this.platform.trim();
    return load(graph, { seed, eager }, this.platform, {
      activate: () => {
        this.activate();
      },
      notePeak: () => {
        this.notePeak();
      },
    });
  }

  matmul(side: number): CeilingWorkload {
    const { tf } = this.platform;
    const [a, b] = [this.filled([side, side], 1), this.filled([side, side], 2)];
    return this.ceiling('flop', 2 * side ** 3, [a, b], () => tf.matMul(a, b));
  }

  copy(elements: number): CeilingWorkload {
    const { tf } = this.platform;
    // A ReLU is the cheapest op that has to read and write.
    const x = this.filled([elements], 3);
    return this.ceiling('byte', 2 * 4 * elements, [x], () => tf.relu(x));
  }

  flush(): void {
    this.platform.flush();
  }

  async done(): Promise<void> {
    this.activate();
    await this.platform.finish();
    demandNoFailure(this.platform);
  }

  memory(): Memory {
    this.activate();
    const { numTensors } = this.platform.tf.memory();
    this.notePeak();
    const allocated = this.platform.allocated();
    const peakAllocated = allocated === null ? null : this.peakAllocated;
    return { tensors: numTensors, inUse: this.bytes(), peak: this.peak, allocated, peakAllocated };
  }

  resetPeak(): void {
    [this.peak, this.peakAllocated] = [0, 0];
    this.notePeak();
  }

  failures(): readonly string[] {
    return this.platform.failures;
  }

  close(): Promise<void> {
    return this.platform.close();
  }

  /**
   * tfjs runs ops on one backend at a time; for one that is registered the change happens within
   * the call.
   */
  private activate(): void {
    const { tf, backend } = this.platform;
    if (tf.getBackend() !== backend) void tf.setBackend(backend);
  }

  private bytes(): number {
    return this.platform.tf.engine().state.numBytes;
  }

  private notePeak(): void {
    this.peak = Math.max(this.peak, this.bytes());
    this.peakAllocated = Math.max(this.peakAllocated, this.platform.allocated() ?? 0);
  }

  private filled(shape: number[], seed: number): Tensor {
    this.activate();
    const count = shape.reduce((all, side) => all * side, 1);
    return this.platform.tf.tensor(repeatedNormals(count, seed), shape, 'float32');
  }

  private ceiling(
    unit: CeilingWorkload['unit'],
    amount: number,
    tensors: readonly Tensor[],
    make: () => Tensor,
  ): CeilingWorkload {
    return {
      unit,
      amount,
      run: () => {
        this.activate();
        make().dispose();
      },
      dispose: () => {
        for (const tensor of tensors) tensor.dispose();
      },
    };
  }
}
