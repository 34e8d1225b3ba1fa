// How is a config of no family read? Its layers in order, each reading the one before or the ones that it names.

import * as z from 'zod';
import { place as build } from '../../blocks/block.js';
import { Builder } from '../../builder.js';
import { count, fieldAt, type Field, type Fields, type Given } from '../../fields.js';
import type { Value } from '../../graph.js';
import { locate } from '../../inputError.js';
import type { Config, Model } from '../../model.js';
import { isOpName } from '../../ops/table.js';
import { BLOCKS } from '../../blocks/table.js';
import { MOST_PROBLEMS, Problems, type Problem } from '../problem.js';
import { check, type Mapping } from '../check.js';
import type { TextDocument } from '../document.js';
import { HEADER, HEADER_PHRASES, imageSize, type GivenInput } from './header.js';
import { INPUT, KINDS, readLayer, type Layer } from './layers.js';
import { wire, type Wired } from './wiring.js';
import { name } from '../rules.js';

export const freeMapping: Mapping = {
  owner: 'a config without a family',
  fields: {},
  phrases: {
    ...HEADER_PHRASES,
    layers: 'a list of at least one layer, as in - { conv: { channels: 32, kernel: 3 } }',
    outputs: 'a list of names of layers',
  },
  rule: z.strictObject({
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
  refuse(check(freeMapping, data, []));
  const { name: title = fallbackName, input, layers: items, outputs } = data as unknown as FreeData;
  const { layers, results, problems } = wire(readLayers(items), outputs);
  refuse(problems);
  const config = { layers: layers.map(plain) };
  return {
    name: title,
    source: 'config',
    input: imageSize(input),
    fields: pathsOf(layers),
    config,
    fieldAt: (path) => fieldOf(layers, path),
    build(shape, { layers: values } = config) {
      const net = Builder.start();
      const known = new Map([[INPUT, net.input(shape, INPUT)]]);
      for (const [i, layer] of layers.entries()) {
        try {
          add(net, known, layer, (values as readonly Config[])[i]!);
        } catch (error) {
          throw locate(error, document.place(['layers', i]));
        }
      }
      return net.finish(
        title,
        results.map((result) => known.get(result)!),
      );
    },
  };
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
  refuse(problems);
  return layers;
}

const isLayer = (read: Layer | readonly Problem[]): read is Layer => 'kind' in read;

function refuse(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new Problems(problems);
}

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

const REPEAT = count('how often the layer is repeated');

function fieldOf(
  layers: readonly Wired[],
  [first, index = '', key, ...rest]: readonly string[],
): Field<unknown> | undefined {
  const layer = first === 'layers' && /^\d+$/.test(index) ? layers[Number(index)] : undefined;
  if (!layer || key === undefined) return undefined;
  if (key === layer.kind) return rest.length === 0 ? undefined : fieldAt(KINDS[key]!.fields, rest);
  return key === 'repeat' && rest.length === 0 && layer.repeat !== undefined ? REPEAT : undefined;
}

/** Every field of every layer under its dotted path. */
const pathsOf = (layers: readonly Wired[]): Fields =>
  Object.fromEntries(
    layers.flatMap(({ kind, repeat }, i) => [
      ...Object.entries(KINDS[kind]!.fields).map(([key, field]) => [`layers.${i}.${kind}.${key}`, field] as const),
      ...(repeat === undefined ? [] : [[`layers.${i}.repeat`, REPEAT] as const]),
    ]),
  );
