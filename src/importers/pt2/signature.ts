// Which inputs of a program are parameters, buffers and constants, and which the user gives.

import { chosen, entriesAt, inside, isAbsent, listAt, type JsonValue, textAt } from './fields.js';
import type { Argument, StoredTensor, Operations, Program } from './program.js';
import { readArgument } from './readArgument.js';
import { lookup } from '../../lookup.js';

type Signature = Pick<Program, 'stored' | 'given' | 'results'>;

export function signatureAt(json: JsonValue, operations: Operations): Signature {
  return isAbsent(inside(json, 'input_specs')) ? oldSignature(json, operations) : newSignature(json);
}

/** Keys under which a specification names what is stored. */
const KINDS: Readonly<Record<string, readonly [kind: StoredTensor['kind'], path: string]>> = {
  parameter: ['parameter', 'parameter_name'],
  buffer: ['buffer', 'buffer_name'],
  tensor_constant: ['constant', 'tensor_constant_name'],
};

function newSignature(json: JsonValue): Signature {
  const stored = new Map<string, StoredTensor>();
  const given: string[] = [];
  for (const spec of listAt(inside(json, 'input_specs'))) {
    const [name, value] = chosen(spec);
    if (name === 'user_input') {
      const argument = readArgument(inside(value, 'arg'), noGraph);
      if (argument.kind === 'tensor') given.push(argument.name);
    }
    const kind = lookup(KINDS, name);
    if (kind === undefined) continue;
    stored.set(textAt(inside(inside(value, 'arg'), 'name')), { kind: kind[0], path: textAt(inside(value, kind[1])) });
  }
  const results = listAt(inside(json, 'output_specs')).flatMap((spec) => {
    const [name, value] = chosen(spec);
    return name === 'user_output' ? [readArgument(inside(value, 'arg'), noGraph)] : [];
  });
  return { stored, given, results };
}

/** torch 2.1 wrote mappings instead of specifications. */
function oldSignature(json: JsonValue, { outputs }: Operations): Signature {
  const stored = new Map<string, StoredTensor>();
  for (const [key, kind] of [
    ['inputs_to_parameters', 'parameter'],
    ['inputs_to_buffers', 'buffer'],
  ] as const)
    for (const [name, path] of entriesAt(inside(json, key))) stored.set(name, { kind, path: textAt(path) });
  const given = listAt(inside(json, 'user_inputs')).map(textAt);
  const names = new Set(listAt(inside(json, 'user_outputs')).map(textAt));
  const results = outputs.filter((output): output is Argument => output.kind === 'tensor' && names.has(output.name));
  return { stored, given, results };
}

const noGraph = (): Operations => ({
  inputs: [],
  outputs: [],
  operations: [],
  tensors: new Map(),
  numbers: new Map(),
});
