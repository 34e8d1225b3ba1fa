// How does a model of Keras become a graph? Call after call, in an order in which each finds its inputs, models inside models too.

import { Builder } from '../../builder.js';
import type { Dim } from '../../dim/dim.js';
import type { Graph, Value } from '../../graph.js';
import { InputError, locate } from '../../inputError.js';
import type { Shape } from '../../shape.js';
import { shown } from '../../document/problem.js';
import { ordered } from '../tfjs/order.js';
import { placeOf } from '../tfjs/place.js';
import { Settings } from '../tfjs/settings.js';
import { LayerCall, type Owners } from './layerCall.js';
import { rowOf } from './table.js';
import type { Call, Layer, Ref, Topology } from './topology.js';

/** Models that are called again and again inside each other could go on without end. */
const MOST_CALLS = 100_000;

/** @param shape [N, C, H, W] of the first input, or [N, F, 1, 1] */
export function buildKeras(topology: Topology, shape: Shape): Graph {
  const net = Builder.start();
  const channelsFirst = hasChannelsFirst(topology);
  const inputs = topology.inputs.map((ref, i) => {
    const layer = layerOf(topology, ref);
    const sides = i === 0 ? shape.slice(0, rankOf(layer)) : otherInput(layer, shape[0]!, channelsFirst);
    return net.input(sides, layer.name);
  });
  const walk: Walk = { channelsFirst, owners: new Map(), calls: 0 };
  return net.finish(topology.name, outputsOf(topology, inputs, net, '', walk));
}

interface Walk {
  readonly channelsFirst: boolean;
  readonly owners: Owners;
  calls: number;
}

const keyOf = ({ layer, call }: { readonly layer: string; readonly call: number }): string => `${call}\n${layer}`;

/** @param path of the model inside others, for parameters that calls share */
function outputsOf(
  topology: Topology,
  inputs: readonly Value[],
  net: Builder,
  path: string,
  walk: Walk,
): readonly Value[] {
  const made = new Map<string, readonly Value[]>(topology.inputs.map((ref, i) => [keyOf(ref), [inputs[i]!]]));
  const valueAt = (ref: Ref): Value => {
    const value = made.get(keyOf(ref))?.[ref.output];
    if (value) return value;
    throw new InputError(`takes its input from output ${ref.output} of ${shown(ref.layer)}, which has none`);
  };
  let place = net;
  for (const { layer, call, index } of orderedCalls(topology)) {
    if (++walk.calls > MOST_CALLS) throw new InputError(`calls more than ${MOST_CALLS} layers`);
    if (made.has(keyOf({ layer: layer.name, call: index }))) continue;
    const found = placeOf(layer.name, layer.className);
    if (found) place = net.at('', found);
    const name = index === 0 ? layer.name : `${layer.name}_${index}`;
    try {
      const values = call.inputs.map(valueAt);
      const own = `${path}${layer.name}`;
      made.set(
        keyOf({ layer: layer.name, call: index }),
        layer.model
          ? outputsOf(layer.model, bound(layer.model, values), place.at(name, { stage: name }), `${own}/`, walk)
          : [applied(layer, call, place, name, values, own, walk)],
      );
    } catch (error) {
      throw locate(error, `layer ${shown(layer.name)} (${layer.className})`);
    }
  }
  return topology.outputs.map((ref) => {
    try {
      return valueAt(ref);
    } catch (error) {
      throw locate(error, `the output of the model ${shown(topology.name)}`);
    }
  });
}

function bound({ inputs }: Topology, values: readonly Value[]): readonly Value[] {
  if (values.length === inputs.length) return values;
  throw new InputError(`is a model with ${inputs.length} inputs, and is called with ${values.length}`);
}

function applied(
  layer: Layer,
  call: Call,
  net: Builder,
  name: string,
  values: readonly Value[],
  own: string,
  { channelsFirst, owners }: Walk,
): Value {
  const row = rowOf(layer);
  if (typeof row === 'string') throw new InputError(`flopscope does not know ${row}`);
  if (values.length === 0) throw new InputError('has no inputs');
  const settings = new Settings(layer.config);
  return row(new LayerCall(net, name, settings, values, call.constants, call.options, channelsFirst, owners, own));
}

