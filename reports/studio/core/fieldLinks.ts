// Finds the values of a family's config that make each layer, by changing one at a time.

import type { Field } from '../../../src/field.js';
import type { Graph, Node } from '../../../src/graph.js';
import { InputError } from '../../../src/inputError.js';
import type { OpenedConfig } from '../../../src/importers/config/readConfig.js';
import type { Path } from '../../../src/document/problem.js';
import type { Config } from '../../../src/model.js';

/** A plain value of the config, and where it stands. */
export interface FieldValue {
  /** The field and the place in its lists, as in "growth.2". */
  readonly field: string;
  /** From 1. */
  readonly line: number;
  /** Offsets of its first character and behind its last. */
  readonly from: number;
  readonly to: number;
}

export interface FieldLinks {
  readonly values: readonly FieldValue[];
  /** For each layer the places in `values` of what makes it, the most telling first. */
  readonly layers: readonly (readonly number[])[];
}

/**
 * How a value makes a layer: it sets the layer's own attributes, the layer is there because of it,
 * it sets the channels of what a layer beside it puts out, or it says how many like it there are.
 */
const STRENGTHS = ['attributes', 'presence', 'channels', 'repetition'] as const;
type Strength = (typeof STRENGTHS)[number];

interface Told {
  readonly value: FieldValue;
  readonly made: ReadonlyMap<number, Strength>;
  /** Stages and blocks in which it makes a layer. */
  readonly places: number;
  readonly isSize: boolean;
}

/** Nodes that are built in all. Values beyond them are told of no layer. */
const MOST_NODES = 400_000;

/** @param graph of the config at the input that is counted; its nodes are the layers */
export function fieldLinks({ model, lineOf, scalars }: OpenedConfig, graph: Graph): FieldLinks {
  const found: Told[] = [];
  let built = 0;
  for (const { path, value, from, to } of scalars?.() ?? []) {
    const field = model.fieldAt(path.map(String));
    if (!field) continue;
    const made = new Map<number, Strength>();
    for (const other of othersOf(field, value)) {
      if (built > MOST_NODES) break;
      built += graph.nodes.length;
      const changed = builtOrNot(() => model.build(graph.inputs[0]!.shape, replaced(model.config, path, other)));
      if (changed) note(made, effects(graph, changed));
      // A number that counts is changed both ways: less takes layers away, more adds some.
      if (changed && field.kind !== 'count') break;
    }
    const places = new Set([...made.keys()].map((place) => placeOf(graph.nodes[place]!))).size;
    const isSize = field.kind === 'size';
    if (made.size > 0)
      found.push({ value: { field: path.join('.'), line: lineOf!(path), from, to }, made, places, isSize });
  }
  return {
    values: found.map(({ value }) => value),
    layers: graph.nodes.map((_, layer) => ranked(found, layer)),
  };
}

/**
 * What touches few stages and blocks tells more than what touches all, and a width more than a
 * stride.
 */
function ranked(found: readonly Told[], layer: number): readonly number[] {
  const rank = (place: number): number => STRENGTHS.indexOf(found[place]!.made.get(layer)!);
  return found
    .flatMap(({ made }, place) => (made.has(layer) ? [place] : []))
    .sort(
      (a, b) =>
        rank(a) - rank(b) ||
        found[a]!.places - found[b]!.places ||
        Number(found[b]!.isSize) - Number(found[a]!.isSize) ||
        a - b,
    );
}

/** Values to put in place of one, the likeliest to be valid first. */
function othersOf({ kind, options, least = 1 }: Field<unknown>, value: unknown): readonly unknown[] {
  if (typeof value === 'boolean') return [!value];
  if (typeof value === 'string') return options?.filter((one) => one !== value) ?? [];
  if (typeof value !== 'number') return [];
  const numbers =
    kind === 'count'
      ? [least, value + 1]
      : kind === 'ratio' || kind === 'real'
        ? [value / 2, value * 2]
        : [value * 2, value * 3, value + 1, value - 1, least];
  return numbers.filter((one) => one !== value);
}

function replaced(config: Config, path: Path, value: unknown): Config {
  const put = (old: unknown, at: number): unknown => {
    const step = path[at];
    if (step === undefined) return value;
    if (Array.isArray(old)) return old.map((item: unknown, i) => (i === Number(step) ? put(item, at + 1) : item));
    const mapping = old as Readonly<Record<string, unknown>>;
    return { ...mapping, [step]: put(mapping[step], at + 1) };
  };
  return put(config, 0) as Config;
}

const builtOrNot = (build: () => Graph): Graph | undefined => {
  try {
    return build();
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
};

/** The stronger of two stays. */
function note(made: Map<number, Strength>, more: ReadonlyMap<number, Strength>): void {
  for (const [layer, strength] of more) {
    const known = made.get(layer);
    if (known === undefined || STRENGTHS.indexOf(strength) < STRENGTHS.indexOf(known)) made.set(layer, strength);
  }
}

/** What a changed network tells of each layer of the first one. */
function effects({ nodes }: Graph, { nodes: after }: Graph): ReadonlyMap<number, Strength> {
  const made = new Map<number, Strength>();
  if (isRenamed(nodes, after)) return made;
  const byName = new Map(after.map((node) => [node.name, node]));
  /** Stages and blocks in which a layer has other attributes. */
  const places = new Set<string>();
  for (const [i, node] of nodes.entries()) {
    const other = byName.get(node.name);
    if (!other || other.op !== node.op) made.set(i, 'presence');
    else if (!sameAttributes(node, other)) {
      made.set(i, 'attributes');
      places.add(placeOf(node));
    }
  }
  const earlier = new Set(nodes.map(({ name }) => name));
  const grown = new Set(after.filter(({ name }) => !earlier.has(name)).map(({ stage }) => stage));
  for (const [i, node] of nodes.entries()) {
    if (made.has(i)) continue;
    if (byName.get(node.name)!.shape[1] !== node.shape[1] && places.has(placeOf(node))) made.set(i, 'channels');
    else if (node.stage !== '' && grown.has(node.stage)) made.set(i, 'repetition');
  }
  return made;
}

const placeOf = ({ stage, block }: Node): string => `${stage}\n${block}`;

/** Other names of the same network tell nothing. */
const isRenamed = (nodes: readonly Node[], after: readonly Node[]): boolean =>
  nodes.length === after.length &&
  nodes.some(({ name }, i) => name !== after[i]!.name) &&
  nodes.every((node, i) => node.op === after[i]!.op && sameAttributes(node, after[i]!));

const sameAttributes = (a: Node, b: Node): boolean => {
  const keys = Object.keys(a.attributes);
  return (
    keys.length === Object.keys(b.attributes).length &&
    keys.every((key) => JSON.stringify(a.attributes[key]) === JSON.stringify(b.attributes[key]))
  );
};
