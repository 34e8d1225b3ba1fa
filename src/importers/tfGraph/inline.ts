// Inlines the functions that a graph calls into one list of the nodes that outputs need.

import { InputError } from '../../inputError.js';
import { lookup } from '../../lookup.js';
import { shown } from '../../document/problem.js';
import { Attributes } from './attribute.js';
import { BRANCHES, branchOf, conditionOf, enteringTo, givenTo, isExit, isMerge, isSwitch } from './control.js';
import type { FunctionDef, GraphDef, NodeDef } from './graphDef.js';

/** An output of a node. */
export interface Input {
  readonly node: string;
  readonly output: number;
}

export interface GraphNode {
  /** The path of calls, then the name: "StatefulPartitionedCall/model/conv/Conv2D". */
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly Input[];
  readonly attributes: Attributes;
}

/** Functions inside functions; TensorFlow's own wrappers make two or three levels. */
const DEEPEST = 64;
const MOST_CALLS = 20_000;
const MOST_NODES = 200_000;
/** Characters of all names together: each call lengthens the names inside it. */
const MOST_LETTERS = 2 ** 26;
/** The longest chain of calls that pass an argument through. */
const MOST_STEPS = 100_000;

const NO_ATTRIBUTES = new Attributes(new Map());

const CALLS: ReadonlySet<string> = new Set(['PartitionedCall', 'StatefulPartitionedCall']);

/** Outputs of ops that have several by name; every other op numbers its only list of outputs. */
const OUTPUTS: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    ['FusedBatchNorm', 'FusedBatchNormV2', 'FusedBatchNormV3'].map((op) => [
      op,
      ['y', 'batch_mean', 'batch_variance', 'reserve_space_1', 'reserve_space_2', 'reserve_space_3'],
    ]),
  ),
  TopK: ['values', 'indices'],
  TopKV2: ['values', 'indices'],
  MaxPoolWithArgmax: ['output', 'argmax'],
  NonMaxSuppressionV4: ['selected_indices', 'valid_outputs'],
  NonMaxSuppressionV5: ['selected_indices', 'selected_scores', 'valid_outputs'],
  CombinedNonMaxSuppression: ['nmsed_boxes', 'nmsed_scores', 'nmsed_classes', 'valid_detections'],
  Unique: ['y', 'idx'],
  SoftmaxCrossEntropyWithLogits: ['loss', 'backprop'],
  Switch: ['output_false', 'output_true'],
  Merge: ['output', 'value_index'],
};

/** A body of nodes: the graph itself, or one call of a function. */
interface Scope {
  readonly path: string;
  readonly depth: number;
  readonly nodes: ReadonlyMap<string, NodeDef>;
  readonly function?: FunctionDef;
  /** The number of inputs in front of the arguments: the condition of a branch is one. */
  readonly before?: number;
  /** The call, and the scope that contains it. */
  readonly call?: NodeDef;
  readonly parent?: Scope;
  /** Scopes of the calls inside, made when first needed. */
  readonly inside: Map<string, Scope>;
}

interface NodeOutput {
  readonly scope: Scope;
  readonly node: NodeDef;
  readonly output: number;
}

/** Nodes by name without calls of functions, and the outputs that were asked for. */
export interface Inlined {
  readonly nodes: ReadonlyMap<string, GraphNode>;
  readonly outputs: readonly Input[];
}

/**
 * @param wanted references of the outputs, "node" or "node:1"
 * @throws InputError for a reference to nothing, and for functions that call each other without end
 */
export function inlined(graph: GraphDef, wanted: readonly string[]): Inlined {
  return new Inliner(graph).run(graph.nodes, wanted, '');
}

/** The op of the arguments of a function that is inlined alone. */
export const ARGUMENT = 'argument';

/**
 * A function alone, as the body of a loop is: its arguments are nodes.
 * @param path in front of the names of its nodes
 */
