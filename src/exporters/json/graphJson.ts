// Writes a graph as JSON. Sizes are numbers or canonical polynomials; readGraph.ts reads it back.

import { isNumber, symbolsOf, type Dim } from '../../dim/dim.js';
import type { Promised } from '../../dim/promise.js';
import { compare, isWhole, showRational, type Rational } from '../../dim/rational.js';
import { show } from '../../dim/text.js';
import { GRAPH_SCHEMA, type Attribute, type Graph, type GraphInput, type Node } from '../../graph.js';
import type { ParameterTensors } from '../../graph.js';

type Encoded = number | string | boolean | readonly Encoded[];

/**
 * @returns plain JSON data: `graphFromJson(JSON.parse(JSON.stringify(graphToJson(g))))` equals `g`.
 */
export function graphToJson(graph: Graph): object {
  return {
    schema: GRAPH_SCHEMA,
    name: graph.name,
    symbols: Object.fromEntries(symbolsOf(sizesIn(graph)).map((symbol) => [symbol.name, promiseJson(symbol)])),
    inputs: graph.inputs.map(inputJson),
    nodes: graph.nodes.map((node) => ({ ...nodeJson(node), shape: encode(node.shape) })),
    outputs: graph.outputs,
    ...(graph.assumedDistinct ? { apart: graph.assumedDistinct.map(encode) } : {}),
    ...(graph.omitted ? { omitted: graph.omitted } : {}),
    ...(graph.unread ? { unread: graph.unread } : {}),
  };
}

export const inputJson = ({ name, shape, omittedOp }: GraphInput): object => ({
  name,
  shape: encode(shape),
  ...(omittedOp ? { omittedOp } : {}),
});

/** Without its shape, which follows from its op and its inputs. */
export const nodeJson = ({ op, name, inputs, attributes, stage, block, tensors }: Node): object => ({
  ...{ op, name, inputs },
  attributes: Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, encode(value)])),
  ...{ stage, block },
  ...(tensors ? { tensors: tensorsJson(tensors) } : {}),
});

const tensorsJson = (tensors: ParameterTensors): object =>
  Object.fromEntries(
    Object.entries(tensors).map(([parameter, stored]) => [
      parameter,
      stored.map(({ id, elements }) => ({ id, elements: encode(elements) })),
    ]),
  );

/** Integers as numbers, fractions as text, because JSON would round them. */
function promiseJson({ unit, least, most }: Promised): object {
  const json = (value: Rational): number | string => (isWhole(value) ? Number(value.numerator) : showRational(value));
  return {
    multipleOf: json(unit),
    ...(compare(least, unit) > 0n ? { least: json(least) } : {}),
    ...(most === undefined ? {} : { most: json(most) }),
  };
}

function* sizesIn(graph: Graph): Iterable<Dim> {
  for (const { shape } of graph.inputs) yield* shape;
  for (const { shape, attributes, tensors = {} } of graph.nodes) {
    yield* shape;
    for (const stored of Object.values(tensors)) yield* stored.map(({ elements }) => elements);
    for (const value of Object.values(attributes)) {
      if (isDim(value)) yield value;
      else if (typeof value === 'object') yield* value;
    }
  }
}

const isDim = (value: Attribute): value is Dim =>
  typeof value === 'number' || (typeof value === 'object' && 'terms' in value);

function encode(value: Attribute): Encoded {
  if (typeof value === 'boolean' || typeof value === 'string') return value;
  if (isDim(value)) return isNumber(value) ? value : show(value);
  return value.map((item) => encode(item));
}
