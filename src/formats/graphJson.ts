// How does a graph travel? As JSON whose sizes are numbers or canonical polynomials; reading it checks all that building does.

import { Builder } from '../builder.js';
import { isNumber, symbolsOf, type Dim } from '../dim/dim.js';
import { parse, show } from '../dim/text.js';
import type { Attribute, Graph, Value } from '../graph.js';
import { InputError } from '../inputError.js';
import { isOpName, opOf } from '../ops/table.js';
import type { Fields } from '../fields.js';
import { equal } from '../dim/dim.js';
import { showShape } from '../shape.js';

type Encoded = number | string | boolean | readonly Encoded[];

/** @returns plain JSON data: `graphFromJson(JSON.parse(JSON.stringify(graphToJson(g))))` equals `g`. */
export function graphToJson(graph: Graph): object {
  return {
    schema: 'flopscope.graph/1',
    name: graph.name,
    symbols: Object.fromEntries(symbolsOf(sizesIn(graph)).map(({ name, multipleOf }) => [name, { multipleOf }])),
    inputs: graph.inputs.map(({ name, shape }) => ({ name, shape: encode(shape) })),
    nodes: graph.nodes.map((node) => ({
      ...node,
      attributes: Object.fromEntries(Object.entries(node.attributes).map(([key, value]) => [key, encode(value)])),
      shape: encode(node.shape),
    })),
    outputs: graph.outputs,
  };
}

/** @throws InputError naming the node that is unknown, misspelt or of another shape than its op gives. */
export function graphFromJson(json: unknown): Graph {
  const { schema, name, symbols, inputs, nodes, outputs } = json as ReturnType<typeof JSON.parse>;
  if (schema !== 'flopscope.graph/1') throw new InputError(`the schema "${String(schema)}" is not flopscope.graph/1`);
  const promises = Object.fromEntries(
    Object.entries(symbols as Record<string, { multipleOf: number }>).map(([key, { multipleOf }]) => [key, multipleOf]),
  );
  const decode = (value: Encoded): Dim => (typeof value === 'string' ? parse(value, promises) : (value as number));
  const net = Builder.start();
  const values = new Map<string, Value>();
  for (const input of inputs) values.set(input.name, net.input(input.shape.map(decode), input.name));
  for (const node of nodes) {
    if (!isOpName(node.op)) throw new InputError(`node "${node.name}" has the unknown op "${String(node.op)}"`);
    const attributes = Object.fromEntries(
      Object.entries(node.attributes as Record<string, Encoded>).map(([key, value]) => [
        key,
        decodeAttribute(opOf(node.op).fields, key, value, decode),
      ]),
    );
    const missing = (node.inputs as string[]).find((input) => !values.has(input));
    if (missing !== undefined)
      throw new InputError(
        `node "${node.name}" takes its input from "${missing}", which is no earlier node and no graph input`,
      );
    const place = net.at('', { stage: node.stage, block: node.block });
    const made = place.apply(
      node.op,
      node.name,
      node.inputs.map((input: string) => values.get(input)!),
      attributes,
    );
    const stated = node.shape.map(decode) as Dim[];
    if (stated.length !== made.shape.length || stated.some((side, i) => !equal(side, made.shape[i]!)))
      throw new InputError(
        `node "${node.name}" states the shape ${showShape(stated)}, but its op gives ${showShape(made.shape)}`,
      );
    values.set(node.name, made);
  }
  const unknown = (outputs as string[]).find((output) => !values.has(output));
  if (unknown !== undefined) throw new InputError(`the output "${unknown}" is no node of the graph`);
  return net.finish(
    name,
    outputs.map((output: string) => values.get(output)!),
  );
}

const isDim = (value: Attribute): value is Dim =>
  typeof value === 'number' || (typeof value === 'object' && 'terms' in value);

function* sizesIn(graph: Graph): Iterable<Dim> {
  for (const { shape } of graph.inputs) yield* shape;
  for (const { shape, attributes } of graph.nodes) {
    yield* shape;
    for (const value of Object.values(attributes)) {
      if (isDim(value)) yield value;
      else if (Array.isArray(value)) yield* value as Dim[];
    }
  }
}

function encode(value: Attribute): Encoded {
  if (typeof value === 'boolean' || typeof value === 'string') return value;
  if (isDim(value)) return isNumber(value) ? value : show(value);
  return value.map((item) => encode(item));
}

/** A text is a polynomial where the op expects a size, and itself elsewhere. */
function decodeAttribute(fields: Fields, key: string, value: Encoded, decode: (value: Encoded) => Dim): unknown {
  if (Array.isArray(value)) return value.map((item: Encoded) => decodeAttribute(fields, key, item, decode));
  return typeof value === 'string' && !['text', 'choice'].includes(fields[key]?.kind ?? '') ? decode(value) : value;
}
