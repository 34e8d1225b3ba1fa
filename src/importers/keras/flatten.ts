// Makes one flat list of calls out of a model of Keras and the models inside it.

import type { Shape } from '../../shape.js';
import { isNumber, type Dim } from '../../dim/dim.js';
import { InputError, located } from '../../inputError.js';
import { shown } from '../../document/problem.js';
import type { FileCall } from '../kit/call.js';
import type { Layout } from '../kit/layout.js';
import type { StageAndBlock } from '../../builder.js';
import { kerasStageAndBlock } from '../kit/kerasNames.js';
import { constant, type Constant } from '../kit/operand.js';
import { isRef, type Argument } from './arguments.js';
import type { Data } from '../tfjs/settings.js';
import {
  TIME_INTO_BATCH,
  TIME_OUT_OF_BATCH,
  type InboundNode,
  type Layer,
  type Ref,
  type Topology,
} from './topology.js';

export interface KerasCall extends FileCall {
  readonly config: Data;
  readonly args: readonly unknown[];
  readonly constants: readonly number[];
  readonly options: Data;
  readonly layout: Layout;
  /** The layer with the models around it, the same for all of its calls. */
  readonly own: string;
  /** Whether the layer has other calls. */
  readonly isShared: boolean;
  readonly isFrozen: boolean;
  /** Keras 2: it, or a model around it, is called with training=False. */
  readonly inEvalMode: boolean;
  /**
   * Undefined where Keras made the layer's name itself. The layer then has the stage and block of
   * the one before.
   */
  readonly place: StageAndBlock | undefined;
  /** Shapes of the outputs as their readers state them, in the order of the file. */
  readonly stated: readonly (Shape | undefined)[];
}

export interface Flat {
  readonly calls: readonly KerasCall[];
  readonly outputs: readonly string[];
  /** Arrays that calls have as arguments, by key, with their sides in our order. */
  readonly arrays: ReadonlyMap<string, Constant>;
}

/** Models that are called again and again inside each other could go on without end. */
const MOST_CALLS = 100_000;

interface Draft extends Omit<KerasCall, 'isShared' | 'outputs' | 'stated'> {
  readonly key: string;
}

/** Where a model stands in those around it. */
interface Scope {
  readonly topology: Topology;
  /** "encoder." for names, and "encoder/" for what calls share. */
  readonly path: string;
  readonly own: string;
  /** Keys of its inputs, from outside. */
  readonly inputs: readonly string[];
  readonly stage: string;
  readonly isFrozen: boolean;
  readonly inEvalMode: boolean;
  readonly depth: number;
}

export const inputKey = (name: string): string => `input ${name}`;

/** @throws InputError naming the layer */
export function flatten(topology: Topology, layout: Layout): Flat {
  return new Flattener(layout).run(topology);
}

class Flattener {
  private readonly drafts: Draft[] = [];
  /** Keys that stand for others: inputs and outputs of models inside models. */
  private readonly alias = new Map<string, string>();
  private readonly uses = new Map<string, number>();
  private readonly statedAt = new Map<string, Shape>();
  private readonly arrays = new Map<string, Constant>();

  constructor(private readonly layout: Layout) {}

  run(topology: Topology): Flat {
    const outputs = this.model({
      topology,
      path: '',
      own: '',
      inputs: topology.inputs.map((ref) => inputKey(ref.layer)),
      stage: '',
      isFrozen: false,
      inEvalMode: false,
      depth: 0,
    }).map((key) => this.resolved(key));
    const counts = this.outputCounts(outputs);
    const calls = this.drafts.map(({ key, ...draft }): KerasCall => {
      const keys = Array.from({ length: counts.get(key) ?? 1 }, (_, i) => outputKey(key, i));
      return {
        ...draft,
        inputs: draft.inputs.map((input) => this.resolved(input!)),
        outputs: keys,
        isShared: (this.uses.get(draft.own) ?? 0) > 1,
        stated: keys.map((output) => this.statedAt.get(output)),
      };
    });
    return { calls, outputs, arrays: this.arrays };
  }

  /** @returns keys of the outputs */
  private model(scope: Scope): readonly string[] {
    const { topology, inputs } = scope;
    if (inputs.length !== topology.inputs.length)
      throw new InputError(`is a model with ${topology.inputs.length} inputs, and is called with ${inputs.length}`);
    topology.inputs.forEach((ref, i) => this.alias.set(keyIn(scope, ref), inputs[i]!));
    for (const layer of topology.layers.values())
      layer.calls.forEach((call, index) => {
        this.call(scope, layer, call, index);
      });
    return topology.outputs.map((ref) => keyIn(scope, ref));
  }

