// Loads a graph onto a device: checks that it fits, then uploads input and weights once.

import { batchOf } from '../inputSize.js';
import type { Executable } from './engine.js';
import type { ShapedNode } from '../cost.js';
import { disposeAll, LoadedGraph, type Prepared, type ExecutionObserver } from './executable.js';
import { tensorId, type Graph } from '../graph.js';
import { demandFits, demandTensorFits, type Sized } from './fits.js';
import { BYTES } from './footprint.js';
import { demandRuns } from './gaps.js';
import { channelsLast, type HostTensor, type Tensor } from './kernels/kernel.js';
import { failureAt } from './outOfMemory.js';
import type { Platform } from './platform.js';
import { plan, type PlanStep } from './plan.js';
import { ownersIn, type OwnerOf } from '../weights/owners.js';
import { folded, inputOf, product, seededWeights, sizesOf, type Weights } from '../weights/weights.js';

/**
 * The number of elements after which loading yields to a progress bar or Ctrl-C.
 */
const PAUSE_AFTER = 2 ** 22;

/** @throws DeviceFailure where the device cannot run the steps, as far as that is known before */
export function fittingPlan(
  graph: Graph,
  eager: boolean,
  platform: Platform,
): { readonly steps: readonly PlanStep[]; readonly largest: Sized } {
  demandRuns(graph, platform.name === 'webgpu' ? 'tfjs-webgpu' : undefined);
  const steps = plan(graph, eager, platform.traits);
  return { steps, largest: demandFits(graph, steps, platform) };
}

export async function load(
  graph: Graph,
  { seed, eager }: { readonly seed: number; readonly eager: boolean },
  platform: Platform,
  watch: ExecutionObserver,
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
  const ownerOf = ownersIn(graph);
  const prepared: Prepared[] = [];
  const heldFor = new Map<string, Prepared>();
  const params = sumOfNewParams(steps);
  let pending = 0;
  try {
    for (const step of steps) {
      const owners = parametersOf(step, ownerOf);
      const shared = heldFor.get(owners);
      if (shared) {
        prepared.push(shared);
        continue;
      }
      const tensors = Object.entries(step.kernel.prepare?.(step.place, weightsOfStep(step, weightsOf)) ?? {});
      const { name } = step.nodes[0]!.node;
      for (const [, { shape }] of tensors) {
        const bytes = product(shape) * BYTES;
        if (bytes > largest.bytes) largest = { node: name, bytes, scales: false };
        demandTensorFits(name, bytes, platform);
        pending += product(shape);
      }
      const uploaded = Object.fromEntries(tensors.map(([key, tensor]) => [key, upload(name, tensor)]));
      prepared.push(uploaded);
      if (owners !== '') heldFor.set(owners, uploaded);
      if (pending > PAUSE_AFTER) {
        pending = 0;
        await nextTurn();
        watch.activate();
      }
    }
  } catch (error) {
    disposeAll(inputs, prepared);
    throw error;
  }
  return new LoadedGraph(graph, steps, inputs, prepared, platform, watch, params, largest);
}

/**
 * A key of the parameters of a step, '' for none. Steps with the same key share tensors on the
 * device.
 */
const parametersOf = ({ nodes, norm }: PlanStep, ownerOf: OwnerOf): string =>
  [nodes[0]!, ...(norm ? [norm] : [])].flatMap((shapedNode) => ownedBy(shapedNode, ownerOf)).join('\n');

const ownedBy = ({ node, params }: ShapedNode, ownerOf: OwnerOf): readonly string[] =>
  [...Object.keys(params), ...(node.op === 'batchNorm' ? ['mean'] : [])].map((parameter) =>
    tensorId(ownerOf(node, parameter), parameter),
  );

/** Learnable parameters of all steps, each stored tensor once. */
const sumOfNewParams = (steps: readonly PlanStep[]): number =>
  steps.flatMap(({ nodes }) => nodes).reduce((sum, { newParams }) => sum + sizesOf([newParams])[0]!, 0);

/** Weights as the step uses them. */
function weightsOfStep({ nodes, norm }: PlanStep, weightsOf: (shapedNode: ShapedNode) => Weights): Weights {
  const own = weightsOf(nodes[0]!);
  return norm ? folded(own, weightsOf(norm)) : own;
}

/** Lets other work of the event loop go on, in Node and in a browser. */
const nextTurn = (): Promise<void> =>
  new Promise((resolve) => {
    const { setImmediate: soon } = globalThis as { readonly setImmediate?: (step: () => void) => unknown };
    if (soon) soon(resolve);
    else setTimeout(resolve, 0);
  });
