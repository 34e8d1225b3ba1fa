// Reads the JSON of an exported program (schema 1 to 8) into plain checked data.

import { InputError } from '../../inputError.js';
import { parseExpression } from './expression.js';
import {
  chosen,
  entriesAt,
  inside,
  isAbsent,
  listAt,
  misfit,
  numberAt,
  type JsonValue,
  textAt,
  wholeAt,
} from './fields.js';
import type { Frame, Operation, Operations, Program, Range, Size, Tensor } from './program.js';
import { readArgument } from './readArgument.js';
import { scalarType } from './scalarTypes.js';
import { signatureAt } from './signature.js';

const MOST_NODES = 200_000;
/** The most sides of a tensor. */
const MOST_SIDES = 64;
/** Graphs inside of graphs. */
const DEEPEST = 8;

/** @throws InputError saying where the text departs from what torch writes */
export function readProgram(text: string): Program {
  const root: JsonValue = { value: parsed(text), path: '' };
  const module = inside(root, 'graph_module');
  if (isAbsent(module)) throw new InputError('its exported program has no graph_module: export the model again');
  const operations = operationsAt(inside(module, 'graph'), 0);
  return {
    ...operations,
    ...signatureAt(inside(module, 'signature'), operations),
    ranges: rangesAt(inside(root, 'range_constraints')),
    hints: hintsAt(inside(inside(module, 'graph'), 'tensor_values')),
    modules: modulesAt(inside(module, 'module_call_graph')),
  };
}

/** Python writes infinities and NaN as bare words. JSON does not allow them. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    try {
      return JSON.parse(text.replaceAll(/([[:,]\s*)(-?Infinity|NaN)(?=\s*[,\]}])/g, '$1"$2"'));
    } catch {
      throw new InputError('its exported program is not JSON: export or copy it again');
    }
  }
}

function operationsAt(json: JsonValue, depth: number): Operations {
  if (depth > DEEPEST) throw misfit({ ...json, value: `a graph inside of ${depth} others` }, 'a graph less deep');
  const nodes = listAt(inside(json, 'nodes'));
  if (nodes.length > MOST_NODES)
    throw new InputError(`its graph has ${nodes.length} nodes, and at most ${MOST_NODES} are counted`);
  const graph = (inner: JsonValue): Operations => operationsAt(inner, depth + 1);
  return {
    inputs: listAt(inside(json, 'inputs')).map((input) => readArgument(input, graph)),
    outputs: listAt(inside(json, 'outputs')).map((output) => readArgument(output, graph)),
    operations: nodes.map((node) => operationAt(node, graph)),
    tensors: new Map(entriesAt(inside(json, 'tensor_values')).map(([name, value]) => [name, tensorAt(value)])),
    numbers: new Map(numbersAt(json).map(([name, value]) => [name, sizeAt(value)])),
  };
}

const numbersAt = (json: JsonValue): ReturnType<typeof entriesAt> => {
  const values = inside(json, 'sym_int_values');
  return isAbsent(values) ? [] : entriesAt(values);
};

function operationAt(json: JsonValue, graph: (inner: JsonValue) => Operations): Operation {
  const metadata = inside(json, 'metadata');
  const [call = '', calledAs = ''] = textOr(inside(metadata, 'torch_fn')).split(';');
  return {
    target: plainTarget(textAt(inside(json, 'target'))),
    inputs: new Map(
      listAt(inside(json, 'inputs')).map((input, i) => [
        textOr(inside(input, 'name')) || String(i),
        readArgument(inside(input, 'arg'), graph),
      ]),
    ),
    outputs: listAt(inside(json, 'outputs')).map((output) => readArgument(output, graph)),
    stack: stackOf(textOr(inside(metadata, 'nn_module_stack'))),
    call,
    calledAs,
  };
}

const plainTarget = (target: string): string => target.replace(/^torch\.ops\./, '').replace(/\.default$/, '');

const textOr = (json: JsonValue): string => (isAbsent(json) ? '' : textAt(json));

/**
 * "key,path,class;key,path,class". Neither paths nor classes have a semicolon; a class may have
 * commas in brackets.
 */
function stackOf(text: string): readonly Frame[] {
  if (text === '') return [];
  return text.split(';').map((entry) => {
    const [key = '', path = '', ...rest] = entry.split(',');
    return { key, path, className: rest.join(',') };
  });
}

/** Before schema 2 the sizes are one level deeper. */
function tensorAt(json: JsonValue): Tensor {
  const meta = inside(json, 'meta');
  const found = isAbsent(meta) ? json : meta;
  const sizes = listAt(inside(found, 'sizes'));
  if (sizes.length > MOST_SIDES) throw misfit(inside(found, 'sizes'), `a list of at most ${MOST_SIDES}`);
  const isFixed = inside(found, 'requires_grad').value === false;
  return { sizes: sizes.map(sizeAt), type: scalarType(inside(found, 'dtype').value), isFixed };
}

/** {as_int: 3}, or {as_expr: {expr_str: "2*s0", hint}}. */
function sizeAt(json: JsonValue): Size {
  const [kind, value] = chosen(json);
  if (kind !== 'as_expr') {
    const size = wholeAt(value);
    if (!Number.isSafeInteger(size)) throw misfit(value, 'a whole number below 2^53');
    return size;
  }
  const text = inside(value, 'expr_str');
  const expression = parseExpression(textAt(text));
  return expression.kind === 'number' && Number.isSafeInteger(expression.value) ? expression.value : expression;
}

function rangesAt(json: JsonValue): ReadonlyMap<string, Range> {
  const entries = isAbsent(json) ? [] : entriesAt(json);
  const bound = (at: JsonValue, otherwise: number): number => (isAbsent(at) ? otherwise : numberAt(at));
  return new Map(
    entries.map(([name, range]) => [
      name,
      { least: bound(inside(range, 'min_val'), 0), most: bound(inside(range, 'max_val'), Infinity) },
    ]),
  );
}

/** A size of one symbol carries the value that the symbol had in the example. */
function hintsAt(json: JsonValue): ReadonlyMap<string, number> {
  const hints = new Map<string, number>();
  for (const [, value] of entriesAt(json)) {
    const meta = inside(value, 'meta');
    for (const size of listAt(inside(isAbsent(meta) ? value : meta, 'sizes'))) {
      const [kind, found] = chosen(size);
      if (kind !== 'as_expr') continue;
      const expression = sizeAt(size);
      const hint = inside(inside(found, 'hint'), 'as_int').value;
      if (typeof expression !== 'number' && expression.kind === 'symbol' && Number.isSafeInteger(hint))
        hints.set(expression.name, hint as number);
    }
  }
  return hints;
}

function modulesAt(json: JsonValue): readonly string[] {
  return isAbsent(json) ? [] : listAt(json).map((entry) => textAt(inside(entry, 'fqn')));
}