  private call(scope: Scope, layer: Layer, call: InboundNode, index: number): void {
    if (this.drafts.length > MOST_CALLS) throw new InputError(`it calls more than ${MOST_CALLS} layers`);
    const key = callKey(scope, layer.name, index);
    if (layer.className === 'InputLayer') return;
    const refs = call.inputs.filter(isRef);
    for (const ref of refs)
      if (ref.call >= (scope.topology.layers.get(ref.layer)?.calls.length ?? 0))
        throw new InputError(
          `layer ${shown(layer.name)} takes its input from call ${ref.call} of ${shown(ref.layer)}, which is not there`,
        );
    refs.forEach((ref) => {
      if (ref.shape) this.statedAt.set(keyIn(scope, ref), ref.shape);
    });
    const inputs = call.inputs.map((one, i) => this.argument(scope, one, `${key} array ${i}`));
    const name = `${scope.path}${index === 0 ? layer.name : `${layer.name}_${index}`}`;
    const own = `${scope.own}${layer.name}`;
    const isFrozen = scope.isFrozen || layer.config['trainable'] === false;
    const inEvalMode = scope.inEvalMode || call.inEvalMode === true;
    if (!layer.model) {
      const place = placeOf(layer, scope);
      this.push({ ...detailsOf(layer, call), key, name, inputs, own, isFrozen, inEvalMode, place });
      return;
    }
    const inside = layer.isTimeDistributed ? this.intoBatch(scope, layer, key, name, inputs) : inputs;
    const outputs = located(`layer ${shown(layer.name)} (${layer.className})`, () =>
      this.model({
        topology: layer.model!,
        path: `${name}.`,
        own: `${own}/`,
        inputs: inside,
        stage: layer.name,
        isFrozen,
        inEvalMode,
        depth: scope.depth + 1,
      }),
    );
    outputs.forEach((output, i) =>
      this.alias.set(
        outputKey(key, i),
        layer.isTimeDistributed ? this.outOfBatch(scope, layer, key, name, [output, inputs[0]!], i) : output,
      ),
    );
  }

  /** @param key of the argument, where it is an array */
  private argument(scope: Scope, one: Argument, key: string): string {
    if (isRef(one)) return keyIn(scope, one);
    this.arrays.set(key, constant('float', this.layout.ours(one.sides)));
    return key;
  }

  /** A model that runs on every step runs once on a batch of steps. */
  private intoBatch(
    scope: Scope,
    layer: Layer,
    key: string,
    name: string,
    inputs: readonly string[],
  ): readonly string[] {
    return inputs.map((input, i) => {
      const own = `${key} in ${i}`;
      this.push({
        ...PLAIN,
        op: TIME_INTO_BATCH,
        key: own,
        name: `${name}.steps`,
        inputs: [input],
        own,
        place: placeOf(layer, scope),
      });
      return outputKey(own, 0);
    });
  }

  private outOfBatch(
    scope: Scope,
    layer: Layer,
    key: string,
    name: string,
    inputs: readonly string[],
    i: number,
  ): string {
    const own = `${key} out ${i}`;
    this.push({
      ...PLAIN,
      op: TIME_OUT_OF_BATCH,
      key: own,
      name: `${name}.batch`,
      inputs,
      own,
      place: placeOf(layer, scope),
    });
    return outputKey(own, 0);
  }

  private push(draft: Omit<Draft, 'layout'>): void {
    this.uses.set(draft.own, (this.uses.get(draft.own) ?? 0) + 1);
    this.drafts.push({ ...draft, layout: this.layout });
  }

  private resolved(key: string): string {
    let found = key;
    for (let steps = 0; steps < MOST_CALLS; steps++) {
      const next = this.alias.get(found);
      if (next === undefined || next === found) return found;
      found = next;
    }
    throw new InputError('its models depend on each other in a cycle');
  }

  /** One more than the largest output that is read. */
  private outputCounts(outputs: readonly string[]): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const key of [...this.drafts.flatMap(({ inputs }) => inputs), ...outputs]) {
      const [, call = '', output = '0'] = /^(.*) output (\d+)$/s.exec(this.resolved(key!)) ?? [];
      counts.set(call, Math.max(counts.get(call) ?? 1, Number(output) + 1));
    }
    return counts;
  }
}

const PLAIN = { config: {}, args: [], constants: [], options: {}, isFrozen: false, inEvalMode: false };

const detailsOf = ({ className, config }: Layer, { args, constants, options }: InboundNode) => ({
  op: className,
  ...{ config, args, constants, options },
});

/** Keys are readable, since messages show them. */
const outputKey = (call: string, output: number): string => `${call} output ${output}`;
const callKey = ({ path }: Scope, layer: string, call: number): string =>
  `${path}${layer}${call === 0 ? '' : ` call ${call}`}`;
const keyIn = (scope: Scope, { layer, call, output }: Ref): string => outputKey(callKey(scope, layer, call), output);

/**
 * What the layer's name says, else the model around it; undefined where Keras made the name itself.
 */
function placeOf({ name, className }: Layer, { stage }: Scope): StageAndBlock | undefined {
  const found = kerasStageAndBlock(name);
  if (found) return found;
  if (stage !== '') return { stage, block: '' };
  return isMade(name, className) ? undefined : { stage: '', block: '' };
}

/** ReLU is re_lu, Conv2D conv2d, MaxPooling2D max_pooling2d. */
function isMade(layer: string, className: string): boolean {
  const snake = className
    .replaceAll(/(.)([A-Z][a-z0-9]+)/g, '$1_$2')
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
  return layer.replace(/_\d+$/, '') === snake;
}

/** Sides that are known; an open batch is the network's. */
export const sidesAt = (stated: Shape | undefined, batch: Dim): Shape | undefined => {
  const sides = stated?.map((side, i): Dim => (i === 0 && isNumber(side) && side < 1 ? batch : side));
  return sides?.every((side) => !isNumber(side) || side > 0) ? sides : undefined;
};
