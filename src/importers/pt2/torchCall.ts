// The calls of an exported program as the kit takes them: keys in order, and their arguments.

import type { FileCall } from '../kit/call.js';
import type { Argument, Item, Operation, Operations } from './program.js';

export interface TorchCall extends FileCall {
  readonly operation: Operation;
  /** For each argument the positions of its values among the inputs. */
  readonly slots: ReadonlyMap<string, readonly number[]>;
  /** The prefix of the keys of an inner graph; "" in the main graph. */
  readonly prefix: string;
  /** The element type of a tensor of the program. */
  typeOf(name: string): string | undefined;
  /** The number of sides of a tensor of the program. */
  sidesOf(name: string): number | undefined;
}

/** @param prefix of the keys of an inner graph, so that they differ from those around it */
export function torchCall(operation: Operation, { tensors }: Operations, prefix = ''): TorchCall {
  const inputs: (string | undefined)[] = [];
  const slots = new Map<string, readonly number[]>();
  for (const [name, argument] of operation.inputs) {
    const keys = keysOf(argument);
    slots.set(
      name,
      keys.map((_, i) => inputs.length + i),
    );
    for (const key of keys) inputs.push(key === undefined ? undefined : prefix + key);
  }
  const outputs = operation.outputs.flatMap((output) => keysOf(output).map((key) => (key ? prefix + key : '')));
  return {
    ...{ op: operation.target, name: nameOf(operation, outputs), operation, inputs, outputs, slots, prefix },
    typeOf: (name) => tensors.get(name)?.type,
    sidesOf: (name) => tensors.get(name)?.sizes.length,
  };
}

const nameOf = ({ target, call }: Operation, outputs: readonly string[]): string =>
  outputs.find((key) => key !== '') ?? (call || target);

/** Keys of the values that an argument names; undefined for one that is left out of a list. */
export function keysOf(argument: Argument): readonly (string | undefined)[] {
  if (argument.kind === 'tensor' || argument.kind === 'computed') return [argument.name];
  if (argument.kind === 'tensors') return argument.names;
  if (argument.kind === 'numbers') return argument.items.filter(isComputed).map(({ name }) => name);
  return [];
}

export const isComputed = (item: Item): item is Exclude<Item, number> => typeof item !== 'number';
