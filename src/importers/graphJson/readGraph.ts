// Reads a graph from JSON. All checks of building run again, and each stated shape is compared.

import * as z from 'zod';
import { Builder } from '../../builder.js';
import { equal, isNumber, type Dim } from '../../dim/dim.js';
import { promisedCoefficient } from '../../dim/poly.js';
import { promise, type Promised } from '../../dim/promise.js';
import { decimal, rational, type Rational } from '../../dim/rational.js';
import { parse, show } from '../../dim/text.js';
import type { Field, Fields } from '../../fields.js';
import { GRAPH_SCHEMA, type Attribute, type Graph, type Omission, type OmittedOp } from '../../graph.js';
import type { ParameterTensors, Value } from '../../graph.js';
import { InputError } from '../../inputError.js';
import { lookup } from '../../lookup.js';
import { isOpName, opOf, OPS, type OpName } from '../../ops/table.js';
import { showShape, type Shape } from '../../shape.js';
import { unknown } from '../../document/check.js';
import { phraseOf, ruleOf } from '../../document/rules.js';
import { Problems, shown, valueAt, type Path } from '../../document/problem.js';

/** The longest polynomial of a size. Expanding a longer one could take minutes. */
const LONGEST_SIZE = 120;
const size = z.union([z.int(), z.string().max(LONGEST_SIZE)], { error: 'a whole number or a polynomial' });
const sides = z.array(size).min(1).max(8);
const name = z.string().min(1).max(1000);
const names = z.array(name);
/** Where an op that the file left out stood. */
const omittedOpRule = z.strictObject({ inputs: names, after: name.optional() });
const omittedRule = z.strictObject({
  ops: z.array(z.strictObject({ op: name, nodes: z.int().min(1), first: z.string(), why: z.string().optional() })),
  behind: z.int().min(0),
});

/** A positive number: whole, or the text of a fraction, "0.25" or "1/12". */
const bound = z.union([z.int().min(1), z.string().regex(/^(?!0+(\.0+)?(\/|$))\d{1,9}(\.\d{1,9}|\/[1-9]\d{0,8})$/)]);
const promiseRule = z.strictObject({ multipleOf: bound, least: bound.optional(), most: bound.optional() });

const graphRule = z.strictObject({
  schema: z.enum([GRAPH_SCHEMA, 'flopscope.graph/1']),
  name,
  symbols: z.record(z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/), promiseRule),
  inputs: z.array(z.strictObject({ name, shape: sides, omittedOp: omittedOpRule.optional() })).min(1),
  nodes: z.array(
    z.strictObject({
      name,
      op: z.string(),
      attributes: z.record(z.string(), z.unknown()),
      inputs: names,
      shape: sides,
      stage: z.string(),
      block: z.string(),
      tensors: z.record(z.string(), z.array(z.strictObject({ id: name, elements: size })).min(1)).optional(),
      /** Of graph/1: the earlier node whose parameters it shares. */
      sharesParams: name.optional(),
    }),
  ),
  outputs: names.min(1),
  omitted: omittedRule.optional(),
  unread: z.int().min(1).optional(),
  apart: z.array(size).optional(),
});
type GraphData = z.infer<typeof graphRule>;
type NodeData = GraphData['nodes'][number];

/** Field names that differ in JSON. */
const WORDS: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
  string: 'a text',
  int: 'a whole number',
};

/**
 * @throws Problems naming the node that is unknown, misspelt, or states another shape than its op
 * gives
 */
export function graphFromJson(json: unknown): Graph {
  const result = graphRule.safeParse(json);
  if (!result.success) {
    const issue = result.error.issues[0]!;
    const path = issue.path as Path;
    const wanted =
      issue.code === 'invalid_type'
        ? `must be ${WORDS[issue.expected] ?? issue.expected}, not ${shown(valueAt(json, path))}`
        : issue.message;
    return refuse([path.join('.'), wanted].filter(Boolean).join(': '), path);
  }
  const { data } = result;
  const promises = Object.fromEntries(Object.entries(data.symbols).map(([key, stated]) => [key, readPromise(stated)]));
  const net = Builder.start();
  const values = new Map<string, Value>();
  for (const [i, input] of data.inputs.entries())
    at(['inputs', i], () => {
      const shape = decodeShape(input.shape, promises);
      values.set(input.name, net.input(shape, input.name, defined<OmittedOp>(input.omittedOp)));
    });
  for (const [i, node] of data.nodes.entries())
    at(['nodes', i], () => values.set(node.name, readNode(net, node, values, promises)));
  const outputs = data.outputs.map(
    (output, i) =>
      values.get(output) ?? refuse(unknown('the output is no node', output, [...values.keys()]), ['outputs', i]),
  );
  demandPlaces(data);
  for (const difference of decodeShape(data.apart ?? [], promises)) net.knownEqual(difference, 0);
  const graph = net.finish(data.name, outputs, defined<Omission>(data.omitted));
  return data.unread === undefined ? graph : { ...graph, unread: data.unread };
}

/** What JSON holds has no field that is there and undefined. */
const defined = <T>(json: unknown): T | undefined => json as T | undefined;