interface Step {
  readonly layer: Layer;
  readonly call: Call;
  readonly index: number;
}

/** Every call after those that it reads. @throws InputError for a circle, or a source that is not there */
function orderedCalls({ layers }: Topology): readonly Step[] {
  const steps = new Map<string, Step>();
  for (const layer of layers.values())
    layer.calls.forEach((call, index) => steps.set(keyOf({ layer: layer.name, call: index }), { layer, call, index }));
  const starts = ({ layer }: Step): string => `layer ${shown(layer.name)} takes its input from`;
  return ordered(
    steps,
    ({ call }) => call.inputs.map(keyOf),
    (step, key) => {
      const [call, layer] = [key.slice(0, key.indexOf('\n')), key.slice(key.indexOf('\n') + 1)];
      return new InputError(`${starts(step)} call ${call} of ${shown(layer)}, which is not there`);
    },
    (step, { layer }) => new InputError(`${starts(step)} ${shown(layer.name)}, which takes its own from it: a circle`),
  );
}

export function layerOf({ layers }: Topology, { layer: name }: Ref): Layer {
  const layer = layers.get(name);
  if (!layer) throw new InputError(`its input ${shown(name)} is none of its layers`);
  return layer;
}

/** [N, H, W, C] as the file has it; null where a side is open. @throws InputError naming the layer */
export function sidesOf({ name, config }: Layer): readonly (number | null)[] {
  const sides = config['batch_input_shape'] ?? config['batch_shape'];
  if (!Array.isArray(sides) || sides.length < 2 || sides.length > 4)
    throw new InputError(`its input ${shown(name)} has no shape of 2 to 4 sides but ${shown(sides)}`);
  const odd: unknown = sides.find((side) => side !== null && !(Number.isSafeInteger(side) && (side as number) > 0));
  if (odd !== undefined) throw new InputError(`its input ${shown(name)} has a side of ${shown(odd)}`);
  return sides as readonly (number | null)[];
}

const rankOf = (layer: Layer): number => sidesOf(layer).length;

/** As sidesOf, in our order. */
export const turned = <T>(sides: readonly T[], channelsFirst: boolean): readonly T[] =>
  sides.length === 4 && !channelsFirst ? [sides[0]!, sides[3]!, sides[1]!, sides[2]!] : sides;

function otherInput(layer: Layer, batch: Dim, channelsFirst: boolean): Shape {
  return turned(sidesOf(layer), channelsFirst).map((side, i): Dim => {
    if (i === 0) return batch;
    if (side !== null) return side;
    throw new InputError(`its input ${shown(layer.name)} leaves a side open, and only the first input is given one`);
  });
}

/** One order for a whole model: the first layer that says one. */
export function hasChannelsFirst({ layers }: Topology): boolean {
  for (const { config, model } of layers.values()) {
    const format = config['data_format'];
    if (format === 'channels_first' || format === 'channels_last') return format === 'channels_first';
    if (model && hasChannelsFirst(model)) return true;
  }
  return false;
}

/** @throws InputError that lists every layer without a row, with how many there are and the name of one */
export function demandKnown(topology: Topology): void {
  const unknown = new Map<string, string[]>();
  const look = ({ layers }: Topology): void => {
    for (const layer of layers.values()) {
      if (layer.model) {
        look(layer.model);
        continue;
      }
      const row = layer.className === 'InputLayer' ? undefined : rowOf(layer);
      if (typeof row === 'string') unknown.set(row, [...(unknown.get(row) ?? []), layer.name]);
    }
  };
  look(topology);
  if (unknown.size === 0) return;
  const listed = [...unknown].map(
    ([row, names]) => `${shown(row).slice(1, -1)} (${names.length}x, first layer ${shown(names[0])})`,
  );
  throw new InputError(
    `flopscope does not know ${listed.join(', ')}; --allow-unknown leaves out nodes of ONNX files alone`,
  );
}
