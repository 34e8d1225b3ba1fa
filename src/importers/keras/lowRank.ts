// Dense layers and embeddings with LoRA: two narrow matrices beside weights that are not trained.

import type { Dim } from '../../dim/dim.js';
import type { Value } from '../../graph.js';
import type { LayerCall } from './layerCall.js';

/** The inner side of both matrices (LoRA, arXiv 2106.09685, section 4); undefined without LoRA. */
export const lowRankOf = (call: LayerCall): number | undefined =>
  call.settings.raw('lora_rank') === undefined ? undefined : call.settings.count('lora_rank');

const frozen = (): boolean => true;
const trained = (): boolean => false;

/** W + a A B of [..., rank] and [rank, last]. Keras works it out each time that the layer runs. */
export function adapted(call: LayerCall, weights: readonly Dim[], rank: number): Value {
  const kernel = call.apply('parameter', 'kernel', [], { shape: [...weights] }, frozen);
  const a = call.apply('parameter', 'lora_a', [], { shape: [...weights.slice(0, -1), rank] });
  const b = call.apply('parameter', 'lora_b', [], { shape: [rank, weights.at(-1)!] });
  const product = scaled(call, call.apply('matmul', 'lora', [a, b]));
  return call.apply('add', 'lora_sum', [kernel, product]);
}

const scaled = (call: LayerCall, x: Value): Value =>
  call.apply('scaleBy', 'lora_scaled', x, { shape: [1], learnt: false });

/** What quantised weights make, and a narrow product by A, which B widens again. */
const beside = (call: LayerCall, made: Value, narrow: Value, features: Dim): Value => {
  const wide = call.apply('linear', 'lora_b', narrow, { features, bias: false }, trained);
  return call.apply('add', 'lora_sum', [made, scaled(call, wide)]);
};

/** x (W + a A B), or x W + a (x A) B where W is kept in whole numbers. */
export function adaptedDense(call: LayerCall, given: Value, rank: number): Value {
  const { settings } = call;
  const x = call.inFileOrder(given, 'input');
  const features = settings.count('units');
  const made = call.weights.inIntegers
    ? beside(
        call,
        call.apply('linear', '', x, { features, bias: false }, frozen),
        call.apply('linear', 'lora_a', x, { features: rank, bias: false }, trained),
        features,
      )
    : call.apply('matmul', '', [x, adapted(call, [x.shape.at(-1)!, features], rank)]);
  const biased = settings.flag('use_bias', true) ? call.apply('shiftBy', 'bias', made, { shape: [features] }) : made;
  return call.inOurOrder(biased, 'result');
}

export interface Product {
  readonly equation: string;
  readonly weight: Dim[];
  readonly bias: Dim[];
}

/** The same by the letters of the sides. The last side of the weights is that of the result. */
export function adaptedEinsum(call: LayerCall, x: Value, { equation, weight, bias }: Product, rank: number): Value {
  const last = weight.at(-1)!;
  const made = call.weights.inIntegers
    ? beside(
        call,
        call.apply('einsumDense', '', x, { equation, weight, bias: [] }, frozen),
        call.apply('einsumDense', 'lora_a', x, { equation, weight: weight.with(-1, rank), bias: [] }, trained),
        last,
      )
    : call.apply('einsum', '', [x, adapted(call, weight, rank)], { equation });
  return bias.length > 0 ? call.apply('shiftBy', 'bias', made, { shape: bias }) : made;
}

/** Rows of W + a A B, or those of W and a (rows of A) B. */
export function adaptedRows(call: LayerCall, indices: Value, sides: readonly [Dim, Dim], rank: number): Value {
  const [entries, features] = sides;
  if (!call.weights.inIntegers) return call.apply('gather', '', [adapted(call, sides, rank), indices], { axis: 0 });
  const rows = call.apply('embedding', '', indices, { entries, features }, frozen);
  return beside(call, rows, call.apply('embedding', 'lora_a', indices, { entries, features: rank }, trained), features);
}