/** @throws Problems where an op that is left out reads, or follows, what is not in the graph */
function demandPlaces({ inputs, nodes }: GraphData): void {
  const known = [...inputs, ...nodes].map((one) => one.name);
  for (const [i, { omittedOp }] of inputs.entries())
    for (const read of [...(omittedOp?.inputs ?? []), ...(omittedOp?.after === undefined ? [] : [omittedOp.after])])
      if (!known.includes(read))
        refuse(unknown('an op that is left out stands behind the unknown node', read, known), ['inputs', i]);
}

type Promises = Readonly<Record<string, Promised>>;

function readPromise({ multipleOf, least, most }: z.infer<typeof promiseRule>): Promised {
  const exactly = (value: number | string): Rational => {
    const [numerator = '', denominator] = String(value).split('/');
    return denominator === undefined ? decimal(Number(numerator)) : rational(BigInt(numerator), BigInt(denominator));
  };
  const unit = exactly(multipleOf);
  return promise(unit, least === undefined ? unit : exactly(least), most === undefined ? undefined : exactly(most));
}

function readNode(net: Builder, node: NodeData, values: ReadonlyMap<string, Value>, promises: Promises): Value {
  const { op, stage, block, tensors, sharesParams } = node;
  if (!isOpName(op)) throw new InputError(unknown(`node ${shown(node.name)} has the unknown op`, op, Object.keys(OPS)));
  const known = (name: string, role: string): Value => {
    const value = values.get(name);
    if (value) return value;
    throw new InputError(unknown(`node ${shown(node.name)} ${role} the unknown node`, name, [...values.keys()]));
  };
  const inputs = node.inputs.map((source) => known(source, 'takes its input from'));
  const shared = sharesParams === undefined ? undefined : known(sharesParams, 'shares the parameters of');
  const attributes = readAttributes(op, node, promises);
  const made = net
    .at('', { stage, block })
    .apply(op, node.name, inputs, attributes, shared ?? readTensors(tensors, promises));
  const stated = decodeShape(node.shape, promises);
  if (stated.length === made.shape.length && stated.every((side, i) => equal(side, made.shape[i]!))) return made;
  throw new InputError(
    `node ${shown(node.name)} states the shape ${showShape(stated)}, but its op gives ${showShape(made.shape)}`,
  );
}

function readTensors(tensors: NodeData['tensors'], promises: Promises): ParameterTensors | undefined {
  if (!tensors) return undefined;
  return Object.fromEntries(
    Object.entries(tensors).map(([parameter, stored]) => [
      parameter,
      stored.map(({ id, elements }) => ({ id, elements: decode(elements, promises) })),
    ]),
  );
}

function readAttributes(op: OpName, node: NodeData, promises: Promises): Readonly<Record<string, Attribute>> {
  const { fields }: { fields: Fields } = opOf(op);
  const owner = `node ${shown(node.name)} (${op})`;
  return Object.fromEntries(
    Object.entries(node.attributes).map(([key, value]) => {
      const field = lookup(fields, key);
      if (!field) throw new InputError(unknown(`${owner} has no attribute`, key, Object.keys(fields)));
      if (!ruleOf(field).safeParse(sized(field, value, () => 1)).success)
        throw new InputError(`${owner}: ${key} must be ${phraseOf(field)}, not ${shown(value)}`);
      return [key, sized(field, value, (text) => decode(text, promises)) as Attribute];
    }),
  );
}

/** The value with each text that stands for a size replaced. */
function sized(field: Field<unknown>, value: unknown, replace: (text: string) => Dim): unknown {
  const one = (item: unknown): unknown => (typeof item === 'string' ? replace(item) : item);
  if (field.kind === 'size' || field.kind === 'ratio') return one(value);
  if (!Array.isArray(value)) return value;
  if (field.kind === 'shape') return value.map(one);
  return field.kind === 'list' ? value.map((item) => sized(field.item!, item, replace)) : value;
}

const decodeShape = (shape: readonly (number | string)[], promises: Promises): Shape =>
  shape.map((side) => decode(side, promises));

/** A size has one canonical text, so that equal sizes have equal texts. */
function decode(value: number | string, promises: Promises): Dim {
  if (typeof value === 'number') return value;
  if (value.length > LONGEST_SIZE) throw new InputError(`the size ${shown(value)} is too long`);
  const dim = parse(value, promises);
  if (isNumber(dim)) throw new InputError(`the size ${shown(value)} has no symbols: write the number ${dim}`);
  if (show(dim) !== value) throw new InputError(`the size ${shown(value)} must be written ${shown(show(dim))}`);
  if (dim.terms.some((term) => promisedCoefficient(term).denominator !== 1n))
    throw new InputError(`the size ${shown(value)} is not a whole number wherever its symbols keep their promises`);
  return dim;
}

/** Runs one step. Its problems are reported at `path`. */
function at(path: Path, step: () => void): void {
  try {
    step();
  } catch (error) {
    if (error instanceof InputError && !(error instanceof Problems)) refuse(error.message, path);
    throw error;
  }
}

function refuse(message: string, path: Path): never {
  throw new Problems([{ message, path }]);
}
