// Splits a network into stem, levels and head. Only the levels are redesigned.

import { countsOf, shapedNodes } from '../cost.js';
import { isNumber, type Dim } from '../dim/dim.js';
import type { Field } from '../fields.js';
import type { Graph, Node } from '../graph.js';
import { InputError } from '../inputError.js';
import { opOf } from '../ops/table.js';
import type { Item } from './item.js';
import type { Halving } from './level.js';

/** One resolution of the body. */
export interface TemplateLevel {
  readonly height: number;
  readonly width: number;
  readonly halving: Halving;
  /** Output channels of the original. */
  readonly channels: number;
  /** Multiply-adds of the original at this resolution. */
  readonly multAdds: number;
  /** Convolutions larger than 1x1 of the original. */
  readonly layers: number;
}

export interface Template {
  readonly name: string;
  /** [N, C, H, W] */
  readonly input: readonly [number, number, number, number];
  readonly stem: readonly Item[];
  /** [C, H, W] of the stem's output. */
  readonly stemOut: readonly [number, number, number];
  readonly levels: readonly TemplateLevel[];
  /** Reads the value called BODY. */
  readonly head: readonly Item[];
}

/** The name of the value that the head reads: the output of the last level. */
export const BODY = 'body';

/** Ops that drop the spatial dimensions. */
const ENDS = ['globalAvgPool', 'flatten', 'linear'];
/** The ops of a stem at full resolution. */
const PLAIN_STEM = ['conv', 'batchNorm', 'relu', 'relu6', 'silu', 'hardSwish', 'gelu', 'leakyRelu'];
/** Inputs with a smaller side have no stem that divides the resolution by four. */
const SMALL = 64;

/** @throws InputError where the graph is no chain of resolutions, each half of the one before */
export function templateOf(graph: Graph): Template {
  const [input] = graph.inputs;
  const [leftOut] = graph.omitted?.ops ?? [];
  if (leftOut)
    throw new InputError(
      `${graph.name} cannot be redesigned: its counts are a lower bound, since ${leftOut.op} (${leftOut.nodes}x, the first ${leftOut.first}) is not counted, and a design is compared with all that the network costs`,
    );
  if (graph.inputs.length !== 1 || input?.shape.length !== 4 || !input.shape.every(isNumber))
    throw new InputError(`${graph.name} cannot be redesigned: it needs one input of shape [N, C, H, W]`);
  // A detector, or a backbone with several outputs, is not a chain. Part of it would be lost.
  if (graph.outputs.length !== 1 || graph.outputs[0] !== graph.nodes.at(-1)?.name)
    throw new InputError(
      `${graph.name} cannot be redesigned: it has ${graph.outputs.length} outputs, and a design is one chain; redesign its backbone`,
    );
  const trunk = trunkOf(graph);
  const body = bodyEnd(graph, trunk);
  const start = stemEnd(graph, trunk, body);
  const stemOut = graph.nodes[start]!;
  const levels = levelsOf(graph, trunk, start, body);
  return {
    name: graph.name,
    input: input.shape as unknown as Template['input'],
    stem: itemsOf(graph.nodes.slice(0, start + 1), new Map([[input.name, 'input']]), 'stem'),
    stemOut: stemOut.shape.slice(1) as unknown as Template['stemOut'],
    levels,
    head: itemsOf(graph.nodes.slice(body), new Map([[graph.nodes[body - 1]!.name, BODY]]), 'head'),
  };
}

/** The trunk: indices of the values that are on every path from input to output. */
function trunkOf(graph: Graph): ReadonlySet<number> {
  const places = new Map(graph.nodes.map(({ name }, i) => [name, i]));
  // The last reader of any value so far. The inputs count as values.
  const lastRead = new Map<string, number>();
  graph.nodes.forEach(({ inputs }, i) => {
    for (const name of inputs) lastRead.set(name, i);
  });
  for (const name of graph.outputs) lastRead.set(name, graph.nodes.length);
  const trunk = new Set<number>();
  let furthest = Math.max(-1, ...graph.inputs.map(({ name }) => lastRead.get(name) ?? -1));
  graph.nodes.forEach(({ name }, i) => {
    if (furthest <= i) trunk.add(places.get(name)!);
    furthest = Math.max(furthest, lastRead.get(name) ?? -1);
  });
  return trunk;
}

/**
 * One past the last node of the body: its last convolution on the way to the head, with the norm
 * and activation after it.
 */
