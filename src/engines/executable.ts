// How does a graph run? Its weights are made and put on the device once; then step after step, each value freed after its last reader.

import { type Executable, type LayerTime, type LayerTimes, type Output } from './engine.js';
import type { Site } from '../cost.js';
import type { Graph } from '../graph.js';
import { demandFits, demandTensorFits, type Sized } from './fits.js';
import { BYTES } from './footprint.js';
import { channelsFirst, channelsLast, type HostTensor, type Tensor } from './kernels/kernel.js';
import type { Platform } from './platform.js';
import { failureAt, isBroken } from './outOfMemory.js';
import { plan, type Step } from './plan.js';
import { folded, inputOf, ownerOf, product, seededWeights, sizesOf, type Weights } from '../weights/weights.js';

/** What the engine keeps in view while an executable runs. */
export interface Watch {
  /** Makes the engine's backend the one that tfjs uses. */
  activate(): void;
  /** Called while everything that an op made is still alive. */
  notePeak(): void;
}

/** Elements after which loading lets other work of the process go on, such as a progress bar or Ctrl-C. */
const PAUSE_AFTER = 2 ** 22;

type Held = Readonly<Record<string, Tensor>>;

/** @throws DeviceFailure where it is known beforehand that the steps cannot run */
export function fittingPlan(
  graph: Graph,
  eager: boolean,
  platform: Platform,
): { readonly steps: readonly Step[]; readonly largest: Sized } {
  const steps = plan(graph, eager, platform.traits);
  return { steps, largest: demandFits(graph, steps, platform) };
}

export async function load(
  graph: Graph,
  { seed, eager }: { readonly seed: number; readonly eager: boolean },
  platform: Platform,
  watch: Watch,
): Promise<Executable> {
  const { tf } = platform;
  watch.activate();
  const { steps, ...known } = fittingPlan(graph, eager, platform);
  let { largest } = known;
  const batch = batchOf(graph);
  const upload = (node: string, { shape, values }: HostTensor): Tensor => {
    try {
      return tf.tensor(values, [...shape], 'float32');
    } catch (error) {
      throw failureAt(node, batch, error);
    }
  };
  const inputs = new Map(
    graph.inputs.map(({ name, shape }) => {
      const sizes = sizesOf(shape);
      const source = { shape: sizes, values: inputOf(name, sizes, seed) };
      return [name, tf.tidy(() => (sizes.length > 2 ? channelsLast(tf, upload(name, source)) : upload(name, source)))];
    }),
  );
  const weightsOf = seededWeights(graph, seed);
  const held: Held[] = [];
  const heldFor = new Map<string, Held>();
  let params = 0;
  let pending = 0;
  try {
    for (const step of steps) {
      const owners = ownersOf(step);
      const shared = heldFor.get(owners);
      if (shared) {
        held.push(shared);
        continue;
      }
      const made = weightsOfStep(step, weightsOf);
      params += made.params;
      const tensors = Object.entries(step.kernel.prepare?.(step.place, made.weights) ?? {});
      const { name } = step.sites[0]!.node;
      for (const [, { shape }] of tensors) {
        const bytes = product(shape) * BYTES;
        if (bytes > largest.bytes) largest = { node: name, bytes, scales: false };
        demandTensorFits(name, bytes, platform);
        pending += product(shape);
      }
      const uploaded = Object.fromEntries(tensors.map(([key, tensor]) => [key, upload(name, tensor)]));
      held.push(uploaded);
      if (made.params > 0) heldFor.set(owners, uploaded);
      if (pending > PAUSE_AFTER) {
        pending = 0;
        await new Promise((resolve) => setImmediate(resolve));
        watch.activate();
      }
    }
  } catch (error) {
    disposeAll(inputs, held);
    throw error;
  }
  return new LoadedGraph(graph, steps, inputs, held, platform, watch, params, largest);
}

class LoadedGraph implements Executable {
  readonly steps: number;
  readonly emulated: readonly string[];
  readonly largestTensor: { readonly node: string; readonly bytes: number };
  private disposed = false;

  constructor(
    private readonly graph: Graph,
    private readonly plan: readonly Step[],
    private readonly inputs: ReadonlyMap<string, Tensor>,
    private readonly held: readonly Held[],
    private readonly platform: Platform,
    private readonly watch: Watch,
    readonly params: number,
    { node, bytes }: Sized,
  ) {
    this.largestTensor = { node, bytes };
    this.steps = plan.length;
    this.emulated = plan
      .filter(({ kernel, place }) => kernel.emulated?.(place))
      .map(({ sites }) => sites[0]!.node.name);
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
      results.push({ name, shape: ordered.shape, values: (await ordered.data()) as Float32Array });
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
    const times = await platform.time(pieces);
    this.release(values);
    const layers = plan.map(({ sites }, i): LayerTime => ({
      nodes: sites.map(({ node }) => node.name),
      op: sites[0]!.node.op,
      ...times[i]!,
    }));
    return { clock: platform.clock, layers };
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    disposeAll(this.inputs, this.held);
  }

  /** Runs all steps; what they leave is the caller's to release. */
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
      if (isBroken(error)) this.disposed = true;
      else this.release(values);
      throw failureAt(this.plan[index]!.sites[0]!.node.name, batchOf(this.graph), error);
    }
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
      held: this.held[index]!,
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

  /** What is left at the end: outputs of the graph. */
  private release(values: ReadonlyMap<string, Tensor>): void {
    for (const [name, tensor] of values) if (!this.inputs.has(name)) tensor.dispose();
  }
}

const batchOf = (graph: Graph): number => sizesOf(graph.inputs[0]!.shape)[0]!;

/** Whose parameters a step uses: steps with the same ones share the tensors on the device, too. */
const ownersOf = ({ sites, norm }: Step): string =>
  JSON.stringify([sites[0]!, ...(norm ? [norm] : [])].map(({ node }) => ownerOf(node)));

/** Weights as the step uses them, and how many learnable parameters the graph has for it. */
function weightsOfStep({ sites, norm }: Step, weightsOf: (site: Site) => Weights) {
  const own = weightsOf(sites[0]!);
  const params = sites.reduce(
    (all, site) => all + Object.values(site.params).reduce((sum, shape) => sum + product(sizesOf(shape)), 0),
    0,
  );
  return { params, weights: norm ? folded(own, weightsOf(norm)) : own };
}

function disposeAll(inputs: ReadonlyMap<string, Tensor>, held: readonly Held[]): void {
  for (const tensor of inputs.values()) tensor.dispose();
  for (const tensors of held) for (const tensor of Object.values(tensors)) tensor.dispose();
}
