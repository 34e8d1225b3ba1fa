// Runs a loaded graph step by step. Each value is freed after its last reader.

import { batchOf } from '../inputSize.js';
import type { Executable, LayerTime, LayerTimes, Output } from './engine.js';
import type { Graph } from '../graph.js';
import type { Sized } from './fits.js';
import { channelsFirst, type Tensor } from './kernels/kernel.js';
import { failureAt, isBroken } from './outOfMemory.js';
import { reading, type Platform } from './platform.js';
import type { PlanStep } from './plan.js';

/** What the engine observes while an executable runs. */
export interface ExecutionObserver {
  /** Makes the engine's backend the one that tfjs uses. */
  activate(): void;
  /** Called while everything that an op made is still alive. */
  notePeak(): void;
}

/** What a step keeps on the device. */
export type Prepared = Readonly<Record<string, Tensor>>;

export class LoadedGraph implements Executable {
  readonly steps: number;
  readonly weights = 'seeded';
  readonly emulated: readonly string[];
  readonly largestTensor: { readonly node: string; readonly bytes: number };
  private disposed = false;

  constructor(
    private readonly graph: Graph,
    private readonly plan: readonly PlanStep[],
    private readonly inputs: ReadonlyMap<string, Tensor>,
    private readonly prepared: readonly Prepared[],
    private readonly platform: Platform,
    private readonly watch: ExecutionObserver,
    readonly params: number,
    { node, bytes }: Sized,
  ) {
    this.largestTensor = { node, bytes };
    this.steps = plan.length;
    this.emulated = plan
      .filter(({ kernel, place }) => kernel.emulated?.(place))
      .map(({ nodes }) => nodes[0]!.node.name);
  }

  run(): void {
    this.watch.activate();
    this.release(this.values());
  }

  async outputs(): Promise<readonly Output[]> {
    const { tf } = this.platform;
    this.watch.activate();
    const values = this.values();
    const results: Output[] = [];
    for (const name of this.graph.outputs) {
      this.watch.activate();
      const tensor = values.get(name)!;
      const ordered = tf.tidy(() => (tensor.rank > 2 ? channelsFirst(tf, tensor) : tf.clone(tensor)));
      results.push({
        name,
        shape: ordered.shape,
        values: (await reading(this.platform, () => ordered.data())) as Float32Array,
      });
      ordered.dispose();
    }
    this.release(values);
    return results;
  }

  async layerTimes(): Promise<LayerTimes> {
    const { platform, plan } = this;
    if (platform.clock === null) return { clock: null, reason: platform.clockReason ?? 'this device has no clock' };
    this.watch.activate();
    const values = new Map(this.inputs);
    const pieces = plan.map((_, i) => () => {
      this.step(i, values);
    });
    const times = await reading(platform, () => platform.time(pieces));
    this.release(values);
    const layers = plan.map(({ nodes }, i): LayerTime => ({
      nodes: nodes.map(({ node }) => node.name),
      op: nodes[0]!.node.op,
      ...times[i]!,
    }));
    return { clock: platform.clock, layers };
  }

  /** The engine runs the steps of the plan. */
  asRun(): Promise<null> {
    return Promise.resolve(null);
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    disposeAll(this.inputs, this.prepared);
  }

  /** Runs all steps. The caller releases the remaining values. */
  private values(): ReadonlyMap<string, Tensor> {
    const values = new Map(this.inputs);
    for (let i = 0; i < this.plan.length; i++) this.step(i, values);
    return values;
  }

  /** @throws DeviceFailure when the device has no memory left; the values are released then */
  private step(index: number, values: Map<string, Tensor>): void {
    try {
      this.unguarded(index, values);
    } catch (error) {
      if (isBroken(error)) this.abandon(error as Error);
      else this.release(values);
      throw failureAt(this.plan[index]!.nodes[0]!.node.name, batchOf(this.graph), error);
    }
  }

  /** Marks the backend as broken: after this not even a call that frees memory is safe. */
  private abandon({ message }: Error): void {
    this.disposed = true;
    this.platform.failures.push(message);
  }

  private unguarded(index: number, values: Map<string, Tensor>): void {
    const { kernel, place, inputs, output, frees } = this.plan[index]!;
    const { tf } = this.platform;
    const tensors = inputs.map((name) => values.get(name)!);
    const call = {
      ...place,
      tf,
      x: tensors[0]!,
      tensors,
      prepared: this.prepared[index]!,
    };
    const result = tf.tidy(() => {
      const made = kernel.run(call);
      this.watch.notePeak();
      return made;
    });
    values.set(output, result);
    for (const name of frees) {
      values.get(name)!.dispose();
      values.delete(name);
    }
  }

  /** Values that remain at the end: the outputs of the graph. */
  private release(values: ReadonlyMap<string, Tensor>): void {
    for (const [name, tensor] of values) if (!this.inputs.has(name)) tensor.dispose();
  }
}

export function disposeAll(inputs: ReadonlyMap<string, Tensor>, prepared: readonly Prepared[]): void {
  for (const tensor of inputs.values()) tensor.dispose();
  for (const tensors of prepared) for (const tensor of Object.values(tensors)) tensor.dispose();
}
