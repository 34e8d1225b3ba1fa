// Rows of graphs inside of a graph: without gradients, in another precision, or in a branch.

import type { Results, ConversionStep } from '../../kit/call.js';
import type { Operand } from '../../kit/operand.js';
import { Uncounted } from '../../kit/uncounted.js';
import type { Aten, AtenRow, AtenRows } from '../aten.js';
import type { Operations } from '../program.js';
import { keysOf, torchCall, type TorchCall } from '../torchCall.js';

/** The graph runs in place of the call, on the call's own tensors in order. */
const inner =
  (gradients?: (aten: Aten) => boolean | undefined): AtenRow =>
  (aten) => {
    const graphs = [...aten.call.file.operation.inputs.values()].filter((argument) => argument.kind === 'graph');
    const [graph, more] = graphs;
    if (graph?.kind !== 'graph') throw new Uncounted('it has no graph');
    if (more) throw new Uncounted('which of its branches runs depends on what the image shows');
    return run(aten, graph.graph, gradients?.(aten));
  };

/** The first argument of the call. */
function enabled({ call }: Aten): boolean | undefined {
  const flag = [...call.file.operation.inputs.values()].find(({ kind }) => kind === 'flag');
  return flag?.kind === 'flag' ? flag.value : undefined;
}

function run(aten: Aten, graph: Operations, gradients: boolean | undefined): Results {
  const { file, inputs } = aten.call;
  const prefix = `${file.prefix}${file.name}/`;
  const known = new Map<string, Operand>();
  const keys = graph.inputs.flatMap(keysOf);
  keys.forEach((key, i) => {
    const given = inputs[i];
    if (key !== undefined && given) known.set(prefix + key, given);
  });
  const steps = graph.operations
    .filter(({ outputs }) => outputs.length > 0)
    .map((operation): ConversionStep<TorchCall> => ({ call: torchCall(operation, graph, prefix) }));
  const outputs = graph.outputs.flatMap(keysOf).map((key) => prefix + (key ?? ''));
  return aten.call.inline(steps, known, outputs, gradients);
}

export const INNER: AtenRows = {
  wrap_with_set_grad_enabled: inner(enabled),
  wrap_with_autocast: inner(),
  wrap: inner(),
  invoke_subgraph: inner(),
  checkpoint: inner(),
  tag_activation_checkpoint: inner(),
};
