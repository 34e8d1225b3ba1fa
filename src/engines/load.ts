// How does a graph come onto a device? Its steps must fit; then its input and weights are made and uploaded, once.

import type { Executable } from './engine.js';
import type { Site } from '../cost.js';
import { batchOf, disposeAll, LoadedGraph, type Held, type Watch } from './executable.js';
import type { Graph } from '../graph.js';
import { demandFits, demandTensorFits, type Sized } from './fits.js';
import { BYTES } from './footprint.js';
import { channelsLast, type HostTensor, type Tensor } from './kernels/kernel.js';
import { failureAt } from './outOfMemory.js';
import type { Platform } from './platform.js';
import { plan, type Step } from './plan.js';
import { folded, inputOf, ownerOf, product, seededWeights, sizesOf, type Weights } from '../weights/weights.js';

/** Elements after which loading lets other work of the process go on, such as a progress bar or Ctrl-C. */
const PAUSE_AFTER = 2 ** 22;

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
