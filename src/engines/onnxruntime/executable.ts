// A network that ONNX Runtime has loaded. Runs are enqueued here and done in its process.

import type { Graph } from '../../graph.js';
import { countsOf, shapedNodes } from '../../cost.js';
import type { AsRun, Executable, LayerTimes, Output } from '../engine.js';
import type { Sized } from '../fits.js';
import type { Profiled, ReadTensor } from './calls.js';
import { asRun, layerTimesOf } from './layers.js';
import type { Provider } from './providers.js';

/** The engine's operations for one handle. */
export interface RuntimeHandle {
  run(): void;
  outputs(): Promise<readonly ReadTensor[]>;
  profile(passes: number): Promise<Profiled>;
  dispose(): void;
}

/** Inferences of one profile: with times of layers, and of the kernels of a GPU alone. */
const [PASSES, PASSES_ON_GPU] = [5, 3];

export class LoadedNetwork implements Executable {
  readonly params: number;
  readonly steps = null;
  readonly emulated: readonly string[] = [];
  readonly largestTensor: { readonly node: string; readonly bytes: number };
  private profile: Profiled | undefined;
  /** The index of the next inference of the profile. */
  private next = 0;

  constructor(
    private readonly graph: Graph,
    readonly weights: 'seeded' | 'file',
    private readonly provider: Provider,
    private readonly handled: RuntimeHandle,
    { node, bytes }: Sized,
  ) {
    this.largestTensor = { node, bytes };
    this.params = paramsOf(graph);
  }

  run(): void {
    this.handled.run();
  }

  async outputs(): Promise<readonly Output[]> {
    const tensors = await this.handled.outputs();
    // A file may have outputs that are not in the graph, such as those of ops that are not counted.
    const named = tensors.length === this.graph.outputs.length ? this.graph.outputs : [];
    return tensors.map((tensor, i) => ({ ...tensor, name: named[i] ?? `output ${i + 1}` }));
  }

  async layerTimes(): Promise<LayerTimes> {
    if (!this.profile || this.next === passesOf(this.profile)) {
      this.profile = await this.handled.profile(PASSES);
      this.next = 0;
    }
    return layerTimesOf(this.graph, this.profile, this.next++);
  }

  async asRun(): Promise<AsRun> {
    this.profile ??= await this.handled.profile(this.provider === 'cpu' ? 1 : PASSES_ON_GPU);
    return asRun(this.profile, this.provider);
  }

  dispose(): void {
    this.handled.dispose();
  }
}

const passesOf = ({ times }: Profiled): number => (times.clock === null ? 1 : times.times.length);

export function paramsOf(graph: Graph): number {
  let params = 0;
  for (const shapedNode of shapedNodes(graph)) params += countsOf(shapedNode).params as number;
  return params;
}
