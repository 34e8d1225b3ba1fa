// Ops that one engine cannot run and others can. A network with one is refused before anything
// runs.

import { sizesOf } from '../weights/weights.js';
import type { Graph, Node } from '../graph.js';
import { DeviceFailure } from './engine.js';

/** A device that a library drives: tfjs on WebGPU, ONNX Runtime on WebGPU. */
export type GpuLibrary = 'tfjs-webgpu' | 'onnxruntime-webgpu';

/** Completes "the engine"; undefined where it runs the node. */
type Gap = (node: Node) => string | undefined;

/** tfjs's webgpu backend (4.22) reports a device error for them, and the device is lost. */
const LOSES_DEVICE: ReadonlySet<string> = new Set([
  ...['arcSine', 'arcTangent2', 'argMax', 'argMin', 'avgPool3d', 'conv3d', 'convTranspose3d', 'embedding', 'equal'],
  ...['greater', 'greaterOrEqual', 'isInfinite', 'isNan', 'less', 'lessOrEqual', 'maxPool3d', 'notEqual', 'oneHot'],
  ...['sort', 'topK'],
]);

const VOLUMES: ReadonlySet<string> = new Set(['conv3d', 'convTranspose3d']);

const GAPS: Readonly<Record<GpuLibrary, Gap>> = {
  'tfjs-webgpu': ({ op, shape }) =>
    LOSES_DEVICE.has(op) || (op === 'groupNorm' && shape.length > 4) ? 'loses the device' : undefined,
  /**
   * ONNX Runtime 1.30 computes four output channels at once, or two, where their number in all is
   * a multiple; where a group has four or more and no multiple, the numbers are wrong.
   */
  'onnxruntime-webgpu': ({ op, attributes, shape }) => {
    const groups = Number(attributes['groups'] ?? 1);
    if (groups === 1) return undefined;
    if (VOLUMES.has(op)) return 'has no groups';
    const channels = sizesOf(shape)[1] ?? 0;
    const together = [4, 2, 1].find((lanes) => channels % lanes === 0)!;
    const each = channels / groups;
    return op === 'conv' && each >= 4 && each % together !== 0 ? 'computes wrong numbers' : undefined;
  },
};

/** @throws DeviceFailure naming the first node that this device cannot run */
export function demandRuns(graph: Graph, driven: GpuLibrary | undefined): void {
  const gap = driven && firstGap(graph, driven);
  if (gap) throw new DeviceFailure(gap);
}

/** One sentence about the first node that it cannot run; undefined where it runs all. */
export function firstGap({ nodes }: Graph, driven: GpuLibrary): string | undefined {
  for (const node of nodes) {
    const gap = GAPS[driven](node);
    if (gap !== undefined)
      return `node "${node.name}" (${node.op}) cannot run: on it ${NAMES[driven]} ${gap}; ${REMEDIES[driven]}`;
  }
  return undefined;
}

const NAMES: Readonly<Record<GpuLibrary, string>> = {
  'tfjs-webgpu': "tfjs's webgpu backend",
  'onnxruntime-webgpu': "ONNX Runtime's WebGPU provider",
};
const REMEDIES: Readonly<Record<GpuLibrary, string>> = {
  'tfjs-webgpu': 'choose another engine with --engine',
  'onnxruntime-webgpu': 'choose another --provider, or another engine with --engine',
};
