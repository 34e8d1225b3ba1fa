// Reads what a node of an exported program is given and what it makes.

import { chosen, flagAt, inside, listAt, misfit, numberAt, type Place, textAt, wholeAt } from './fields.js';
import type { Argument, Item, Operations } from './program.js';
import { scalarType } from './scalarTypes.js';

/** Reads a graph inside of a graph. */
export type ReadGraph = (place: Place) => Operations;

export function readArgument(place: Place, graph: ReadGraph): Argument {
  const [kind, value] = chosen(place);
  const reader = READERS[kind];
  return reader === undefined || !Object.hasOwn(READERS, kind) ? { kind: 'other' } : reader(value, graph);
}

type Reader = (place: Place, graph: ReadGraph) => Argument;

const nameAt = (place: Place): string => textAt(inside(place, 'name'));

/** A tensor of a list, or none. */
function optionalName(place: Place): string | undefined {
  const [kind, value] = chosen(place);
  return kind === 'as_tensor' ? nameAt(value) : undefined;
}

/** {as_name}, or the number itself under a key such as as_int. */
function itemAt(place: Place): Item {
  const [kind, value] = chosen(place);
  return kind === 'as_name' ? { name: textAt(value) } : plainNumber(value);
}

const plainNumber = (place: Place): number =>
  typeof place.value === 'boolean' ? Number(place.value) : numberAt(place);

const computed: Reader = (place) => {
  const item = itemAt(place);
  return typeof item === 'number' ? { kind: 'number', value: item } : { kind: 'computed', name: item.name };
};
const numbers: Reader = (place) => ({ kind: 'numbers', items: listAt(place).map(numberAt) });
const items: Reader = (place) => ({ kind: 'numbers', items: listAt(place).map(itemAt) });

const READERS: Readonly<Record<string, Reader>> = {
  as_none: () => ({ kind: 'none' }),
  as_tensor: (place) => ({ kind: 'tensor', name: nameAt(place) }),
  as_tensors: (place) => ({ kind: 'tensors', names: listAt(place).map(nameAt) }),
  as_optional_tensor: (place) => {
    const name = optionalName(place);
    return name === undefined ? { kind: 'none' } : { kind: 'tensor', name };
  },
  as_optional_tensors: (place) => ({ kind: 'tensors', names: listAt(place).map(optionalName) }),
  as_int: (place) => ({ kind: 'number', value: wholeAt(place) }),
  as_ints: numbers,
  as_float: (place) => ({ kind: 'number', value: numberAt(place) }),
  as_floats: numbers,
  as_bool: (place) => ({ kind: 'flag', value: flagAt(place) }),
  as_bools: (place) => ({ kind: 'flags', values: listAt(place).map(flagAt) }),
  as_string: (place) => ({ kind: 'text', value: textAt(place) }),
  as_sym_int: computed,
  as_sym_float: computed,
  as_sym_bool: computed,
  as_sym_ints: items,
  as_sym_floats: items,
  as_scalar_type: ({ value }) => ({ kind: 'type', type: scalarType(value) }),
  as_graph: (place, graph) => ({ kind: 'graph', graph: graph(inside(place, 'graph')) }),
};

/** The name of a tensor, or that of a number that is computed; undefined for what has none. */
export function nameOf(argument: Argument): string | undefined {
  return argument.kind === 'tensor' || argument.kind === 'computed' ? argument.name : undefined;
}

/** @throws InputError where the argument is no tensor */
export function tensorName(place: Place, argument: Argument): string {
  if (argument.kind !== 'tensor') throw misfit(place, 'a tensor');
  return argument.name;
}
