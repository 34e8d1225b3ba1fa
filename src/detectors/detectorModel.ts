// A detector and its backbone as one model: backbone up to its taps, neck, heads.

import { valueOf } from '../agreement.js';
import { Builder } from '../builder.js';
import { isNumber } from '../dim/dim.js';
import { show } from '../dim/text.js';
import { complete, fieldAt, type Fields, type Given } from '../fields.js';
import type { Graph, ParameterTensors, Value } from '../graph.js';
import { InputError } from '../inputError.js';
import type { Config, Model } from '../model.js';
import type { Detector, Features } from './detector.js';
import { showTaps, tapsOf, type Tap } from './tap.js';

/** The part of the config that is the backbone's: `--symbol backbone.growth=g` reaches into it. */
const BACKBONE = 'backbone';

/**
 * @param given the detector's own fields
 * @param name of the model
 * @throws InputError for a field that the detector does not have; when built, for a backbone
 * without the strides it needs
 */
export function detectorModel(
  detector: Detector,
  backbone: Model,
  given: Config = {},
  name = `${detector.name}@${backbone.name}`,
): Model {
  complete(detector.fields, given as Given<Fields>);
  const config = { ...given, [BACKBONE]: { ...defaultLists(backbone), ...backbone.config } };
  return {
    name,
    source: backbone.source,
    input: detector.input,
    ...(backbone.partial ? { partial: true } : {}),
    fields: detector.fields,
    config,
    fieldAt: ([first = '', ...rest]) =>
      first === BACKBONE ? backbone.fieldAt(rest) : fieldAt(detector.fields, [first, ...rest]),
    build(shape, { [BACKBONE]: inner, ...own } = config) {
      const graph = backbone.build(shape, inner as Config);
      const taps = neededTaps(detector, backbone, graph);
      const net = Builder.start();
      const features = embed(net, graph, taps);
      const values = complete(detector.fields, own as Given<Fields>);
      return net.finish(name, detector.build(net, features, values), graph.omitted);
    },
  };
}

/** Writes out a backbone's default lists, so that a symbol can replace one item. */
const defaultLists = ({ fields, config }: Model): Config =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([key, { fallback }]) => Array.isArray(fallback) && !key.includes('.'))
      .map(([key]) => [key, valueOf(fields, config, key)]),
  );

function neededTaps(detector: Detector, backbone: Model, graph: Graph): readonly Tap[] {
  const { needs, takes = [], input } = detector;
  // With symbols the taps are the nodes at the detector's own input size.
  const sized = graph.inputs[0]!.shape.every(isNumber) ? graph : backbone.build([1, ...input]);
  const all = tapsOf(sized);
  const missing = needs.filter((stride) => !all.some((tap) => tap.stride === stride));
  if (missing.length > 0)
    throw new InputError(
      `${backbone.name} has no feature map of stride ${missing.join(' and ')}, which ${detector.name} needs; its strides (channels) are ${showTaps(all, show) || 'none'}: give a backbone with more stages, or a larger input`,
    );
  return all.filter(({ stride }) => needs.includes(stride) || takes.includes(stride));
}

/** Adds the backbone's nodes that the taps need, under `backbone.`. Its stages become blocks. */
function embed(net: Builder, graph: Graph, taps: readonly Tap[]): Features {
  const needed = new Set(taps.map(({ node }) => node.name));
  for (const { name, inputs } of [...graph.nodes].reverse())
    if (needed.has(name)) for (const input of inputs) needed.add(input);
  const values = new Map<string, Value>();
  for (const { name, shape } of graph.inputs) values.set(name, net.input(shape, name));
  for (const { name, op, attributes, inputs, stage, block, tensors } of graph.nodes) {
    if (!needed.has(name)) continue;
    const place = net.at(BACKBONE, { stage: BACKBONE, block: stage || block });
    const sources = inputs.map((input) => values.get(input)!);
    values.set(name, place.apply(op, name, sources, attributes, tensors && below(BACKBONE, tensors)));
  }
  return new Map(taps.map(({ stride, node }) => [stride, values.get(node.name)!]));
}

/** Node names are prefixed below a path, so the ids of their tensors are too. */
const below = (path: string, tensors: ParameterTensors): ParameterTensors =>
  Object.fromEntries(
    Object.entries(tensors).map(([parameter, stored]) => [
      parameter,
      stored.map((tensor) => ({ ...tensor, id: `${path}.${tensor.id}` })),
    ]),
  );