export function inlinedFunction(
  graph: GraphDef,
  { inputs, outputs, nodes, returns }: FunctionDef,
  path: string,
): Inlined {
  const given = inputs.map((name): NodeDef => ({ name, op: ARGUMENT, inputs: [], attributes: NO_ATTRIBUTES }));
  const all = new Map([...nodes, ...given.map((node) => [node.name, node] as const)]);
  const wanted = outputs.map((name) => returns.get(name) ?? name);
  return new Inliner(graph).run(all, wanted, path);
}

class Inliner {
  private calls = 0;
  private letters = 0;
  /**
   * Choices that constants make, by node: the function of a branch, or the reference that a Merge
   * passes on.
   */
  private readonly chosen = new WeakMap<Scope, Map<string, string | undefined>>();

  constructor(private readonly graph: GraphDef) {}

  run(own: ReadonlyMap<string, NodeDef>, wanted: readonly string[], path: string): Inlined {
    const root: Scope = { path, depth: 0, nodes: own, inside: new Map() };
    const nodes = new Map<string, GraphNode>();
    const open: NodeOutput[] = [];
    const visit = (place: NodeOutput): Input => {
      open.push(place);
      return { node: nameOf(place), output: place.output };
    };
    const outputs = wanted.map((reference) => visit(this.resolved(root, reference, 'an output')));
    for (let place = open.pop(); place; place = open.pop()) {
      const name = nameOf(place);
      if (nodes.has(name)) continue;
      const { scope, node } = place;
      this.letters += name.length;
      if (nodes.size >= MOST_NODES || this.letters > MOST_LETTERS)
        throw new InputError(`its functions make more than ${MOST_NODES} nodes, which no network has`);
      // "^node" says only that it runs before. Of a loop, and of branches that the network chooses,
      // only the inputs are read.
      const references =
        isExit(node) || isMerge(node)
          ? enteringTo(this.asked, place)
          : node.inputs.flatMap((one) => (one.startsWith('^') ? [] : [[scope, one] as const]));
      const inputs = references.map(([from, reference]) =>
        visit(this.resolved(from, reference, `node ${shown(name)}`)),
      );
      nodes.set(name, { name, op: node.op, inputs, attributes: node.attributes });
    }
    return { nodes, outputs };
  }

  /** The node behind a reference, followed through arguments and calls of functions. */
  private resolved(from: Scope, reference: string, reader: string): NodeOutput {
    let [scope, text] = [from, reference];
    for (let steps = 0; steps < MOST_STEPS; steps++) {
      const [name, output, index] = parts(text);
      const argument = scope.function?.inputs.indexOf(name) ?? -1;
      if (argument >= 0 && scope.parent && scope.call) {
        const given = scope.call.inputs.filter((input) => !input.startsWith('^'))[argument + (scope.before ?? 0)];
        if (given === undefined)
          throw new InputError(`the call ${shown(scope.path)} has no input ${argument}, which ${reader} takes`);
        [scope, text] = [scope.parent, given];
        continue;
      }
      const node = scope.nodes.get(name);
      if (!node) throw new InputError(`${reader} takes its input from ${shown(name)}, which is not there`);
      const place = { scope, node, output: this.outputOf(node, output, index) };
      const chosen = this.chosenAt(place);
      if (chosen !== undefined) {
        text = chosen;
        continue;
      }
      const body = this.bodyOf(scope, node);
      if (!body) return place;
      const returned = body.function?.outputs[place.output];
      const source = returned === undefined ? undefined : body.function?.returns.get(returned);
      if (source === undefined)
        throw new InputError(
          `${reader} takes output ${place.output} of the function call ${shown(name)}, which has none`,
        );
      [scope, text] = [body, source];
    }
    throw new InputError(`${reader} takes its input from calls of functions that depend on each other in a cycle`);
  }

  /**
   * The reference that a node passes on: a Switch its data, a Merge the branch that constants
   * choose.
   */
  private chosenAt({ scope, node, output }: NodeOutput): string | undefined {
    if (output === 0 && isMerge(node)) return this.once(scope, node, () => givenTo(this.asked, scope, node));
    const [data, condition] = node.inputs;
    if (!isSwitch(node) || condition === undefined) return undefined;
    return this.once(scope, node, () => (conditionOf(this.asked, scope, condition) === undefined ? undefined : data));
  }

