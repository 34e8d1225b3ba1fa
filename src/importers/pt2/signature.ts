// Which inputs of an exported program are parameters, buffers and constants, and which the user gives.

import { chosen, entriesAt, inside, isAbsent, listAt, type Place, textAt } from './fields.js';
import type { Argument, Held, Operations, Program } from './program.js';
import { readArgument } from './readArgument.js';

type Signature = Pick<Program, 'held' | 'given' | 'results'>;

export function signatureAt(place: Place, operations: Operations): Signature {
  return isAbsent(inside(place, 'input_specs')) ? oldSignature(place, operations) : newSignature(place);
}

/** Keys under which a specification names what is held. */
const KINDS: Readonly<Record<string, readonly [kind: Held['kind'], path: string]>> = {
  parameter: ['parameter', 'parameter_name'],
  buffer: ['buffer', 'buffer_name'],
  tensor_constant: ['constant', 'tensor_constant_name'],
};

function newSignature(place: Place): Signature {
  const held = new Map<string, Held>();
  const given: string[] = [];
  for (const spec of listAt(inside(place, 'input_specs'))) {
    const [name, value] = chosen(spec);
    if (name === 'user_input') {
      const argument = readArgument(inside(value, 'arg'), noGraph);
      if (argument.kind === 'tensor') given.push(argument.name);
    }
    const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
    if (kind === undefined) continue;
    held.set(textAt(inside(inside(value, 'arg'), 'name')), { kind: kind[0], path: textAt(inside(value, kind[1])) });
  }
  const results = listAt(inside(place, 'output_specs')).flatMap((spec) => {
    const [name, value] = chosen(spec);
    return name === 'user_output' ? [readArgument(inside(value, 'arg'), noGraph)] : [];
  });
  return { held, given, results };
}

/** torch 2.1 wrote mappings instead of specifications. */
function oldSignature(place: Place, { outputs }: Operations): Signature {
  const held = new Map<string, Held>();
  for (const [key, kind] of [
    ['inputs_to_parameters', 'parameter'],
    ['inputs_to_buffers', 'buffer'],
  ] as const)
    for (const [name, path] of entriesAt(inside(place, key))) held.set(name, { kind, path: textAt(path) });
  const given = listAt(inside(place, 'user_inputs')).map(textAt);
  const names = new Set(listAt(inside(place, 'user_outputs')).map(textAt));
  const results = outputs.filter((output): output is Argument => output.kind === 'tensor' && names.has(output.name));
  return { held, given, results };
}

const noGraph = (): Operations => ({
  inputs: [],
  outputs: [],
  operations: [],
  tensors: new Map(),
  numbers: new Map(),
});
