// Reads a config of layers. Each layer reads the one before, or those that it names.

import * as z from 'zod';
import { whyWithoutEffect } from '../../agreement.js';
import { addBlock as build } from '../../blocks/block.js';
import { Builder } from '../../builder.js';
import { isNumber } from '../../dim/dim.js';
import { fieldAt, type Field, type Fields, type Given } from '../../fields.js';
import type { Value } from '../../graph.js';
import { InputError, locate } from '../../inputError.js';
import type { Config, Model } from '../../model.js';
import { isOpName } from '../../ops/table.js';
import { BLOCKS } from '../../blocks/table.js';
import type { Shape } from '../../shape.js';
import { demandNoProblem, MOST_PROBLEMS, type Path, type Problem } from '../../document/problem.js';
import { check, type Mapping } from '../../document/check.js';
import type { TextDocument } from '../../document/document.js';
import { blamed } from './blame.js';
import { builds, countable } from '../countable.js';
import { HEADER, HEADER_PHRASES, imageSize, type GivenInput } from '../../document/header.js';
import { INPUT, KINDS, readLayer, REPEAT, type Layer } from './layers.js';
import { wire, type Wired } from './wiring.js';
import { name } from '../../document/rules.js';

export const freeMapping: Mapping = {
  owner: 'a config without a family',
  fields: {},
  phrases: {
    ...HEADER_PHRASES,
    layers: 'a list of at least one layer, as in - { conv: { channels: 32, kernel: 3 } }',
    outputs: 'a list of names of layers',
  },
  rule: z.strictObject({
    $schema: HEADER.$schema,
    name: HEADER.name,
    input: HEADER.input,
    layers: z
      .array(z.unknown())
      .min(1)
      .meta({ description: 'the network in order; a layer reads the one before it unless it says from' }),
    outputs: z
      .array(name)
      .min(1)
      .meta({ description: 'names of the layers that the network puts out; default: the last one' })
      .optional(),
  }),
};

/** @throws Problems */
export function freeConfig(document: TextDocument, data: Config, fallbackName: string): Model {
  demandNoProblem(check(freeMapping, data, []));
  const { name: title = fallbackName, input, layers: items, outputs } = data as unknown as FreeData;
  const { layers, results, problems } = wire(readLayers(items), outputs);
  demandNoProblem(problems);
  const config = { layers: layers.map(plain) };
  return {
    name: title,
    source: 'config',
    input: imageSize(input),
    fields: pathsOf(layers),
    config,
    fieldAt: (path) => fieldOf(layers, path),
    build(shape, given = config) {
      const { net, known } = grown(layers, given, shape, (i, error) => {
        throw locate(error, document.place(given === config ? cause(layers, config, shape, i, error) : ['layers', i]));
      });
      const graph = net.finish(
        title,
        results.map((result) => known.get(result)!),
      );
      try {
        return countable(graph, given === config);
      } catch (error) {
        const i = firstUncountable(layers, config, shape);
        throw locate(error, document.place(cause(layers, config, shape, i, error)));
      }
    },
  };
}

interface Grown {
  readonly net: Builder;
  /** The output of every layer by its name. */
  readonly known: Map<string, Value>;
}

/** The first layers as a growing graph. */
function grown(
  layers: readonly Wired[],
  { layers: values }: Config,
  shape: Shape,
  fail: (i: number, error: unknown) => never,
): Grown {
  const net = Builder.start();
  const known = new Map([[INPUT, net.input(shape, INPUT)]]);
  for (const [i, layer] of layers.entries()) {
    try {
      add(net, known, layer, (values as readonly Config[])[i]!);
    } catch (error) {
      fail(i, error);
    }
  }
  return { net, known };
}

/** Whether the layers up to number `i` can be built and counted. */
const survives = (layers: readonly Wired[], config: Config, shape: Shape, i: number): boolean =>
  builds(() => {
    const { net, known } = grown(layers.slice(0, i + 1), config, shape, (_, error) => {
      throw error;
    });
    return net.finish('', known.get(layers[i]!.name)!);
  });

