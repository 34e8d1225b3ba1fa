// What rows of Caffe layers share: axes counted from the end, and parameters shared by name.

import type { OpGiven } from '../../builder.js';
import { product, type Dim } from '../../dim/dim.js';
import { complete } from '../../fields.js';
import type { Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import { opOf, type OpName } from '../../ops/table.js';
import { elements, showShape, type Shape } from '../../shape.js';
import type { Call as KitCall, Parameters } from '../kit/call.js';
import { constant } from '../kit/operand.js';
import type { CaffeCall, CaffeLayer } from './layers.js';
import type { Message } from './message.js';

/** A call with its operands, as a row gets it. */
export type Call = KitCall<CaffeCall>;

export const paramOf = (call: Call, name: string): Message => call.file.layer.message.message(name);

/** Sides are counted from 0, negative ones from the end. @throws InputError for none of them */
export function sideOf(axis: number, shape: Shape): number {
  const side = axis < 0 ? axis + shape.length : axis;
  if (side >= 0 && side < shape.length) return side;
  throw new InputError(`there is no axis ${axis} in ${showShape(shape)}`);
}

/** All of an input from a side on as one. */
export function flattened(call: Call, x: Value, axis: number, part: string): Value {
  if (axis === x.shape.length - 1) return x;
  const shape: Dim[] = [...x.shape.slice(0, axis), product(x.shape.slice(axis))];
  return axis === 1 ? call.apply('flatten', x, {}, {}, part) : call.apply('view', x, { shape }, {}, part);
}

/** @throws InputError for another number of inputs */
export function demandInputs(call: Call, least: number, most = least): void {
  const count = call.inputs.length;
  if (count >= least && count <= most) return;
  const wanted = least === most ? String(least) : most === Infinity ? `${least} or more` : `${least} to ${most}`;
  throw new InputError(`it reads ${count} blobs, and its type reads ${wanted}`);
}

/**
 * The parameters that a layer has a name for: other layers with that name have the same.
 * @param names of the op's parameters, in the order of the layer's blobs
 */
export const stored = <K extends OpName>(
  { shares }: CaffeLayer,
  op: K,
  inputs: readonly Value[],
  given: OpGiven<K>,
  names: readonly string[],
): Parameters =>
  shares.some((share) => share !== '')
    ? tensors(op, inputs, given, (name) => shares[names.indexOf(name)] || undefined)
    : {};

/** Parameters of an op as stored tensors, but for those without an id, which are the node's own. */
export function tensors<K extends OpName>(
  op: K,
  inputs: readonly Value[],
  given: OpGiven<K>,
  idOf: (name: string) => string | undefined,
): Parameters {
  const shapes = inputs.map(({ shape }) => shape);
  const params = opOf(op).params?.(shapes, complete(opOf(op).fields, given)) ?? {};
  return Object.fromEntries(
    Object.entries(params).flatMap(([name, shape]) => {
      const id = idOf(name);
      return id === undefined
        ? []
        : [[name, constant('float', shape, undefined, [{ id, elements: elements(shape) }])] as const];
    }),
  );
}