function bodyEnd({ nodes }: Graph, trunk: ReadonlySet<number>): number {
  const ended = nodes.findIndex(({ op }, i) => ENDS.includes(op) && trunk.has(i));
  const before = nodes.slice(0, ended < 0 ? nodes.length : ended);
  let last = before.findLastIndex(({ op }) => op === 'conv');
  while (last + 1 < before.length && (!trunk.has(last) || PLAIN_STEM.slice(1).includes(before[last + 1]!.op))) last++;
  return last + 1;
}

const sides = ({ shape }: Node): readonly [Dim, Dim] | undefined =>
  shape.length === 4 ? [shape[2]!, shape[3]!] : undefined;

/**
 * The last node of the stem: the first on the trunk at a quarter of a large input, or the first
 * convolution of a small one.
 */
function stemEnd(graph: Graph, trunk: ReadonlySet<number>, body: number): number {
  const [, , height, width] = graph.inputs[0]!.shape as readonly number[];
  if (Math.min(height!, width!) < SMALL) {
    const other = graph.nodes.findIndex(({ op }, i) => !PLAIN_STEM.includes(op) || (op === 'conv' && i > 0));
    for (let i = (other < 0 ? body : other) - 1; i >= 0; i--) if (trunk.has(i)) return i;
  }
  const quartered = graph.nodes.findIndex((node, i) => {
    const [h, w] = sides(node) ?? [0, 0];
    return (
      i < body &&
      trunk.has(i) &&
      (h as number) <= Math.ceil(height! / 4) &&
      (w as number) <= Math.ceil(width! / 4) &&
      h !== 0
    );
  });
  if (quartered < 0)
    throw new InputError(
      `${graph.name} cannot be redesigned: it has no stem that brings the input to a quarter of its sides`,
    );
  return quartered;
}

function levelsOf(graph: Graph, trunk: ReadonlySet<number>, start: number, body: number): readonly TemplateLevel[] {
  const costs = [...shapedNodes(graph)].map((shaped) => countsOf(shaped).multAdds as number);
  const stem = graph.nodes[start]!;
  const levels: (TemplateLevel & { readonly key: string })[] = [];
  let [height, width] = sides(stem) as readonly [number, number];
  let [multAdds, layers] = [0, 0];
  for (let i = start + 1; i < body; i++) {
    const node = graph.nodes[i]!;
    multAdds += costs[i]!;
    layers += node.op === 'conv' && Math.max(...(node.attributes['kernel'] as readonly number[])) > 1 ? 1 : 0;
    if (!trunk.has(i)) continue;
    const [h, w] = sides(node) as readonly [number, number];
    const key = `${h}x${w}`;
    const last = levels.at(-1);
    const channels = node.shape[1] as number;
    if (last?.key === key) {
      levels[levels.length - 1] = {
        ...last,
        channels,
        multAdds: last.multAdds + multAdds,
        layers: last.layers + layers,
      };
    } else {
      levels.push({
        key,
        height: h,
        width: w,
        halving: halvingOf(graph.name, [height, width], [h, w]),
        channels,
        multAdds,
        layers,
      });
      [height, width] = [h, w];
    }
    [multAdds, layers] = [0, 0];
  }
  if (levels.length === 0 || levels.some((level) => level.multAdds === 0))
    throw new InputError(
      `${graph.name} cannot be redesigned: no convolution follows its stem, or a resolution has none`,
    );
  return levels.map(({ key: _, ...level }) => level);
}

function halvingOf(name: string, before: readonly number[], after: readonly number[]): Halving {
  const all = (fits: (from: number, to: number) => boolean): boolean =>
    before.every((side, i) => fits(side, after[i]!));
  if (all((from, to) => from === to)) return 'none';
  if (all((from, to) => Math.ceil(from / 2) === to)) return 'up';
  if (all((from, to) => Math.floor(from / 2) === to)) return 'down';
  throw new InputError(
    `${name} cannot be redesigned: its trunk goes from ${before.join('x')} to ${after.join('x')}, and only a half, rounded up or down, can be rebuilt`,
  );
}

/**
 * Nodes as items of a free config, under short names of their own; fields at their defaults are
 * left out.
 */
function itemsOf(nodes: readonly Node[], names: Map<string, string>, prefix: string): readonly Item[] {
  return nodes.map(({ op, name, attributes, inputs }, i): Item => {
    names.set(name, `${prefix}${i + 1}`);
    const { fields } = opOf(op);
    const given = Object.entries(attributes).filter(([key, value]) => !isDefault(fields[key], value));
    return {
      kind: op,
      fields: Object.fromEntries(given),
      name: `${prefix}${i + 1}`,
      from: inputs.map((source) => names.get(source)!),
    };
  });
}

function isDefault(field: Field<unknown> | undefined, value: unknown): boolean {
  return field !== undefined && JSON.stringify(field.fallback) === JSON.stringify(value);
}