/** Counts only grow from layer to layer, so the first that passes 2^53 is found by halving. */
function firstUncountable(layers: readonly Wired[], config: Config, shape: Shape): number {
  let [low, high] = [0, layers.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (survives(layers, config, shape, middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The field of layer `i` that an error comes from, or the layer. */
function cause(layers: readonly Wired[], config: Config, shape: Shape, i: number, error: unknown): Path {
  const { kind, fields, repeat } = layers[i]!;
  const place = ['layers', i];
  if (!(error instanceof InputError) || !shape.every(isNumber)) return place;
  // An op knows its own field; a block's error may name one of an op inside it.
  if (isOpName(kind) && error.field !== undefined && error.field in fields) return [...place, kind, error.field];
  const items = config['layers'] as readonly Config[];
  const without = (item: Config): Config => ({ layers: items.map((old, j) => (j === i ? item : old)) });
  if (repeat !== undefined && survives(layers, without({ ...items[i], repeat: 1 }), shape, i))
    return [...place, 'repeat'];
  const own = blamed(KINDS[kind]!.fields, fields, error.field, (changed) =>
    survives(layers, without({ ...items[i], [kind]: changed }), shape, i),
  );
  return own ? [...place, kind, ...own] : place;
}

interface FreeData {
  readonly name?: string;
  readonly input: GivenInput;
  readonly layers: readonly unknown[];
  readonly outputs?: readonly string[];
}

/** @throws Problems */
function readLayers(items: readonly unknown[]): readonly Layer[] {
  const [layers, problems]: [Layer[], Problem[]] = [[], []];
  for (const [i, item] of items.entries()) {
    const read = readLayer(item, ['layers', i]);
    if (isLayer(read)) layers.push(read);
    else problems.push(...read);
    if (problems.length >= MOST_PROBLEMS) break;
  }
  demandNoProblem(problems);
  return layers;
}

const isLayer = (read: Layer | readonly Problem[]): read is Layer => 'kind' in read;

/** Adds one layer, as often as it is repeated: `name`, or `name-1`, `name-2` and so on. */
function add(
  net: Builder,
  known: Map<string, Value>,
  { kind, name, from, stage, repeat }: Wired,
  values: Config,
): void {
  let inputs = from.map((source) => known.get(source)!);
  const times = (values['repeat'] as number | undefined) ?? 1;
  for (let k = 1; k <= times; k++) {
    const full = repeat === undefined ? name : `${name}-${k}`;
    inputs = [one(net.at('', { stage }), kind, full, inputs, values[kind] as Given<Fields>)];
  }
  known.set(name, inputs[0]!);
}

function one(net: Builder, kind: string, name: string, inputs: readonly Value[], values: Given<Fields>): Value {
  if (isOpName(kind)) return net.apply(kind, name, inputs, values);
  return build(BLOCKS[kind]!, net.at(name, { block: name }), inputs[0]!, values);
}

/** One item of the config as `--symbol layers.3.conv.channels` walks through it. */
const plain = ({ kind, name, fields, repeat }: Wired): Config => ({
  name,
  [kind]: fields,
  ...(repeat === undefined ? {} : { repeat }),
});

function fieldOf(
  layers: readonly Wired[],
  [first, index = '', key, ...rest]: readonly string[],
): Field<unknown> | undefined {
  const layer = first === 'layers' && /^\d+$/.test(index) ? layers[Number(index)] : undefined;
  if (!layer || key === undefined) return undefined;
  if (key === layer.kind) return rest.length === 0 ? undefined : fieldAt(KINDS[key]!.fields, rest);
  return key === 'repeat' && rest.length === 0 && layer.repeat !== undefined ? REPEAT : undefined;
}

/** Every field of every layer that has an effect there, under its dotted path. */
const pathsOf = (layers: readonly Wired[]): Fields =>
  Object.fromEntries(
    layers.flatMap(({ kind, fields, repeat }, i) => [
      ...Object.entries(KINDS[kind]!.fields)
        .filter(([key]) => whyWithoutEffect(KINDS[kind]!.fields, fields, key) === undefined)
        .map(([key, { needs: _, ...field }]) => [`layers.${i}.${kind}.${key}`, field] as const),
      ...(repeat === undefined ? [] : [[`layers.${i}.repeat`, REPEAT] as const]),
    ]),
  );
