// Reads the arguments and results of a node of an exported program.

import { chosen, flagAt, inside, listAt, misfit, numberAt, type JsonValue, textAt, wholeAt } from './fields.js';
import type { Argument, Item, Operations } from './program.js';
import { scalarType } from './scalarTypes.js';

/** Reads a graph inside of a graph. */
export type ReadGraph = (json: JsonValue) => Operations;

export function readArgument(json: JsonValue, graph: ReadGraph): Argument {
  const [kind, value] = chosen(json);
  const reader = READERS[kind];
  return reader === undefined || !Object.hasOwn(READERS, kind) ? { kind: 'other' } : reader(value, graph);
}

type Reader = (json: JsonValue, graph: ReadGraph) => Argument;

const nameAt = (json: JsonValue): string => textAt(inside(json, 'name'));

/** A tensor of a list, or none. */
function optionalName(json: JsonValue): string | undefined {
  const [kind, value] = chosen(json);
  return kind === 'as_tensor' ? nameAt(value) : undefined;
}

/** {as_name}, or the number itself under a key such as as_int. */
function itemAt(json: JsonValue): Item {
  const [kind, value] = chosen(json);
  return kind === 'as_name' ? { name: textAt(value) } : plainNumber(value);
}

const plainNumber = (json: JsonValue): number =>
  typeof json.value === 'boolean' ? Number(json.value) : numberAt(json);

const computed: Reader = (json) => {
  const item = itemAt(json);
  return typeof item === 'number' ? { kind: 'number', value: item } : { kind: 'computed', name: item.name };
};
const numbers: Reader = (json) => ({ kind: 'numbers', items: listAt(json).map(numberAt) });
const items: Reader = (json) => ({ kind: 'numbers', items: listAt(json).map(itemAt) });

const READERS: Readonly<Record<string, Reader>> = {
  as_none: () => ({ kind: 'none' }),
  as_tensor: (json) => ({ kind: 'tensor', name: nameAt(json) }),
  as_tensors: (json) => ({ kind: 'tensors', names: listAt(json).map(nameAt) }),
  as_optional_tensor: (json) => {
    const name = optionalName(json);
    return name === undefined ? { kind: 'none' } : { kind: 'tensor', name };
  },
  as_optional_tensors: (json) => ({ kind: 'tensors', names: listAt(json).map(optionalName) }),
  as_int: (json) => ({ kind: 'number', value: wholeAt(json) }),
  as_ints: numbers,
  as_float: (json) => ({ kind: 'number', value: numberAt(json) }),
  as_floats: numbers,
  as_bool: (json) => ({ kind: 'flag', value: flagAt(json) }),
  as_bools: (json) => ({ kind: 'flags', values: listAt(json).map(flagAt) }),
  as_string: (json) => ({ kind: 'text', value: textAt(json) }),
  as_sym_int: computed,
  as_sym_float: computed,
  as_sym_bool: computed,
  as_sym_ints: items,
  as_sym_floats: items,
  as_scalar_type: ({ value }) => ({ kind: 'type', type: scalarType(value) }),
  as_graph: (json, graph) => ({ kind: 'graph', graph: graph(inside(json, 'graph')) }),
};

/** The name of a tensor, or that of a number that is computed; undefined for what has none. */
export function nameOf(argument: Argument): string | undefined {
  return argument.kind === 'tensor' || argument.kind === 'computed' ? argument.name : undefined;
}

/** @throws InputError where the argument is no tensor */
export function tensorName(json: JsonValue, argument: Argument): string {
  if (argument.kind !== 'tensor') throw misfit(json, 'a tensor');
  return argument.name;
}
