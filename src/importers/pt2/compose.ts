// Joins the views and the addmm of a decomposed fully connected layer into that layer.

import type { ConversionStep } from '../kit/call.js';
import type { Argument, Operation, Program } from './program.js';
import { opName, rowOf } from './table.js';
import { torchCall, type TorchCall } from './torchCall.js';

/** Calls of one function follow each other and carry its name and number. */
export function stepsOf(calls: readonly TorchCall[], program: Program): readonly ConversionStep<TorchCall>[] {
  const steps: ConversionStep<TorchCall>[] = [];
  for (let at = 0; at < calls.length;) {
    const first = calls[at]!;
    let end = at + 1;
    while (end < calls.length && isSame(first, calls[end]!)) end++;
    const parts = calls.slice(at, end);
    const layer = parts.length > 1 && isLinear(first) ? layerOf(parts, program) : undefined;
    if (layer) steps.push({ call: layer, parts, whole: (call) => rowOf(layer.op)!(call) });
    else for (const call of parts) steps.push({ call });
    at = end;
  }
  return steps;
}

const isSame = ({ operation: a }: TorchCall, { operation: b }: TorchCall): boolean =>
  a.call !== '' && a.call === b.call && a.stack.at(-1)?.key === b.stack.at(-1)?.key;

const isLinear = ({ operation }: TorchCall): boolean => /\.linear$/.test(operation.calledAs);

const VIEWS = new Set(['view', '_unsafe_view', 'reshape']);
const TURNS = new Set(['permute', 't', 'transpose', 'numpy_T']);
const PRODUCTS = new Set(['addmm', 'mm']);

/** Undefined where the parts are not those of a layer. */
function layerOf(parts: readonly TorchCall[], program: Program): TorchCall | undefined {
  const named = (names: ReadonlySet<string>) => parts.filter(({ op }) => names.has(opName(op)));
  const [products, turns, views] = [named(PRODUCTS), named(TURNS), named(VIEWS)];
  const [product] = products;
  const [turn] = turns;
  if (!product || !turn || products.length !== 1 || turns.length !== 1) return undefined;
  if (parts.length !== 2 + views.length || views.length > 2) return undefined;
  const x = argumentOf(product, opName(product.op) === 'addmm' ? 'mat1' : 'self');
  const weight = argumentOf(turn, 'self');
  if (!x || !weight || keyOf(argumentOf(product, 'mat2')) !== turn.outputs[0]) return undefined;
  if (program.stored.get(keyOf(weight) ?? '')?.kind !== 'parameter') return undefined;
  const rows = views.find(({ outputs }) => outputs[0] === keyOf(x));
  const input = rows ? argumentOf(rows, 'self') : x;
  const bias = argumentOf(product, opName(product.op) === 'addmm' ? 'self' : 'bias');
  const last = parts.at(-1)!;
  if (!input || (last !== product && !VIEWS.has(opName(last.op)))) return undefined;
  const inputs = new Map<string, Argument>([
    ['input', input],
    ['weight', weight],
  ]);
  if (bias && product.op.startsWith('aten.addmm')) inputs.set('bias', bias);
  const operation: Operation = { ...product.operation, target: 'aten.linear', inputs, outputs: last.operation.outputs };
  return torchCall(operation, program);
}

const argumentOf = (call: TorchCall, name: string): Argument | undefined => call.operation.inputs.get(name);

const keyOf = (argument: Argument | undefined): string | undefined =>
  argument?.kind === 'tensor' ? argument.name : undefined;