  /** Answers once for each node; undefined for a reference that depends on itself. */
  private once(scope: Scope, { name }: NodeDef, ask: () => string | undefined): string | undefined {
    const answers = this.chosen.get(scope) ?? new Map<string, string | undefined>();
    this.chosen.set(scope, answers);
    if (answers.has(name)) return answers.get(name);
    answers.set(name, undefined);
    const answer = ask();
    answers.set(name, answer);
    return answer;
  }

  /** The node behind a reference, followed into functions, without choosing branches. */
  private readonly asked = (scope: Scope, reference: string): NodeOutput | undefined => {
    let [within, text] = [scope, reference];
    for (let steps = 0; steps < DEEPEST; steps++) {
      const [name, output, index] = parts(text);
      const argument = within.function?.inputs.indexOf(name) ?? -1;
      if (argument >= 0 && within.parent && within.call) {
        const given = within.call.inputs.filter((input) => !input.startsWith('^'))[argument + (within.before ?? 0)];
        if (given === undefined) return undefined;
        [within, text] = [within.parent, given];
        continue;
      }
      const node = within.nodes.get(name);
      return node && { scope: within, node, output: this.outputOf(node, output, index) };
    }
    return undefined;
  };

  private outputOf(node: NodeDef, name: string | undefined, index: number): number {
    if (name === undefined) return index;
    const names = lookup(OUTPUTS, node.op) ?? this.graph.functions.get(node.op)?.outputs;
    const first = names?.indexOf(name) ?? 0;
    return Math.max(0, first) + index;
  }

  /** The body of a call; undefined for every other node. */
  private bodyOf(scope: Scope, node: NodeDef): Scope | undefined {
    const branch = BRANCHES.has(node.op) ? this.branchOf(scope, node) : undefined;
    if (BRANCHES.has(node.op) && branch === undefined) return undefined;
    const name = branch ?? (CALLS.has(node.op) ? node.attributes.function('f') : node.op);
    const called = name === undefined ? undefined : this.graph.functions.get(name);
    if (!called) {
      if (!CALLS.has(node.op) && branch === undefined) return undefined;
      throw new InputError(`node ${shown(node.name)} calls the function ${shown(name)}, which is not in the file`);
    }
    const known = scope.inside.get(node.name);
    if (known) return known;
    if (scope.depth >= DEEPEST || ++this.calls > MOST_CALLS)
      throw new InputError(
        `its functions call each other more than ${DEEPEST} deep or ${MOST_CALLS} times, first seen at ${shown(called.name)}`,
      );
    const path = `${scope.path}${node.name}/`;
    const made: Scope = {
      path,
      depth: scope.depth + 1,
      nodes: called.nodes,
      function: called,
      call: node,
      parent: scope,
      inside: new Map(),
      ...(branch === undefined ? {} : { before: 1 }),
    };
    scope.inside.set(node.name, made);
    return made;
  }

  /** The function that a branch runs; undefined where the network decides. */
  private branchOf(scope: Scope, node: NodeDef): string | undefined {
    const [condition] = node.inputs;
    if (condition === undefined) return undefined;
    return this.once(scope, node, () => {
      const taken = conditionOf(this.asked, scope, condition);
      return taken === undefined ? undefined : branchOf(node, taken);
    });
  }
}

const nameOf = ({ scope, node }: NodeOutput): string => scope.path + node.name;

/** "node" is its output 0, "node:1" the next; inside a function "node:output:1". */
function parts(reference: string): readonly [node: string, output: string | undefined, index: number] {
  const [, node, output, index] = /^([^:]*)(?::([^:\d][^:]*))?(?::(\d{1,6}))?$/s.exec(reference) ?? [];
  return node === undefined ? [reference, undefined, 0] : [node, output, Number(index ?? 0)];
}
