// The network of a run inside its record, so that the record alone is enough to count its layers.

import * as z from 'zod';
import { Builder } from '../builder.js';
import { inputJson, nodeJson } from '../exporters/json/graphJson.js';
import type { Graph, Omission, OmittedOp, Value } from '../graph.js';
import { isOpName } from '../ops/table.js';
import { FLOAT32_BYTES, profile, type Profile } from '../profile.js';

const count = z.int().nonnegative();
const text = z.string();

/** Shapes are left out: they follow from the inputs. */
export const RECORDED_GRAPH = z.object({
  inputs: z
    .array(
      z.object({
        name: text,
        shape: z.array(count.positive()),
        omittedOp: z.object({ inputs: z.array(text), after: text.optional() }).optional(),
      }),
    )
    .min(1),
  nodes: z.array(
    z.object({
      op: text,
      name: text,
      inputs: z.array(text),
      attributes: z.record(text, z.unknown()),
      stage: text,
      block: text,
      tensors: z.record(text, z.array(z.object({ id: text, elements: count }))).optional(),
    }),
  ),
  outputs: z.array(text).min(1),
  unread: count.optional(),
});
export type RecordedGraph = z.infer<typeof RECORDED_GRAPH>;

type Counted = Pick<Profile, 'model' | 'source'> & Partial<Pick<Profile, 'bytesPerElement'>>;
type Totals = Pick<Profile['totals'], 'multAdds' | 'params' | 'ops' | 'memoryAccess'>;

/**
 * Undefined for a built-in network, which is counted again from its name, and for a graph that
 * JSON does not hold whole.
 */
export function recordedGraph(graph: Graph, counted: Profile): RecordedGraph | undefined {
  if (!made.has(graph)) made.set(graph, make(graph, counted));
  return made.get(graph);
}

/** Caches the result: a run is written after each session, with the same graph. */
const made = new WeakMap<Graph, RecordedGraph | undefined>();

function make(graph: Graph, { source, totals }: Profile): RecordedGraph | undefined {
  if (source === 'built-in') return undefined;
  const plain = JSON.parse(
    JSON.stringify({
      inputs: graph.inputs.map(inputJson),
      nodes: graph.nodes.map(nodeJson),
      outputs: graph.outputs,
      ...(graph.unread === undefined ? {} : { unread: graph.unread }),
    }),
  ) as unknown;
  const read = RECORDED_GRAPH.safeParse(plain);
  return read.success && countsTo(read.data, totals) ? read.data : undefined;
}

/** @throws InputError where a node does not fit what it reads */
export function graphOfRecord(
  { inputs, nodes, outputs, unread }: RecordedGraph,
  name: string,
  omitted?: Omission,
): Graph {
  const start = Builder.start();
  const values = new Map<string, Value>();
  for (const input of inputs) values.set(input.name, start.input(input.shape, input.name, placeOf(input.omittedOp)));
  for (const node of nodes) {
    const net = start.at('', { stage: node.stage, block: node.block });
    const read = node.inputs.map((one) => known(values, one));
    if (!isOpName(node.op)) throw new Error(`there is no op ${node.op}`);
    values.set(node.name, net.apply(node.op, node.name, read, node.attributes, node.tensors));
  }
  const graph = start.finish(
    name,
    outputs.map((one) => known(values, one)),
    omitted,
  );
  return unread === undefined ? graph : { ...graph, unread };
}

type OmittedJson = RecordedGraph['inputs'][number]['omittedOp'];

const placeOf = (omitted: OmittedJson): OmittedOp | undefined =>
  omitted && { inputs: omitted.inputs, ...(omitted.after === undefined ? {} : { after: omitted.after }) };

function known(values: ReadonlyMap<string, Value>, name: string): Value {
  const value = values.get(name);
  if (value === undefined) throw new Error(`there is no value ${name}`);
  return value;
}

/** The counts of a record's graph; undefined where it is not a valid graph. */
export function countedRecord(
  record: RecordedGraph,
  { model, source, bytesPerElement = FLOAT32_BYTES }: Counted,
  omitted?: Omission,
): { readonly graph: Graph; readonly profile: Profile } | undefined {
  try {
    const graph = graphOfRecord(record, model, omitted);
    return { graph, profile: profile(graph, { source, bytesPerElement }) };
  } catch {
    // A damaged record may hold anything in place of a graph.
    return undefined;
  }
}

/** Whether the counts of a graph equal the totals of its record. */
export function countsTo(record: RecordedGraph, totals: Totals): boolean {
  const own = countedRecord(record, { model: 'network', source: 'onnx' })?.profile.totals;
  return (
    own !== undefined &&
    own.multAdds === totals.multAdds &&
    own.params === totals.params &&
    own.ops === totals.ops &&
    own.memoryAccess.unfused === totals.memoryAccess.unfused
  );
}
