// Loops of TensorFlow whose number of runs is in the file. Their body is repeated in the graph.

import { shown } from '../../document/problem.js';
import { InputError } from '../../inputError.js';
import type { Results } from '../kit/call.js';
import { runInner, runWhile } from '../kit/innerGraph.js';
import type { Operand } from '../kit/operand.js';
import type { Layout } from '../kit/layout.js';
import type { GraphDef } from './graphDef.js';
import { inlinedFunction } from './inline.js';
import { dependenciesFirst } from './nodeOrder.js';
import { Nodes, prepared } from './steps.js';
import type { Constants } from './stored.js';
import { keyOf, type Call, type InnerGraph, type TfCall } from './tfCall.js';

const LOOPS: readonly string[] = ['While', 'StatelessWhile'];

/** The most loops of one file, and the most that may be nested. */
const MOST_LOOPS = 1000;
const DEEPEST = 16;

/** Reads the functions that the loops of a file run. */
export class Loops {
  private count = 0;

  constructor(
    private readonly graph: GraphDef,
    private readonly constants: Constants,
    private readonly layout: Layout,
  ) {}

  /** The same calls; each loop has its functions. */
  withFunctions(calls: readonly TfCall[], depth = 0): readonly TfCall[] {
    return calls.map((call) => {
      if (!LOOPS.includes(call.op)) return call;
      if (++this.count > MOST_LOOPS || depth === DEEPEST)
        throw new InputError(`it has more than ${MOST_LOOPS} loops, or more than ${DEEPEST} inside each other`);
      return { ...call, loop: { condition: this.read(call, 'cond', depth), body: this.read(call, 'body', depth) } };
    });
  }

  private read({ name, attributes }: TfCall, role: string, depth: number): InnerGraph {
    const key = attributes.function(role) ?? '';
    const called = this.graph.functions.get(key);
    if (!called) throw new InputError(`node ${shown(name)} runs the function ${shown(key)}, which is not in the file`);
    const path = `${name}/${role}/`;
    const { nodes: byName, outputs } = inlinedFunction(this.graph, called, path);
    const nodes = new Nodes(byName, outputs, this.constants);
    const calls = prepared(nodes, dependenciesFirst(byName, outputs), this.constants, this.layout);
    return {
      inputs: called.inputs.map((input) => path + input),
      calls: this.withFunctions(calls, depth + 1),
      constants: nodes.constants,
      outputs: outputs.map(({ node, output }) => keyOf(node, output)),
    };
  }
}

/** All calls; those of a loop's functions follow the loop. */
export const withInner = (calls: readonly TfCall[]): readonly TfCall[] =>
  calls.flatMap((call) => [
    call,
    ...(call.loop ? withInner([...call.loop.condition.calls, ...call.loop.body.calls]) : []),
  ]);

function run(call: Call, { inputs, calls, constants, outputs }: InnerGraph, given: readonly Operand[]) {
  if (given.length < inputs.length)
    throw new InputError(`its function takes an input ${given.length}, which it is not given`);
  return runInner(call, { inputs, constants, outputs, steps: calls.map((inner) => ({ call: inner })) }, given);
}

export function loop(call: Call): Results {
  const { condition, body } = call.file.loop!;
  return runWhile(
    call.inputs.map((_, i) => call.operand(i)),
    (state) => run(call, condition, state),
    (state) => run(call, body, state),
  );
}
