// Writes small exported programs for tests, as torch.export.save does: the JSON and the archive around it.

import { zipOf } from '../zip/zipOf.js';

/** A size: a number, or sympy's text. */
export type Side = number | string;

/** "x" names a value; lists of names, numbers and flags are what they are. */
export type Given =
  | { readonly tensor: string }
  | { readonly tensors: readonly (string | null)[] }
  | { readonly computed: string }
  | { readonly sizes: readonly (number | string)[] }
  | { readonly text: string }
  | { readonly raw: object }
  | number
  | boolean
  | null
  | readonly number[];

export interface Call {
  /** Without "torch.ops.". */
  readonly op: string;
  readonly given: Readonly<Record<string, Given>>;
  /** Names of what it makes, with their shapes; a shape of null is a number that it computes. */
  readonly makes: Readonly<Record<string, readonly Side[] | null>>;
  /** Path and class of the module that calls it. */
  readonly at?: readonly [path: string, className: string];
  /** "conv2d_1;builtin_function_or_method.conv2d" */
  readonly called?: string;
}

export interface Network {
  readonly inputs: Readonly<Record<string, readonly Side[]>>;
  readonly parameters?: Readonly<Record<string, readonly number[]>>;
  readonly buffers?: Readonly<Record<string, readonly number[]>>;
  readonly calls: readonly Call[];
  readonly outputs: readonly string[];
  readonly ranges?: Readonly<Record<string, { min_val: number | null; max_val: number | null }>>;
  readonly hints?: Readonly<Record<string, number>>;
  /** Paths of parameters that take no gradient. */
  readonly frozen?: readonly string[];
  /** Further modules, beside those that call something. */
  readonly modules?: readonly string[];
}

/** "conv.weight" is p_conv_weight in a program. */
export const key = (path: string, prefix = 'p'): string => `${prefix}_${path.replaceAll('.', '_')}`;
/** Of a parameter. */
export const p = (path: string): Given => ({ tensor: key(path) });
export const x = (name: string): Given => ({ tensor: name });

const size = (side: Side, hints: Network['hints'] = {}) =>
  typeof side === 'number'
    ? { as_int: side }
    : { as_expr: { expr_str: side, hint: side in hints ? { as_int: hints[side] } : null } };

const meta = (sides: readonly Side[], hints: Network['hints'], dtype = 7, learns = false) => ({
  dtype,
  sizes: sides.map((side) => size(side, hints)),
  requires_grad: learns,
  device: { type: 'cpu', index: null },
  strides: sides.map(() => ({ as_int: 1 })),
  storage_offset: { as_int: 0 },
  layout: 7,
});

function argument(given: Given): object {
  if (given === null) return { as_none: true };
  if (typeof given === 'number') return Number.isInteger(given) ? { as_int: given } : { as_float: given };
  if (typeof given === 'boolean') return { as_bool: given };
  if (Array.isArray(given)) return { as_ints: given };
  if ('tensor' in given) return { as_tensor: { name: given.tensor } };
  if ('tensors' in given)
    return given.tensors.includes(null)
      ? {
          as_optional_tensors: given.tensors.map((name) =>
            name === null ? { as_none: true } : { as_tensor: { name } },
          ),
        }
      : { as_tensors: given.tensors.map((name) => ({ name })) };
  if ('computed' in given) return { as_sym_int: { as_name: given.computed } };
  if ('sizes' in given)
    return {
      as_sym_ints: given.sizes.map((one) => (typeof one === 'number' ? { as_int: one } : { as_name: one })),
    };
  if ('text' in given) return { as_string: given.text };
  return (given as { raw: object }).raw;
}

function output(makes: Call['makes']): readonly object[] {
  const names = Object.keys(makes);
  if (names.length === 1 && makes[names[0]!] === null) return [{ as_sym_int: { as_name: names[0] } }];
  return names.length === 1 ? [{ as_tensor: { name: names[0] } }] : [{ as_tensors: names.map((name) => ({ name })) }];
}

const stack = (at: Call['at']): string =>
  at === undefined ? 'L__self__,,tests.Network' : `L__self__,,tests.Network;L__self__${at[0]},${at[0]},${at[1]}`;

export function programOf(network: Network): object {
  const {
    inputs,
    parameters = {},
    buffers = {},
    calls,
    outputs,
    ranges = {},
    hints = {},
    modules = [],
    frozen = [],
  } = network;
  const held = [
    ...Object.entries(parameters).map(([path, shape]) => ({
      path,
      shape,
      name: key(path),
      kind: 'parameter' as const,
    })),
    ...Object.entries(buffers).map(([path, shape]) => ({ path, shape, name: key(path, 'b'), kind: 'buffer' as const })),
  ];
  const made = calls.flatMap(({ makes }) => Object.entries(makes));
  const tensors = Object.fromEntries<object>([
    ...Object.entries(inputs).map(([name, shape]) => [name, meta(shape, hints)] as const),
    ...held.map(({ name, shape, kind, path }) => {
      const learns = kind === 'parameter' && !frozen.includes(path);
      return [name, meta(shape, hints, 7, learns)] as const;
    }),
    ...made.flatMap(([name, shape]) => (shape ? [[name, meta(shape, hints)] as const] : [])),
  ]);
  return {
    graph_module: {
      graph: {
        inputs: [...held.map(({ name }) => name), ...Object.keys(inputs)].map((name) => ({ as_tensor: { name } })),
        outputs: outputs.map((name) => ({ as_tensor: { name } })),
        nodes: calls.map(({ op, given, makes, at, called }) => ({
          target: op.startsWith('_operator') ? op : `torch.ops.${op}`,
          inputs: Object.entries(given).map(([name, value]) => ({ name, arg: argument(value), kind: 1 })),
          outputs: output(makes),
          metadata: { nn_module_stack: stack(at), ...(called === undefined ? {} : { torch_fn: called }) },
        })),
        tensor_values: tensors,
        sym_int_values: Object.fromEntries<object>(
          made.flatMap(([name, shape]) => (shape ? [] : [[name, { as_expr: { expr_str: name, hint: null } }]])),
        ),
      },
      signature: {
        input_specs: [
          ...held.map(({ name, path, kind }) =>
            kind === 'parameter'
              ? { parameter: { arg: { name }, parameter_name: path } }
              : { buffer: { arg: { name }, buffer_name: path, persistent: true } },
          ),
          ...Object.keys(inputs).map((name) => ({ user_input: { arg: { as_tensor: { name } } } })),
        ],
        output_specs: outputs.map((name) => ({ user_output: { arg: { as_tensor: { name } } } })),
      },
      module_call_graph: ['', ...modules, ...new Set(calls.flatMap(({ at }) => (at ? [at[0]] : [])))].map((fqn) => ({
        fqn,
        signature: null,
      })),
    },
    opset_version: { aten: 10 },
    range_constraints: ranges,
    schema_version: { major: 8, minor: 20 },
    torch_version: '2.13.0',
  };
}

export const archiveOf = (program: object, deflate = true): Uint8Array =>
  zipOf([
    { name: 'net/archive_format', content: 'pt2' },
    { name: 'net/models/model.json', content: JSON.stringify(program), deflate },
    { name: 'net/data/weights/weight_0', content: new Uint8Array(64) },
  ]);
